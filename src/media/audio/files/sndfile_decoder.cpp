// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/sndfile_decoder.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

/// A place in a source, as libsndfile wants to move it. Exceptions wait here: they must not pass
/// through a C library.
struct Cursor {
  ByteSource* source = nullptr;
  std::uint64_t at = 0;
  std::exception_ptr failure;
};

sf_count_t length_of(void* data) {
  return static_cast<sf_count_t>(static_cast<Cursor*>(data)->source->size());
}

sf_count_t seek_to(sf_count_t offset, int whence, void* data) {
  auto& cursor = *static_cast<Cursor*>(data);
  const auto base = whence == SEEK_SET   ? 0
                    : whence == SEEK_CUR ? static_cast<sf_count_t>(cursor.at)
                                         : length_of(data);
  if (offset < -base) return -1;
  cursor.at = static_cast<std::uint64_t>(base + offset);
  return base + offset;
}

sf_count_t read_some(void* out, sf_count_t count, void* data) {
  auto& cursor = *static_cast<Cursor*>(data);
  try {
    const auto got = cursor.source->read_at(
        cursor.at,
        {static_cast<std::byte*>(out), static_cast<std::size_t>(std::max<sf_count_t>(count, 0))});
    cursor.at += got;
    return static_cast<sf_count_t>(got);
  } catch (...) {  // kept for the caller: this is called by C
    cursor.failure = std::current_exception();
    return 0;
  }
}

sf_count_t place_of(void* data) {
  return static_cast<sf_count_t>(static_cast<Cursor*>(data)->at);
}

struct Closer {
  void operator()(SNDFILE* file) const noexcept { sf_close(file); }
};

class SndfileDecoder final : public Decoder {
 public:
  SndfileDecoder(ByteSource& source, Container container) {
    cursor_.source = &source;
    if (container == Container::kWav) cursor_.source = &riff_.emplace(source);
    SF_VIRTUAL_IO io{length_of, seek_to, read_some, nullptr, place_of};
    SF_INFO facts{};
    file_.reset(sf_open_virtual(&io, SFM_READ, &facts, &cursor_));
    rethrow();
    info_.format = to_string(container);
    if (!file_) {
      throw Error(ErrorCode::kBadRequest, "the " + info_.format + " file cannot be read: " +
                                              std::string(sf_strerror(nullptr)));
    }
    info_.sample_rate = facts.samplerate;
    info_.channels = facts.channels;
    if (facts.frames > 0 && facts.frames < SF_COUNT_MAX && facts.samplerate > 0) {
      frames_ = facts.frames;
      info_.duration = std::chrono::milliseconds(
          std::llround(static_cast<double>(facts.frames) * 1000.0 / facts.samplerate));
    }
    // Only FLAC promises how much there is, so that less means damage.
    promises_length_ = container == Container::kFlac;
  }

  const SoundInfo& info() const noexcept override { return info_; }

  std::size_t read(std::span<float> out) override {
    const auto frames = static_cast<sf_count_t>(out.size()) / info_.channels;
    const auto got = std::max<sf_count_t>(0, sf_readf_float(file_.get(), out.data(), frames));
    rethrow();
    done_ += got;
    if (got == 0 && promises_length_ && done_ < frames_) {
      throw Error(ErrorCode::kBadRequest, "the " + info_.format +
                                              " file is cut off or damaged: " + seconds(done_) +
                                              " of " + seconds(frames_) + " seconds can be read");
    }
    return static_cast<std::size_t>(got);
  }

 private:
  void rethrow() {
    if (cursor_.failure) std::rethrow_exception(std::exchange(cursor_.failure, nullptr));
  }
  std::string seconds(sf_count_t frames) const {
    return std::to_string(frames / info_.sample_rate);
  }

  std::optional<RiffSource> riff_;
  Cursor cursor_;
  std::unique_ptr<SNDFILE, Closer> file_;
  SoundInfo info_;
  sf_count_t frames_ = 0;
  sf_count_t done_ = 0;
  bool promises_length_ = false;
};

}  // namespace

std::unique_ptr<Decoder> open_sndfile(ByteSource& source, Container container) {
  return std::make_unique<SndfileDecoder>(source, container);
}

}  // namespace hailstone::media
