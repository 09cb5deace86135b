// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "base/encoding/form_data.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/run_context.hpp"
#include "base/strings.hpp"

namespace hailstone {
namespace {

TEST(Error, EveryCodeHasANameThatLeadsBackToIt) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_EQ(find_error_code(to_string(code)), code);
    names.insert(to_string(code));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kInternal) + 1);
  EXPECT_FALSE(find_error_code("nonsense"));
}

TEST(Error, WhatIsNotOursBecomesInternalAndKeepsItsTextForTheLog) {
  try {
    throw std::runtime_error("secret path");
  } catch (...) {
    const Error error = current_error();
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    EXPECT_STREQ(error.what(), "internal error");
    EXPECT_EQ(error.detail(), "secret path");
  }
}

TEST(ByteSize, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_byte_size("1500000"), ByteSize::bytes(1500000));
  EXPECT_EQ(parse_byte_size(" 512MiB "), ByteSize::mib(512));
  EXPECT_EQ(parse_byte_size("1.5 GB"), ByteSize::bytes(1500000000));
  for (const char* bad : {"", "MiB", "-1", "12 parsecs", "1e300", "nan"}) {
    EXPECT_THROW(parse_byte_size(bad), Error) << bad;
  }
}

TEST(ByteSize, ShowsAndSubtractsWithoutSurprise) {
  EXPECT_EQ(to_string(ByteSize::bytes(512)), "512 B");
  EXPECT_EQ(to_string(ByteSize::kib(1536)), "1.5 MiB");
  EXPECT_EQ(ByteSize::mib(1) - ByteSize::mib(2), ByteSize());
}

TEST(Clock, WritesRfc3339InUtc) {
  const WallTime time{std::chrono::seconds(1795424400) + std::chrono::milliseconds(100)};
  EXPECT_EQ(to_rfc3339(time), "2026-11-23T09:00:00.100000000Z");
}

TEST(RunContext, SaysWhyWorkMustEnd) {
  std::stop_source source;
  RunContext run{Deadline::never(), source.get_token()};
  EXPECT_NO_THROW(run.check());
  run.deadline = Deadline::in(std::chrono::seconds(-1));
  EXPECT_EQ(run.deadline.remaining(), std::chrono::nanoseconds(0));
  try {
    run.check();
    FAIL() << "a passed deadline went unnoticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  }
  source.request_stop();
  try {
    run.check();
    FAIL() << "a stop request went unnoticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

TEST(Strings, SplitsTrimsAndComparesWithoutCase) {
  EXPECT_EQ(split("a,b,,c", ','), (std::vector<std::string>{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(trim(" \t x y\n"), "x y");
  EXPECT_EQ(trim("  "), "");
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-type"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

TEST(Strings, KnowsWhichBytesAreUtf8) {
  for (const char* good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x8D\x80"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  // A lone continuation, overlong, surrogate, above U+10FFFF, cut short.
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << bad;
  }
}

TEST(Strings, FindsTheCutCharacterAtTheEnd) {
  EXPECT_EQ(incomplete_utf8_tail("ab"), 0U);
  EXPECT_EQ(incomplete_utf8_tail("a\xE2\x82"), 2U);
  EXPECT_EQ(incomplete_utf8_tail("a\xE2\x82\xAC"), 0U);
  EXPECT_EQ(incomplete_utf8_tail("\xF0\x9F\x8D"), 3U);
  EXPECT_EQ(utf8_prefix("a\xE2\x82\xAC", 3), "a");
}

TEST(Ids, DoNotRepeat) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(make_id("req-"));
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(ids.begin()->substr(0, 4), "req-");
}

TEST(FormData, NoPartHoldsTheBoundaryAndNoNameEndsItsHeader) {
  const auto form = write_form(
      {{"a", "x hailstone y"}, {"f", "--hailstone-", "p\"\r\nX: y", "image/png"}, {"e", "", ""}});
  EXPECT_EQ(form.content_type, "multipart/form-data; boundary=hailstone--");
  EXPECT_EQ(form.body,
            "--hailstone--\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx hailstone y\r\n"
            "--hailstone--\r\nContent-Disposition: form-data; name=\"f\"; filename=\"pX: y\"\r\n"
            "Content-Type: image/png\r\n\r\n--hailstone-\r\n"
            "--hailstone--\r\nContent-Disposition: form-data; name=\"e\"; filename=\"\"\r\n\r\n\r\n"
            "--hailstone----\r\n");
}

}  // namespace
}  // namespace hailstone
