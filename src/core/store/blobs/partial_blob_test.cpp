// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/partial_blob.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/blobs/verified.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class PartialBlobTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-partial-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
    for (int i = 0; bytes_.size() < 200'000; ++i) bytes_ += std::to_string(i * 7919);
  }
  void TearDown() override { fs::remove_all(home_); }

  std::string digest() const { return "sha256:" + sha256_hex(bytes_); }
  PartialBlobOptions options() const {
    return {home_, digest(), ByteSize::bytes(bytes_.size()), digest()};
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(blobs_folder(home_))) {
      out.push_back(entry.path().filename().string());
    }
    return out;
  }
  fs::path file(const std::string& suffix) const {
    return find_blob_path(home_, digest())->string() + suffix;
  }
  static void expect_error(ErrorCode code, const std::function<void()>& action) {
    try {
      action();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
    }
  }

  fs::path home_;
  std::string bytes_;
};

TEST_F(PartialBlobTest, GoesOnWhereAnEarlierOneStopped) {
  {
    PartialBlob blob(options());
    EXPECT_EQ(blob.part_count(), 1U);
    blob.append(0, std::string_view(bytes_).substr(0, 70'000));
    blob.flush(0);
  }
  PartialBlob blob(options());
  EXPECT_EQ(blob.resumed(), 70'000U);
  blob.append(0, std::string_view(bytes_).substr(70'000));
  const Blob done = blob.commit({});
  EXPECT_EQ(done.digest, digest());
  EXPECT_EQ(digest_of_file(done.path), digest());
  EXPECT_THAT(files(), SizeIs(1)) << "the states of the parts are gone";
  EXPECT_TRUE(VerifiedMarks(home_).has(digest(), done.path));
}

TEST_F(PartialBlobTest, ReadsWhatOllamaLeftInAnyNumberOfParts) {
  fs::create_directories(blobs_folder(home_));
  std::ofstream(file("-partial"), std::ios::binary) << bytes_.substr(0, 1000) +
                                                           std::string(bytes_.size() - 2000, '\0') +
                                                           bytes_.substr(bytes_.size() - 1000);
  const auto half = bytes_.size() / 2;
  std::ofstream(file("-partial-0"))
      << R"({"N":0,"Offset":0,"Size":)" << half << R"(,"Completed":1000})";
  std::ofstream(file("-partial-1")) << R"({"N":1,"Offset":)" << half << R"(,"Size":)"
                                    << bytes_.size() - half << R"(,"Completed":0})";
  PartialBlob blob(options());
  ASSERT_EQ(blob.part_count(), 2U);
  EXPECT_EQ(blob.resumed(), 1000U);
  blob.append(1, std::string_view(bytes_).substr(half));
  blob.append(0, std::string_view(bytes_).substr(1000, half - 1000));
  EXPECT_EQ(blob.commit({}).digest, digest());
}

TEST_F(PartialBlobTest, StatesThatDoNotFitTogetherAreNotTrusted) {
  fs::create_directories(blobs_folder(home_));
  for (const std::string state :
       {"", "[]", R"({"Offset":0,"Size":200000})", R"({"Offset":-1,"Size":1,"Completed":1})",
        R"({"N":0,"Offset":0,"Size":18446744073709551615,"Completed":18446744073709551615})",
        R"({"N":0,"Offset":5,"Size":199995,"Completed":5})"}) {
    std::ofstream(file("-partial")) << std::string(bytes_.size(), 'x');
    std::ofstream(file("-partial-0")) << state;
    EXPECT_EQ(PartialBlob(options()).resumed(), 0U) << state;
  }
  // A state without its bytes.
  fs::remove(file("-partial"));
  std::ofstream(file("-partial-0"))
      << R"({"N":0,"Offset":0,"Size":)" << bytes_.size() << R"(,"Completed":5})";
  EXPECT_EQ(PartialBlob(options()).resumed(), 0U);
}

TEST_F(PartialBlobTest, AWrongDigestNeverBecomesVisibleAndIsThrownAway) {
  auto wrong = options();
  PartialBlob blob(wrong);
  blob.append(0, std::string(bytes_.size(), 'x'));
  expect_error(ErrorCode::kBadRequest, [&] { blob.commit({}); });
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(PartialBlobTest, ADigestThatIsNotKnownYetNamesTheBlobInTheEnd) {
  const std::string name = "sha256:" + sha256_hex("https://example.org/model.hef");
  PartialBlob blob({home_, name, ByteSize::bytes(bytes_.size()), {}});
  blob.append(0, bytes_);
  EXPECT_EQ(blob.commit({}).digest, digest());
  EXPECT_THAT(files(), SizeIs(1));
}

TEST_F(PartialBlobTest, TakesNoMoreThanAPartHoldsAndHasOneOwner) {
  PartialBlob blob(options());
  expect_error(ErrorCode::kBadRequest,
               [&] { blob.append(0, std::string(bytes_.size() + 1, 'x')); });
  expect_error(ErrorCode::kBusy, [&] { PartialBlob second(options()); });
}

TEST_F(PartialBlobTest, WaitingForTheHashCanBeCalledOff) {
  PartialBlob blob(options());
  std::stop_source stop;
  stop.request_stop();
  expect_error(ErrorCode::kCancelled, [&] { blob.commit({Deadline::never(), stop.get_token()}); });
  expect_error(ErrorCode::kTimeout, [&] {
    blob.commit({Deadline::in(std::chrono::milliseconds(1)), {}});
  });
}

TEST_F(PartialBlobTest, PlansNothingForWhatHasNoRoom) {
  PartialBlobOptions huge = options();
  huge.size = ByteSize::bytes(INT64_MAX);
  expect_error(ErrorCode::kOutOfMemory, [&] { PartialBlob{huge}; });
  EXPECT_THAT(files(), SizeIs(1)) << "the empty file alone, and no parts";
}

TEST(PartSize, IsOllamasAndNeverMakesMoreThanAThousandParts) {
  EXPECT_EQ(part_size_for(1000), 100'000'000U);
  EXPECT_EQ(part_size_for(4'000'000'000), 250'000'000U);
  EXPECT_EQ(part_size_for(100'000'000'000), 1'000'000'000U);
  for (const std::uint64_t total : {std::uint64_t{1} << 46U, std::uint64_t{INT64_MAX}}) {
    EXPECT_LE(total / part_size_for(total), 1024U);
  }
}

TEST_F(PartialBlobTest, ASymbolicLinkInItsPlaceIsNotFollowed) {
  fs::create_directories(blobs_folder(home_));
  std::ofstream(home_ / "victim") << "precious";
  fs::create_symlink(home_ / "victim", file("-partial"));
  EXPECT_THROW(PartialBlob{options()}, Error);
  EXPECT_EQ(fs::file_size(home_ / "victim"), 8U);
}

TEST_F(PartialBlobTest, WhatIsNoFileIsNeverWaitedFor) {
  const auto pipe = fs::path(home_) / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(open_stream(pipe), Error);
  EXPECT_THROW(open_stream(fs::path(home_)), Error);
  EXPECT_THROW(open_stream(fs::path(home_) / "missing"), Error);
  // In a mark's place, where nothing of ours ever puts one.
  const std::string digest = "sha256:" + std::string(64, 'a');
  const auto blob = fs::path(home_) / "blob";
  std::ofstream(blob) << "hail";
  const VerifiedMarks marks(home_);
  marks.set(digest, blob);
  EXPECT_TRUE(marks.has(digest, blob));
  std::filesystem::remove(fs::path(home_) / "verified" / std::string(64, 'a'));
  ASSERT_EQ(::mkfifo((fs::path(home_) / "verified" / std::string(64, 'a')).c_str(), 0600), 0);
  EXPECT_FALSE(marks.has(digest, blob));
}

}  // namespace
}  // namespace hailstone::core
