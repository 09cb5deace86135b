// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound to Opus packets without a container around them, as they go over a network.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

struct OpusEncoder;

namespace hailstone::media {

/// Belongs to one thread. A packet is 20 ms of mono speech.
class OpusPacketEncoder {
 public:
  using OnPacket = std::function<void(std::string_view packet)>;

  /// 8, 12, 16, 24 or 48 kHz; others throw Error(kInternal).
  explicit OpusPacketEncoder(int sample_rate);
  ~OpusPacketEncoder();
  OpusPacketEncoder(const OpusPacketEncoder&) = delete;
  OpusPacketEncoder& operator=(const OpusPacketEncoder&) = delete;

  /// 16 bits, little endian. Passes through what on_packet throws.
  void push(std::string_view pcm16, const OnPacket& on_packet);
  /// The rest, with silence behind it; then it is as new.
  void finish(const OnPacket& on_packet);

 private:
  void encode(const OnPacket& on_packet);

  struct Destroyer {
    void operator()(OpusEncoder* encoder) const noexcept;
  };
  std::unique_ptr<OpusEncoder, Destroyer> encoder_;
  const std::size_t frame_;
  std::vector<std::int16_t> waiting_;
};

}  // namespace hailstone::media
