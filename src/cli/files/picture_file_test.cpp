// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/picture_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using ::testing::HasSubstr;

const std::string kJpeg = "\xFF\xD8\xFF\xE0 and so on";

class PictureFileTest : public ::testing::Test {
 protected:
  PictureFileTest() {
    std::string pattern = (fs::temp_directory_path() / "hailstone-picture-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~PictureFileTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  std::string refusal(const std::string& name, const std::string& input = {}) const {
    std::istringstream in(input);
    try {
      PictureFile file(name, in);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      return error.what();
    }
    return "";
  }

  fs::path folder_;
};

TEST(PictureType, IsToldByTheFirstBytes) {
  EXPECT_EQ(picture_type(kJpeg), "image/jpeg");
  EXPECT_EQ(picture_type("\x89PNG\r\n\x1A\n"), "image/png");
  EXPECT_EQ(picture_type("RIFF\x10\0\0\0WEBPVP8 "s), "image/webp");
  EXPECT_EQ(picture_type("RIFF\x10\0\0\0WAVEfmt "s), "");
  EXPECT_EQ(picture_type("GIF89a"), "");
  EXPECT_EQ(picture_type("%PDF-1.7"), "");
  EXPECT_EQ(picture_type(""), "");
}

TEST_F(PictureFileTest, IsReadFromAFileOrAPipe) {
  std::istringstream in(kJpeg);
  const PictureFile piped("-", in);
  EXPECT_EQ(piped.type(), "image/jpeg");
  EXPECT_EQ(piped.read(), kJpeg);
  const PictureFile file(write("misnamed.png", kJpeg), in);
  EXPECT_EQ(file.type(), "image/jpeg");
  EXPECT_EQ(file.read(), kJpeg);
}

TEST_F(PictureFileTest, WhatIsNoPictureIsRefused) {
  EXPECT_THAT(refusal(folder_ / "absent.jpg"), HasSubstr("no such file"));
  EXPECT_THAT(refusal(folder_), HasSubstr("is a folder"));
  EXPECT_THAT(refusal(write("empty.jpg", "")), HasSubstr("is empty"));
  EXPECT_THAT(refusal(write("letter.jpg", "Dear Sir")),
              HasSubstr("letter.jpg: is no JPEG, PNG or WebP picture"));
  EXPECT_THAT(refusal("-", "Dear Sir"), HasSubstr("standard input: is no JPEG"));
  EXPECT_THAT(refusal("-"), HasSubstr("standard input: is empty"));
}

TEST_F(PictureFileTest, APictureThatGoesMeanwhileIsAnErrorAndNoCrash) {
  std::istringstream in;
  const PictureFile file(write("photo.jpg", kJpeg), in);
  fs::remove(folder_ / "photo.jpg");
  EXPECT_THROW(file.read(), Error);
}

TEST_F(PictureFileTest, WhatTheServiceWouldNotTakeIsNotRead) {
  const std::string name = write("huge.jpg", kJpeg);
  fs::resize_file(name, (std::uintmax_t{64} << 20) + 1);
  EXPECT_THAT(refusal(name), HasSubstr("larger than the 64 MiB"));
}

}  // namespace
}  // namespace hailstone::cli
