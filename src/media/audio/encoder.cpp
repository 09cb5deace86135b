// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/encoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/strings.hpp"
#include "media/audio/resampler.hpp"
#include "media/audio/sndfile_encoder.hpp"

namespace hailstone::media {
namespace {

constexpr int kPcmRate = 24'000;
constexpr std::uint32_t kUnknownSize = 0xFFFF'FFFF;
constexpr std::uint32_t kWavHeader = 44;

struct Name {
  SoundFormat format;
  std::string_view name;
  std::string_view content_type;
};

// In the order of the enumeration.
constexpr std::array kNames = {
    Name{SoundFormat::kWav, "wav", "audio/wav"},   Name{SoundFormat::kFlac, "flac", "audio/flac"},
    Name{SoundFormat::kOpus, "opus", "audio/ogg"}, Name{SoundFormat::kMp3, "mp3", "audio/mpeg"},
    Name{SoundFormat::kPcm, "pcm", "audio/pcm"},
};

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::string wav_header(int sample_rate, std::optional<std::uint64_t> samples) {
  const bool is_known = samples && *samples < (kUnknownSize - kWavHeader) / 2;
  const auto data = is_known ? static_cast<std::uint32_t>(*samples * 2) : kUnknownSize;
  const auto rate = static_cast<std::uint32_t>(sample_rate);
  std::string out = "RIFF";
  put(out, is_known ? data + kWavHeader - 8 : kUnknownSize, 4);
  out += "WAVEfmt ";
  put(out, 16, 4);
  put(out, 1, 2);  // PCM
  put(out, 1, 2);  // channels
  put(out, rate, 4);
  put(out, rate * 2, 4);
  put(out, 2, 2);
  put(out, 16, 2);
  out += "data";
  put(out, data, 4);
  return out;
}

/// 16 bits, little endian; after a header where there is one.
class PlainEncoder final : public Encoder {
 public:
  PlainEncoder(std::string header, OnBytes on_bytes)
      : bytes_(std::move(header)), on_bytes_(std::move(on_bytes)) {}

  void write(std::span<const float> samples) override {
    bytes_.reserve(bytes_.size() + samples.size() * 2);
    for (const float sample : samples) {
      const auto value = std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767.0F);
      bytes_ += static_cast<char>(value & 0xFF);
      bytes_ += static_cast<char>(value >> 8 & 0xFF);
    }
    flush();
  }
  void finish() override { flush(); }

 private:
  void flush() {
    if (bytes_.empty()) return;
    on_bytes_(bytes_);
    bytes_.clear();
  }

  std::string bytes_;
  const OnBytes on_bytes_;
};

/// Another rate before it is encoded.
class ResamplingEncoder final : public Encoder {
 public:
  ResamplingEncoder(int from, int to, std::unique_ptr<Encoder> encoder)
      : resampler_(from, to), encoder_(std::move(encoder)) {}

  void write(std::span<const float> samples) override {
    resampler_.push(samples, buffer_);
    pass_on();
  }
  void finish() override {
    resampler_.finish(buffer_);
    pass_on();
    encoder_->finish();
  }

 private:
  void pass_on() {
    if (!buffer_.empty()) encoder_->write(buffer_);
    buffer_.clear();
  }

  Resampler resampler_;
  std::unique_ptr<Encoder> encoder_;
  std::vector<float> buffer_;
};

std::unique_ptr<Encoder> make_plain_rate(SoundFormat format, int sample_rate, OnBytes on_bytes,
                                         const SoundLength& length) {
  switch (format) {
    case SoundFormat::kWav:
      return std::make_unique<PlainEncoder>(wav_header(sample_rate, length.samples),
                                            std::move(on_bytes));
    case SoundFormat::kPcm:
      return std::make_unique<PlainEncoder>(std::string(), std::move(on_bytes));
    case SoundFormat::kFlac:
    case SoundFormat::kOpus:
    case SoundFormat::kMp3:
      break;
  }
  return make_sndfile_encoder(format, sample_rate, std::move(on_bytes),
                              length.samples ? Headers::kComplete : Headers::kStreamed);
}

}  // namespace

std::string_view to_string(SoundFormat format) noexcept {
  return kNames[static_cast<std::size_t>(format)].name;
}

std::optional<SoundFormat> find_sound_format(std::string_view name) noexcept {
  if (equals_ignoring_case(name, "ogg")) return SoundFormat::kOpus;
  for (const auto& known : kNames) {
    if (equals_ignoring_case(name, known.name)) return known.format;
  }
  return std::nullopt;
}

std::string_view content_type_of(SoundFormat format) noexcept {
  return kNames[static_cast<std::size_t>(format)].content_type;
}

int encoded_rate(SoundFormat format, int sample_rate) noexcept {
  constexpr std::array kOpusRates = {8000, 12'000, 16'000, 24'000, 48'000};
  constexpr std::array kMp3Rates = {8000,   11'025, 12'000, 16'000, 22'050,
                                    24'000, 32'000, 44'100, 48'000};
  const auto at_least = [sample_rate](const auto& rates) {
    const auto fit = std::find_if(rates.begin(), rates.end(),
                                  [sample_rate](int rate) { return rate >= sample_rate; });
    return fit == rates.end() ? rates.back() : *fit;
  };
  switch (format) {
    case SoundFormat::kPcm:
      return kPcmRate;
    case SoundFormat::kOpus:
      return at_least(kOpusRates);
    case SoundFormat::kMp3:
      return at_least(kMp3Rates);
    case SoundFormat::kWav:
    case SoundFormat::kFlac:
      break;
  }
  return sample_rate;
}

std::unique_ptr<Encoder> make_encoder(SoundFormat format, int sample_rate, OnBytes on_bytes,
                                      SoundLength length) {
  const int rate = encoded_rate(format, sample_rate);
  auto encoder = make_plain_rate(format, rate, std::move(on_bytes), length);
  if (rate == sample_rate) return encoder;
  return std::make_unique<ResamplingEncoder>(sample_rate, rate, std::move(encoder));
}

std::string encode_sound(SoundFormat format, const Pcm& sound) {
  std::string out;
  const auto encoder =
      make_encoder(format, sound.sample_rate, [&out](std::string_view bytes) { out += bytes; },
                   {sound.samples.size()});
  encoder->write(sound.samples);
  encoder->finish();
  return out;
}

}  // namespace hailstone::media
