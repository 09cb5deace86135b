// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/g711.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace hailstone::realtime {
namespace {

// ITU-T G.711: a sign, a segment of three bits and a step of four within it; mu-law's codes are
// inverted, A-law's have every other bit inverted.

constexpr int kMuBias = 132;
constexpr int kMuMost = 32'635;

std::uint8_t encode_mu(int sample) {
  const int sign = sample < 0 ? 0x80 : 0;
  const auto level = static_cast<unsigned>(std::min(std::abs(sample), kMuMost) + kMuBias);
  const int segment = std::bit_width(level) - 8;
  const auto step = (level >> (segment + 3)) & 0x0FU;
  return static_cast<std::uint8_t>(
      ~(static_cast<unsigned>(sign) | static_cast<unsigned>(segment) << 4U | step));
}

int decode_mu(std::uint8_t code) {
  const unsigned plain = ~static_cast<unsigned>(code) & 0xFFU;
  const unsigned segment = (plain >> 4U) & 0x07U;
  const int level = static_cast<int>((((plain & 0x0FU) << 3U) + kMuBias) << segment) - kMuBias;
  return (plain & 0x80U) != 0 ? -level : level;
}

constexpr unsigned kAMask = 0x55;

std::uint8_t encode_a(int sample) {
  const unsigned sign = sample >= 0 ? 0x80 : 0;
  const auto level =
      static_cast<unsigned>(std::clamp(sample >= 0 ? sample : -sample - 1, 0, 32'767)) >> 3U;
  // 12 bits are left: the first segment is twice as long as the scheme would have it.
  const int width = std::bit_width(level >> 1U);
  const auto segment = static_cast<unsigned>(std::max(0, width - 4));
  const unsigned step = (level >> (segment == 0 ? 1U : segment)) & 0x0FU;
  return static_cast<std::uint8_t>((sign | segment << 4U | step) ^ kAMask);
}

int decode_a(std::uint8_t code) {
  const unsigned plain = code ^ kAMask;
  const unsigned segment = (plain >> 4U) & 0x07U;
  unsigned level = ((plain & 0x0FU) << 4U) + 8U;
  if (segment > 0) level = (level + 0x100U) << (segment - 1U);
  return (plain & 0x80U) != 0 ? static_cast<int>(level) : -static_cast<int>(level);
}

}  // namespace

std::string to_g711(std::string_view pcm16, Law law) {
  std::string bytes;
  bytes.reserve(pcm16.size() / 2);
  for (std::size_t i = 0; i + 1 < pcm16.size(); i += 2) {
    const auto low = static_cast<unsigned char>(pcm16[i]);
    const auto high = static_cast<unsigned char>(pcm16[i + 1]);
    const int sample = static_cast<std::int16_t>(low | high << 8);
    bytes.push_back(static_cast<char>(law == Law::kMu ? encode_mu(sample) : encode_a(sample)));
  }
  return bytes;
}

void from_g711(std::string_view bytes, Law law, std::vector<float>& out) {
  for (const char byte : bytes) {
    const auto code = static_cast<std::uint8_t>(byte);
    out.push_back(static_cast<float>(law == Law::kMu ? decode_mu(code) : decode_a(code)) /
                  32768.0F);
  }
}

}  // namespace hailstone::realtime
