// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"

namespace hailstone::formats {
namespace {

using ::testing::ElementsAre;

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}
std::string bytes(std::uint64_t number, const std::string& content) {
  return varint(number << 3 | 2) + varint(content.size()) + content;
}
std::string number(std::uint64_t field, std::uint64_t value) {
  return varint(field << 3) + varint(value);
}
std::string entry(const std::string& key, const std::string& value) {
  return bytes(14, bytes(1, key) + bytes(2, value));
}

std::string small_model() {
  const std::string shape = bytes(1, number(1, 1)) + bytes(1, number(1, 3)) +
                            bytes(1, number(1, 640)) + bytes(1, bytes(2, "width"));
  const std::string input =
      bytes(11, bytes(1, "images") + bytes(2, bytes(1, number(1, 1) + bytes(2, shape))));
  const std::string weights = bytes(5, std::string(5000, '\xFF'));
  return number(1, 8) + bytes(2, "pytorch") + bytes(6, "a net") + bytes(7, weights + input) +
         entry("task", "detect") + entry("names", "{0: 'cat', 1: \"dog\"}");
}

OnnxFile read(const std::string& file) {
  std::istringstream in(file);
  return read_onnx_file(in);
}

TEST(OnnxFile, ReadsWhatStandsAroundTheWeights) {
  const auto header = read(small_model());
  EXPECT_EQ(header.description, "a net");
  EXPECT_EQ(header.find("task"), "detect");
  EXPECT_FALSE(header.find("stride"));
  ASSERT_EQ(header.inputs.size(), 1U);
  EXPECT_EQ(header.inputs[0].name, "images");
  EXPECT_THAT(header.inputs[0].shape, ElementsAre(1, 3, 640, -1));
}

TEST(OnnxFile, EveryCutIsAnErrorOrAShorterFile) {
  const std::string file = small_model();
  for (std::size_t size = 0; size < file.size(); ++size) {
    try {
      read(file.substr(0, size));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    }
  }
}

TEST(OnnxFile, ALengthThatLiesIsRefused) {
  EXPECT_THROW(read(varint(7 << 3 | 2) + varint(UINT64_MAX) + "x"), Error);
  EXPECT_THROW(read(bytes(7, varint(11 << 3 | 2) + varint(100) + "x")), Error);
  EXPECT_THROW(read("GGUF"), Error);
}

}  // namespace
}  // namespace hailstone::formats
