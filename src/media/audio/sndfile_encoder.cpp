// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/sndfile_encoder.hpp"

#include <sndfile.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

/// A file that grows; what has been given away can no longer be changed.
struct Sink {
  std::string fresh;     ///< not given away yet: the file's end
  sf_count_t given = 0;  ///< how many bytes have been
  sf_count_t at = 0;

  sf_count_t size() const noexcept { return given + static_cast<sf_count_t>(fresh.size()); }
};

sf_count_t length_of(void* data) {
  return static_cast<Sink*>(data)->size();
}

sf_count_t seek_to(sf_count_t offset, int whence, void* data) {
  auto& sink = *static_cast<Sink*>(data);
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? sink.at : sink.size();
  sink.at = std::clamp<sf_count_t>(base + offset, 0, sink.size());
  return sink.at;
}

sf_count_t write_some(const void* bytes, sf_count_t count, void* data) {
  auto& sink = *static_cast<Sink*>(data);
  const sf_count_t lost = std::clamp<sf_count_t>(sink.given - sink.at, 0, count);
  const auto begin = static_cast<std::size_t>(sink.at + lost - sink.given);
  const auto kept = static_cast<std::size_t>(count - lost);
  if (kept > 0) {
    sink.fresh.resize(std::max(sink.fresh.size(), begin + kept));
    std::copy_n(static_cast<const char*>(bytes) + lost, kept,
                sink.fresh.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  sink.at += count;
  return count;
}

sf_count_t read_nothing(void*, sf_count_t, void*) {
  return 0;
}

sf_count_t place_of(void* data) {
  return static_cast<Sink*>(data)->at;
}

int library_format(SoundFormat format) noexcept {
  switch (format) {
    case SoundFormat::kFlac:
      return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    case SoundFormat::kOpus:
      return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case SoundFormat::kMp3:
      return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case SoundFormat::kWav:
    case SoundFormat::kPcm:
      break;
  }
  return SF_FORMAT_WAV | SF_FORMAT_PCM_16;
}

struct Closer {
  void operator()(SNDFILE* file) const noexcept { sf_close(file); }
};

class SndfileEncoder final : public Encoder {
 public:
  SndfileEncoder(SoundFormat format, int sample_rate, OnBytes on_bytes, Headers headers)
      : on_bytes_(std::move(on_bytes)), headers_(headers) {
    SF_VIRTUAL_IO io{length_of, seek_to, read_nothing, write_some, place_of};
    SF_INFO facts{};
    facts.samplerate = sample_rate;
    facts.channels = 1;
    facts.format = library_format(format);
    file_.reset(sf_open_virtual(&io, SFM_WRITE, &facts, &sink_));
    if (!file_) {
      throw Error(ErrorCode::kInternal, "sound cannot be written as " +
                                            std::string(to_string(format)) + ": " +
                                            sf_strerror(nullptr));
    }
    if (format == SoundFormat::kOpus) {
      double latency_ms = kPageMilliseconds;
      sf_command(file_.get(), SFC_SET_OGG_PAGE_LATENCY_MS, &latency_ms, sizeof(latency_ms));
    }
    if (format == SoundFormat::kMp3) {
      // Players tell the length of a stream by its rate, if that is always the same.
      int mode = SF_BITRATE_MODE_CONSTANT;
      double level = kMp3Level;
      sf_command(file_.get(), SFC_SET_BITRATE_MODE, &mode, sizeof(mode));
      sf_command(file_.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof(level));
    }
    sf_command(file_.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  }

  void write(std::span<const float> samples) override {
    const auto count = static_cast<sf_count_t>(samples.size());
    if (sf_write_float(file_.get(), samples.data(), count) != count) {
      throw Error(ErrorCode::kInternal,
                  "sound cannot be encoded: " + std::string(sf_strerror(file_.get())));
    }
    if (headers_ == Headers::kStreamed) flush();
  }
  void finish() override {
    file_.reset();
    flush();
  }

 private:
  /// How long an encoder may keep sound back.
  static constexpr double kPageMilliseconds = 100;
  /// Between the highest rate (0) and the lowest (1); some 64 kbit/s.
  static constexpr double kMp3Level = 0.65;

  void flush() {
    if (sink_.fresh.empty()) return;
    sink_.given = sink_.size();
    on_bytes_(std::exchange(sink_.fresh, {}));
  }

  const OnBytes on_bytes_;
  const Headers headers_;
  Sink sink_;
  std::unique_ptr<SNDFILE, Closer> file_;
};

}  // namespace

std::unique_ptr<Encoder> make_sndfile_encoder(SoundFormat format, int sample_rate, OnBytes on_bytes,
                                              Headers headers) {
  return std::make_unique<SndfileEncoder>(format, sample_rate, std::move(on_bytes), headers);
}

}  // namespace hailstone::media
