// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/frame.hpp"

#include <bit>
#include <cstring>

#include "base/error.hpp"

namespace hailstone::hosting {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are little-endian");

constexpr std::byte kMagic{'H'};

std::uint32_t number_at(const HeaderBytes& bytes, std::size_t offset) noexcept {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof(number));
  return number;
}

}  // namespace

std::uint32_t max_json(FrameType type) noexcept {
  switch (type) {
    case FrameType::kRequest:
    case FrameType::kInput:
    case FrameType::kChunk:
    case FrameType::kResult:
      return kMaxJson;
    default:
      return kMaxSmallJson;
  }
}

HeaderBytes encode_header(const FrameHeader& header) noexcept {
  HeaderBytes bytes{kMagic, std::byte(header.type), std::byte(header.flags),
                    std::byte(header.slot)};
  std::memcpy(bytes.data() + 4, &header.id, 4);
  std::memcpy(bytes.data() + 8, &header.json_size, 4);
  std::memcpy(bytes.data() + 12, &header.payload_size, 4);
  return bytes;
}

FrameHeader parse_header(const HeaderBytes& bytes) {
  FrameHeader header;
  header.type = static_cast<FrameType>(bytes[1]);
  header.flags = static_cast<std::uint8_t>(bytes[2]);
  header.slot = static_cast<std::uint8_t>(bytes[3]);
  header.id = number_at(bytes, 4);
  header.json_size = number_at(bytes, 8);
  header.payload_size = number_at(bytes, 12);

  const bool known_type = header.type >= FrameType::kHello && header.type <= FrameType::kInput;
  const bool is_shared = (header.flags & kFlagShared) != 0;
  const bool good_flags = header.flags <= (kFlagShared | kFlagNewMemory) &&
                          (is_shared || header.flags == 0) &&
                          header.slot < (is_shared ? kMaxSlots : 1);
  if (bytes[0] != kMagic || !known_type || !good_flags) {
    throw Error(ErrorCode::kEngineFailed, "the engine host does not speak the host protocol");
  }
  if (header.json_size > max_json(header.type) || header.payload_size > kMaxPayload) {
    throw Error(ErrorCode::kEngineFailed, "a frame of the engine host is too large");
  }
  return header;
}

}  // namespace hailstone::hosting
