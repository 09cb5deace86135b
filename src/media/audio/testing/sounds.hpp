// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sounds and small sound files for tests, made on the spot.

#include <opus/opus.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "media/pcm.hpp"

namespace hailstone::media::testing {

/// A pure tone at half of full scale.
inline Pcm tone(double hertz, double seconds, int sample_rate = 16'000) {
  Pcm sound{sample_rate, std::vector<float>(static_cast<std::size_t>(seconds * sample_rate))};
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    sound.samples[i] = static_cast<float>(
        0.5 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / sample_rate));
  }
  return sound;
}

/// How much of the sound is at that frequency: the amplitude of its part (Goertzel).
inline double amplitude_at(const std::vector<float>& samples, int sample_rate, double hertz) {
  double real = 0;
  double imaginary = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * hertz * static_cast<double>(i) / sample_rate;
    real += samples[i] * std::cos(phase);
    imaginary += samples[i] * std::sin(phase);
  }
  return 2 * std::hypot(real, imaginary) /
         static_cast<double>(std::max<std::size_t>(1, samples.size()));
}

inline std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

/// A WAV file whose header says what it is told to.
struct WavFile {
  int sample_rate = 16'000;
  int channels = 1;
  std::string data;
  std::uint32_t said_size = 0;  ///< of the data

  std::string bytes() const {
    const auto rate = static_cast<std::uint32_t>(sample_rate);
    const auto block = static_cast<std::uint32_t>(channels) * 2;
    return "RIFF" + little(said_size + 36, 4) + "WAVEfmt " + little(16, 4) + little(1, 2) +
           little(static_cast<std::uint32_t>(channels), 2) + little(rate, 4) +
           little(rate * block, 4) + little(block, 2) + little(16, 2) + "data" +
           little(said_size, 4) + data;
  }
};

/// An element of EBML whose size takes eight bytes.
inline std::string element(std::string_view id, const std::string& content) {
  std::string out(id);
  out += '\x01';
  for (int i = 6; i >= 0; --i) out += static_cast<char>(content.size() >> (8 * i) & 0xFF);
  return out + content;
}

inline std::string number(std::uint64_t value) {
  std::string out;
  for (int i = 7; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

/// As a browser records: one track of Opus, mono, 48 kHz, packets of 20 ms in a cluster each
/// second.
inline std::string make_webm(const Pcm& sound48, bool with_sound = true) {
  using namespace std::string_literals;
  const std::string head = element("\x1A\x45\xDF\xA3", element("\x42\x82", "webm"));
  const std::string opus_head =
      "OpusHead"s + '\x01' + '\x01' + little(0, 2) + little(48'000, 4) + little(0, 2) + '\0';
  const std::string audio = element(
      "\xE1", element("\xB5", std::string("\x40\xE7\x70\0\0\0\0\0", 8)) + element("\x9F", "\x01"));
  const std::string track =
      element("\xAE", element("\xD7", "\x01") + element("\x73\xC5", "\x01") +
                          element("\x83", with_sound ? "\x02" : "\x01") +
                          element("\x86", with_sound ? "A_OPUS" : "V_VP8") +
                          (with_sound ? element("\x63\xA2", opus_head) + audio : std::string()));
  std::string segment = element("\x16\x54\xAE\x6B", track);
  int error = 0;
  OpusEncoder* encoder = opus_encoder_create(48'000, 1, OPUS_APPLICATION_AUDIO, &error);
  if (error != OPUS_OK) throw std::runtime_error("no Opus encoder");
  std::vector<unsigned char> packet(4000);
  std::string cluster;
  for (std::size_t at = 0; at + 960 <= sound48.samples.size(); at += 960) {
    const auto size = opus_encode_float(encoder, sound48.samples.data() + at, 960, packet.data(),
                                        static_cast<opus_int32>(packet.size()));
    const std::size_t in_second = at % 48'000;
    if (in_second == 0 && !cluster.empty()) {
      segment += element("\x1F\x43\xB6\x75", cluster);
      cluster.clear();
    }
    if (cluster.empty()) cluster = element("\xE7", number(at / 48));
    cluster += element("\xA3", "\x81"s + static_cast<char>(in_second / 48 >> 8) +
                                   static_cast<char>(in_second / 48 & 0xFF) + '\x80' +
                                   std::string(packet.begin(), packet.begin() + size));
  }
  opus_encoder_destroy(encoder);
  if (with_sound) segment += element("\x1F\x43\xB6\x75", cluster);
  // The segment's size is not known while one records.
  return head + "\x18\x53\x80\x67" + "\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF" + segment;
}

}  // namespace hailstone::media::testing
