// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::http {
namespace {

/// A body that arrives in pieces of a given size.
class Pieces final : public BodyStream {
 public:
  Pieces(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
  std::string read() override {
    auto piece = text_.substr(std::min(at_, text_.size()), size_);
    at_ += size_;
    return piece;
  }

 private:
  std::string text_;
  std::size_t size_;
  std::size_t at_ = 0;
};

constexpr const char* kType = "multipart/form-data; boundary=\"b\"";

Form collect(const std::string& text, std::size_t piece_size = 4096, MultipartLimits limits = {}) {
  Pieces body(text, piece_size);
  MultipartReader reader(kType, body, limits);
  return collect_form(reader);
}

ErrorCode refusal(const std::string& text, MultipartLimits limits = {}) {
  try {
    collect(text, 4096, limits);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "accepted: " << text;
  return ErrorCode::kInternal;
}

std::string part(const std::string& disposition, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}

TEST(Multipart, GivesThePartsHoweverTheyArrive) {
  const auto text =
      "ignored\r\n" + part("name=language", "en") +
      "--b  \r\ncontent-type: audio/wav\r\n"
      "Content-Disposition: form-data; filename=\"a \\\"b\\\".wav\"; name=\"audio\"\r\n"
      "\r\nRIFF\r\n--\r\n--x\r\n" +
      part("name=empty", "") + "--b--\r\nepilogue";
  for (std::size_t size = 1; size < 70; ++size) {
    const auto form = collect(text, size);
    ASSERT_EQ(form.parts.size(), 3U) << size;
    EXPECT_EQ(form.find_text("language"), "en");
    EXPECT_EQ(form.find("language")->header.content_type, "text/plain");
    EXPECT_FALSE(form.find("language")->header.filename);
    EXPECT_EQ(form.find("audio")->header.filename, "a \"b\".wav");
    EXPECT_EQ(form.find("audio")->header.content_type, "audio/wav");
    EXPECT_EQ(form.find("audio")->content, "RIFF\r\n--\r\n--x");
    EXPECT_EQ(form.find_text("empty"), "");
  }
}

TEST(Multipart, SaysWhatIsWrongWithAFormOfUnixLines) {
  try {
    collect("--b\nContent-Disposition: form-data; name=x\n\ny\n--b--\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "multipart form: its lines end with LF alone; RFC 7578 wants CR LF, "
                 "as in curl -F");
  }
}

TEST(Multipart, SkipsWhatNobodyReads) {
  Pieces body(part("name=big", std::string(100'000, 'x')) + part("name=last", "y") + "--b--", 1000);
  MultipartReader reader(kType, body);
  EXPECT_EQ(reader.next_part()->name, "big");
  EXPECT_FALSE(reader.read().empty());
  EXPECT_EQ(reader.next_part()->name, "last");
  EXPECT_EQ(reader.read(), "y");
  EXPECT_EQ(reader.read(), "");
  EXPECT_FALSE(reader.next_part());
  EXPECT_FALSE(reader.next_part());
}

TEST(Multipart, ReadsAWholeBodyAsWell) {
  Request request;
  request.headers.add("Content-Type", kType);
  request.body = part("name=a", "1") + "--b--\r\n";
  MultipartReader reader(request);
  EXPECT_EQ(collect_form(reader).find_text("a"), "1");
}

TEST(Multipart, AFormWithoutPartsIsEmpty) {
  EXPECT_TRUE(collect("--b--\r\n").parts.empty());
}

TEST(Multipart, KeepsBackslashesOfFileNames) {
  const auto form = collect(part(R"(name="f"; filename="C:\dir\a.png")", "x") + "--b--");
  EXPECT_EQ(form.find("f")->header.filename, "C:\\dir\\a.png");
}

TEST(Multipart, RefusesWhatIsNoForm) {
  for (const std::string text :
       {"", "nothing", "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=a\r\n",
        "--b\r\n\r\nx\r\n--b--", "--b\r\nno colon\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nunfinished",
        "--bx\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--"}) {
    EXPECT_EQ(refusal(text), ErrorCode::kBadRequest) << text;
  }
  EXPECT_EQ(refusal("--b\r\nContent-Disposition: form-data; name=a\r\n"
                    "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--"),
            ErrorCode::kUnsupported);
}

TEST(Multipart, KeepsItsLimits) {
  MultipartLimits limits;
  limits.max_parts = 2;
  limits.max_part = ByteSize::bytes(10);
  limits.max_total = ByteSize::bytes(15);
  limits.max_part_header = ByteSize::bytes(100);
  const auto small = part("name=a", "12345");
  const auto full = part("name=a", "1234567890");
  EXPECT_EQ(collect(small + full + "--b--", 4096, limits).parts.size(), 2U);
  EXPECT_EQ(refusal(small + small + small + "--b--", limits), ErrorCode::kTooLarge);
  EXPECT_EQ(refusal(part("name=a", "12345678901") + "--b--", limits), ErrorCode::kTooLarge);
  EXPECT_EQ(refusal(full + full + "--b--", limits), ErrorCode::kTooLarge);
  EXPECT_EQ(refusal(part("name=" + std::string(200, 'n'), "x") + "--b--", limits),
            ErrorCode::kTooLarge);
  EXPECT_EQ(refusal("--b\r\n" + std::string(200, 'n'), limits), ErrorCode::kTooLarge);
}

TEST(Multipart, ReadsTheBoundary) {
  EXPECT_EQ(parse_boundary("multipart/form-data; boundary=----WebKit7MA4"), "----WebKit7MA4");
  EXPECT_EQ(parse_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
  for (const char* type :
       {"", "application/json", "multipart/mixed; boundary=b", "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=\"open"}) {
    EXPECT_THROW(parse_boundary(type), Error) << type;
  }
  EXPECT_THROW(parse_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), Error);
}

}  // namespace
}  // namespace hailstone::http
