// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound in packets, without a container around them: WebM's frames, and what clients send over a
// WebSocket.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hailstone::media {

struct PacketFormat {
  std::string codec;                 ///< as Matroska names it: "A_OPUS", "A_PCM/INT/LIT"
  std::vector<std::uint8_t> header;  ///< OpusHead (RFC 7845, 5.1); may be empty
  int sample_rate = 0;
  int channels = 0;
  int bits = 0;  ///< of uncompressed samples
};

/// Belongs to one thread.
class PacketDecoder {
 public:
  virtual ~PacketDecoder() = default;
  virtual int sample_rate() const noexcept = 0;
  virtual int channels() const noexcept = 0;
  /// Appends the packet's interleaved samples. Throws Error(kBadRequest) for one that is damaged.
  virtual void decode(std::span<const std::uint8_t> packet, std::vector<float>& out) = 0;
};

/// Throws Error(kUnsupported) for another codec, and Error(kBadRequest) for a header that cannot
/// be.
std::unique_ptr<PacketDecoder> make_packet_decoder(const PacketFormat& format);

}  // namespace hailstone::media
