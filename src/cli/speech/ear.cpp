// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speech/ear.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "cli/sound/sound_card.hpp"
#include "media/audio/files/byte_source.hpp"
#include "media/audio/resampler.hpp"
#include "media/audio/sound_stream.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::cli {
namespace {

std::vector<std::int16_t> to_int16(std::span<const float> samples) {
  std::vector<std::int16_t> out(samples.size());
  std::transform(samples.begin(), samples.end(), out.begin(), [](float sample) {
    return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767.0F));
  });
  return out;
}

class MicrophoneEar final : public Ear {
 public:
  explicit MicrophoneEar(const std::string& device) : microphone_(device, kEarRate) {}
  std::vector<std::int16_t> hear(const RunContext& run) override { return microphone_.read(run); }

 private:
  Microphone microphone_;
};

os::UniqueFd open_file(const std::string& name) {
  os::UniqueFd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    throw Error(ErrorCode::kBadRequest, name + ": there is no such file to read");
  }
  return file;
}

class FileEar final : public Ear {
 public:
  explicit FileEar(const std::string& name)
      : file_(open_file(name)), source_(file_.get()), stream_(source_) {}
  std::vector<std::int16_t> hear(const RunContext& run) override {
    run.check();
    return to_int16(stream_.read());
  }

 private:
  os::UniqueFd file_;
  media::FileSource source_;
  media::SoundStream stream_;
};

/// Live from a pipe, so that its end is not waited for.
class PipeEar final : public Ear {
 public:
  explicit PipeEar(std::istream& in) : in_(in) {
    std::string head = read(12);
    if (head.compare(0, 4, "RIFF") == 0 && head.compare(8, 4, "WAVE") == 0) {
      read_chunks();
    } else {
      first_ = std::move(head);
    }
    resampler_ = std::make_unique<media::Resampler>(sample_rate_, kEarRate);
  }

  std::vector<std::int16_t> hear(const RunContext& run) override {
    std::vector<std::int16_t> out;
    while (out.empty()) {
      run.check();
      const std::size_t frame = 2 * static_cast<std::size_t>(channels_);
      const std::size_t wanted = static_cast<std::size_t>(sample_rate_) / 50 * frame;
      std::string bytes = std::exchange(first_, {});
      bytes += read(wanted - bytes.size() % frame);
      if (bytes.size() < frame) break;
      std::vector<float> resampled;
      resampler_->push(mono(bytes), resampled);
      out = to_int16(resampled);
    }
    return out;
  }

 private:
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    in_.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in_.gcount())));
    return bytes;
  }

  static unsigned number(std::string_view bytes, std::size_t at, std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = count; i > 0; --i) {
      value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
    }
    return value;
  }

  void read_chunks() {
    constexpr unsigned kMostChunk = 65'536;
    for (;;) {
      const std::string head = read(8);
      if (head.size() < 8) throw wrong("its header has no sound behind it");
      if (head.compare(0, 4, "data") == 0) return;  // its size is not known while it is recorded
      const unsigned size = number(head, 4, 4);
      if (size > kMostChunk) throw wrong("a part of its header is too long");
      const std::string chunk = read(size + size % 2);
      if (head.compare(0, 4, "fmt ") == 0) read_format(chunk);
    }
  }

  void read_format(const std::string& chunk) {
    if (chunk.size() < 16 || number(chunk, 14, 2) != 16) throw wrong("16 bits a sample are wanted");
    channels_ = static_cast<int>(number(chunk, 2, 2));
    sample_rate_ = static_cast<int>(number(chunk, 4, 4));
    const bool is_usual =
        channels_ >= 1 && channels_ <= 8 && sample_rate_ >= 8000 && sample_rate_ <= 192'000;
    if (!is_usual) throw wrong("1 to 8 channels and 8000 to 192000 samples a second are wanted");
  }

  static Error wrong(const char* why) {
    return {ErrorCode::kBadRequest, std::string("the WAV on the standard input: ") + why};
  }

  std::vector<float> mono(std::string_view bytes) const {
    const auto channels = static_cast<std::size_t>(channels_);
    std::vector<float> out(bytes.size() / 2 / channels);
    for (std::size_t i = 0; i < out.size() * channels; ++i) {
      const auto sample = static_cast<std::int16_t>(number(bytes, 2 * i, 2));
      out[i / channels] += static_cast<float>(sample) / 32768.0F / static_cast<float>(channels);
    }
    return out;
  }

  std::istream& in_;
  int channels_ = 1;
  int sample_rate_ = kEarRate;
  std::string first_;  // of samples without a header
  std::unique_ptr<media::Resampler> resampler_;
};

}  // namespace

std::unique_ptr<Ear> open_ear(const std::string& device, const std::string& file,
                              std::istream& in) {
  if (file.empty()) return std::make_unique<MicrophoneEar>(device);
  if (file == "-") return std::make_unique<PipeEar>(in);
  return std::make_unique<FileEar>(file);
}

std::string to_bytes(std::span<const std::int16_t> samples) {
  std::string bytes;
  bytes.reserve(2 * samples.size());
  for (const std::int16_t sample : samples) {
    const auto bits = static_cast<std::uint16_t>(sample);
    bytes += static_cast<char>(bits & 0xFFU);
    bytes += static_cast<char>(bits >> 8U);
  }
  return bytes;
}

}  // namespace hailstone::cli
