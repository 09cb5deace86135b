// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/frame.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/error.hpp"
#include "hosting/protocol/channel.hpp"
#include "hosting/protocol/wire.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::hosting {
namespace {

TEST(Frame, HeadersComeBackAsTheyWere) {
  const FrameHeader header{FrameType::kResult, kFlagShared, 3, 0xFFFFFFFF, kMaxJson, kMaxPayload};
  const FrameHeader back = parse_header(encode_header(header));
  EXPECT_EQ(back.type, header.type);
  EXPECT_EQ(back.flags, header.flags);
  EXPECT_EQ(back.slot, header.slot);
  EXPECT_EQ(back.id, header.id);
  EXPECT_EQ(back.json_size, header.json_size);
  EXPECT_EQ(back.payload_size, header.payload_size);
}

TEST(Frame, RefusesEveryWrongByte) {
  const FrameHeader good{FrameType::kResult, 0, 0, 1, 2, 3};
  EXPECT_NO_THROW(parse_header(encode_header(good)));
  for (const auto& [offset, value] : std::vector<std::pair<std::size_t, int>>{
           {0, 'h'}, {1, 0}, {1, 12}, {2, 4}, {2, kFlagNewMemory}, {3, 1}, {11, 5}, {15, 0x41}}) {
    HeaderBytes bytes = encode_header(good);
    bytes[offset] = std::byte(value);
    EXPECT_THROW(parse_header(bytes), Error) << offset;
  }
}

TEST(Frame, RefusesMoreJsonThanItsKindHas) {
  for (int type = 1; type <= 10; ++type) {
    FrameHeader header{static_cast<FrameType>(type), 0, 0, 1, 0, 0};
    header.json_size = max_json(header.type);
    EXPECT_NO_THROW(parse_header(encode_header(header))) << type;
    ++header.json_size;
    EXPECT_THROW(parse_header(encode_header(header)), Error) << type;
  }
  EXPECT_LT(max_json(FrameType::kError), max_json(FrameType::kResult));
}

/// The bytes of the documentation's example.
std::string documented_bytes() {
  std::ifstream page(HAILSTONE_HOST_PROTOCOL);
  std::string bytes;
  std::string line;
  bool is_inside = false;
  while (std::getline(page, line)) {
    if (line.rfind("```", 0) == 0) {
      is_inside = line == "```hex";
      continue;
    }
    std::istringstream words(line);
    for (std::string word; is_inside && words >> word;) {
      bytes += static_cast<char>(std::stoi(word, nullptr, 16));
    }
  }
  return bytes;
}

TEST(Frame, TheDocumentedExampleIsWhatWeSpeak) {
  const std::string bytes = documented_bytes();
  auto [near, far] = os::make_socket_pair();
  ASSERT_EQ(::send(far.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  far.reset();
  Channel channel(std::move(near));
  const auto hello = channel.receive();
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->type, FrameType::kHello);
  EXPECT_EQ(hello->json, encode_hello({1, false}).json);
  auto request = channel.receive();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, 7U);
  EXPECT_EQ(request->json, encode_tokenize({1, {}}, "hi").json);
  const Call call = parse_call(*request);
  EXPECT_EQ(call.head.model, 1U);
  EXPECT_EQ(std::get<Tokenize>(call.operation).text, "hi");
  EXPECT_FALSE(channel.receive());
}

}  // namespace
}  // namespace hailstone::hosting
