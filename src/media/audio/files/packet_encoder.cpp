// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/packet_encoder.hpp"

#include <opus/opus.h>

#include <array>
#include <string>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

constexpr int kFramesPerSecond = 50;
/// The library's advice; a packet of speech has some 80 bytes.
constexpr std::size_t kMostPacket = 4000;
constexpr int kBitsPerSecond = 32'000;

[[noreturn]] void fail(int error) {
  throw Error(ErrorCode::kInternal, std::string("Opus: ") + opus_strerror(error));
}

}  // namespace

void OpusPacketEncoder::Destroyer::operator()(OpusEncoder* encoder) const noexcept {
  opus_encoder_destroy(encoder);
}

OpusPacketEncoder::OpusPacketEncoder(int sample_rate)
    : frame_(static_cast<std::size_t>(sample_rate / kFramesPerSecond)) {
  int error = OPUS_OK;
  encoder_.reset(opus_encoder_create(sample_rate, 1, OPUS_APPLICATION_VOIP, &error));
  if (error != OPUS_OK) fail(error);
  opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(kBitsPerSecond));
}

OpusPacketEncoder::~OpusPacketEncoder() = default;

void OpusPacketEncoder::push(std::string_view pcm16, const OnPacket& on_packet) {
  for (std::size_t i = 0; i + 1 < pcm16.size(); i += 2) {
    const auto low = static_cast<unsigned char>(pcm16[i]);
    const auto high = static_cast<unsigned char>(pcm16[i + 1]);
    waiting_.push_back(static_cast<std::int16_t>(low | high << 8));
    if (waiting_.size() == frame_) encode(on_packet);
  }
}

void OpusPacketEncoder::finish(const OnPacket& on_packet) {
  if (!waiting_.empty()) {
    waiting_.resize(frame_);
    encode(on_packet);
  }
  opus_encoder_ctl(encoder_.get(), OPUS_RESET_STATE);
}

void OpusPacketEncoder::encode(const OnPacket& on_packet) {
  std::array<unsigned char, kMostPacket> packet{};
  const int size = opus_encode(encoder_.get(), waiting_.data(), static_cast<int>(frame_),
                               packet.data(), static_cast<opus_int32>(packet.size()));
  waiting_.clear();
  if (size < 0) fail(size);
  on_packet({reinterpret_cast<const char*>(packet.data()), static_cast<std::size_t>(size)});
}

}  // namespace hailstone::media
