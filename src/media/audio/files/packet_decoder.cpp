// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/packet_decoder.hpp"

#include <opus/opus_multistream.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

constexpr int kOpusRate = 48'000;
constexpr int kLongestOpusPacket = kOpusRate * 120 / 1000;

struct OpusDestroyer {
  void operator()(OpusMSDecoder* decoder) const noexcept {
    opus_multistream_decoder_destroy(decoder);
  }
};

/// What RFC 7845 calls the channel mapping.
struct OpusLayout {
  int channels = 1;
  int streams = 1;
  int coupled = 0;
  int pre_skip = 0;
  std::array<unsigned char, 255> mapping{};
};

Error bad_header() {
  return {ErrorCode::kBadRequest, "the Opus header (OpusHead) is damaged"};
}

OpusLayout parse_layout(const PacketFormat& format) {
  OpusLayout layout;
  const auto& head = format.header;
  if (head.empty()) {
    layout.channels = std::clamp(format.channels, 1, 2);
    layout.coupled = layout.channels - 1;
    layout.mapping = {0, 1};
    return layout;
  }
  if (head.size() < 19 || std::memcmp(head.data(), "OpusHead", 8) != 0) throw bad_header();
  layout.channels = head[9];
  layout.pre_skip = head[10] | head[11] << 8;
  if (head[18] == 0) {
    if (layout.channels < 1 || layout.channels > 2) throw bad_header();
    layout.coupled = layout.channels - 1;
    layout.mapping = {0, 1};
    return layout;
  }
  if (layout.channels < 1 || head.size() < 21U + static_cast<unsigned>(layout.channels)) {
    throw bad_header();
  }
  layout.streams = head[19];
  layout.coupled = head[20];
  std::copy_n(head.begin() + 21, layout.channels, layout.mapping.begin());
  return layout;
}

class OpusPackets final : public PacketDecoder {
 public:
  explicit OpusPackets(const OpusLayout& layout)
      : channels_(layout.channels), skip_(static_cast<std::size_t>(layout.pre_skip)) {
    int error = OPUS_OK;
    decoder_.reset(opus_multistream_decoder_create(kOpusRate, layout.channels, layout.streams,
                                                   layout.coupled, layout.mapping.data(), &error));
    if (error == OPUS_ALLOC_FAIL) throw Error(ErrorCode::kOutOfMemory, "no memory for Opus");
    if (!decoder_) throw bad_header();
    buffer_.resize(static_cast<std::size_t>(kLongestOpusPacket) *
                   static_cast<std::size_t>(channels_));
  }
  int sample_rate() const noexcept override { return kOpusRate; }
  int channels() const noexcept override { return channels_; }

  void decode(std::span<const std::uint8_t> packet, std::vector<float>& out) override {
    const int got = opus_multistream_decode_float(decoder_.get(), packet.data(),
                                                  static_cast<opus_int32>(packet.size()),
                                                  buffer_.data(), kLongestOpusPacket, 0);
    if (got < 0) {
      throw Error(ErrorCode::kBadRequest,
                  "an Opus packet is damaged: " + std::string(opus_strerror(got)));
    }
    const auto frames = static_cast<std::size_t>(got);
    const std::size_t skipped = std::min(skip_, frames);
    skip_ -= skipped;
    const auto channels = static_cast<std::size_t>(channels_);
    out.insert(out.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(skipped * channels),
               buffer_.begin() + static_cast<std::ptrdiff_t>(frames * channels));
  }

 private:
  const int channels_;
  std::size_t skip_;  // frames of the encoder's delay
  std::unique_ptr<OpusMSDecoder, OpusDestroyer> decoder_;
  std::vector<float> buffer_;
};

enum class SampleKind { kInt16, kFloat32 };

static_assert(std::endian::native == std::endian::little, "samples are copied as they are");

class PlainPackets final : public PacketDecoder {
 public:
  PlainPackets(const PacketFormat& format, SampleKind kind)
      : sample_rate_(format.sample_rate), channels_(format.channels), kind_(kind) {}
  int sample_rate() const noexcept override { return sample_rate_; }
  int channels() const noexcept override { return channels_; }

  void decode(std::span<const std::uint8_t> packet, std::vector<float>& out) override {
    const std::size_t width = kind_ == SampleKind::kInt16 ? 2 : 4;
    const auto channels = static_cast<std::size_t>(channels_);
    if (packet.size() % (width * channels) != 0) {
      throw Error(ErrorCode::kBadRequest, "a packet of samples ends within a sample");
    }
    out.reserve(out.size() + packet.size() / width);
    for (std::size_t at = 0; at < packet.size(); at += width) {
      out.push_back(kind_ == SampleKind::kInt16 ? read<std::int16_t>(packet, at) / 32768.0F
                                                : read<float>(packet, at));
    }
  }

 private:
  template <typename Value>
  static Value read(std::span<const std::uint8_t> packet, std::size_t at) noexcept {
    Value value;
    std::memcpy(&value, packet.data() + at, sizeof(value));
    return value;
  }

  const int sample_rate_;
  const int channels_;
  const SampleKind kind_;
};

}  // namespace

std::unique_ptr<PacketDecoder> make_packet_decoder(const PacketFormat& format) {
  if (format.codec == "A_OPUS") return std::make_unique<OpusPackets>(parse_layout(format));
  const bool is_float = format.codec == "A_PCM/FLOAT/IEEE" && format.bits == 32;
  if (is_float || (format.codec == "A_PCM/INT/LIT" && format.bits == 16)) {
    if (format.channels < 1 || format.channels > 32 || format.sample_rate < 1) {
      throw Error(ErrorCode::kBadRequest, "the track of samples has impossible figures");
    }
    return std::make_unique<PlainPackets>(format,
                                          is_float ? SampleKind::kFloat32 : SampleKind::kInt16);
  }
  throw Error(ErrorCode::kUnsupported,
              "sound of the kind '" + format.codec.substr(0, 40) + "' cannot be decoded here",
              "in WebM: A_OPUS, A_PCM/INT/LIT with 16 bits, A_PCM/FLOAT/IEEE with 32 bits");
}

}  // namespace hailstone::media
