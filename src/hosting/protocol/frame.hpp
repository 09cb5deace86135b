// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The unit of talk between the daemon and an engine host: a fixed header, a JSON object, raw bytes.
// docs/host-protocol.md is the reference.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "inference/shared_bytes.hpp"

namespace hailstone::hosting {

enum class FrameType : std::uint8_t {
  kHello = 1,
  kRequest = 2,
  kCancel = 3,
  kCredit = 4,
  kPing = 5,
  kWelcome = 6,
  kChunk = 7,
  kResult = 8,
  kError = 9,
  kPong = 10,
  kInput = 11,
};

/// What a frame has is not what its operation's has. what() names the field, what was expected and
/// what there is; whoever knows the engine and the operation adds them.
class UnreadableFrame : public Error {
 public:
  explicit UnreadableFrame(const std::string& problem, std::string field = {})
      : Error(ErrorCode::kEngineFailed,
              field.empty() ? problem : "field '" + field + "': " + problem),
        problem_(problem),
        field_(std::move(field)) {}

  /// The same of a field in that one.
  UnreadableFrame inside(const std::string& outer) const {
    return UnreadableFrame(problem_, field_.empty() ? outer : outer + "." + field_);
  }

 private:
  std::string problem_;
  std::string field_;
};

inline constexpr std::size_t kHeaderSize = 16;
inline constexpr std::uint32_t kMaxJson = 64U << 20;
/// Of frames that only greet, answer, fail, or steer.
inline constexpr std::uint32_t kMaxSmallJson = 1U << 20;
inline constexpr std::uint32_t kMaxPayload = 1U << 30;

/// The payload lies in shared memory instead of following the JSON.
inline constexpr std::uint8_t kFlagShared = 1;
/// The memory of the slot is new: its descriptor comes with this frame.
inline constexpr std::uint8_t kFlagNewMemory = 2;
inline constexpr std::uint8_t kMaxSlots = 4;

/// Chunks of one request that a host may send before the daemon asks for more; likewise input.
inline constexpr std::uint32_t kChunkWindow = 32;
/// Their bytes, JSON and payload, where both sides count them.
inline constexpr std::uint64_t kByteWindow = std::uint64_t{8} << 20;
/// Of one chunk or piece of input. Half a window, so that nobody waits for ever.
inline constexpr std::uint64_t kMaxChunk = kByteWindow / 2;
/// What a host may have under way that counts chunks alone.
inline constexpr std::uint64_t kUncountedWindow = std::uint64_t{64} << 20;

struct FrameHeader {
  FrameType type = FrameType::kPing;
  std::uint8_t flags = 0;
  std::uint8_t slot = 0;
  std::uint32_t id = 0;
  std::uint32_t json_size = 0;
  std::uint32_t payload_size = 0;
};

using HeaderBytes = std::array<std::byte, kHeaderSize>;

/// The most bytes of JSON that a frame of the type has.
std::uint32_t max_json(FrameType type) noexcept;

HeaderBytes encode_header(const FrameHeader& header) noexcept;
/// Throws Error(kEngineFailed) for what is no header or is over a limit.
FrameHeader parse_header(const HeaderBytes& bytes);

/// As it arrived.
struct Frame {
  FrameType type = FrameType::kPing;
  std::uint32_t id = 0;
  std::string json;
  inference::SharedBytes payload;
};

/// What goes into a frame. The parts make up the payload and refer to memory of whoever made it.
struct Body {
  std::string json;
  std::vector<std::span<const std::byte>> parts;
};

}  // namespace hailstone::hosting
