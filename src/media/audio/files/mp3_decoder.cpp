// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/mp3_decoder.hpp"

#include <mpg123.h>

#include <array>
#include <cmath>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

struct Closer {
  void operator()(mpg123_handle* handle) const noexcept { mpg123_delete(handle); }
};

constexpr std::size_t kStride = 16 << 10;

Error damaged(const std::string& why) {
  return {ErrorCode::kBadRequest, "the MP3 file cannot be read: " + why};
}

class Mp3Decoder final : public Decoder {
 public:
  explicit Mp3Decoder(ByteSource& source) : source_(source) {
    int error = MPG123_OK;
    handle_.reset(mpg123_new(nullptr, &error));
    if (!handle_) throw Error(ErrorCode::kOutOfMemory, mpg123_plain_strerror(error));
    mpg123_param(handle_.get(), MPG123_ADD_FLAGS, MPG123_FORCE_FLOAT | MPG123_QUIET, 0);
    if (mpg123_open_feed(handle_.get()) != MPG123_OK) throw damaged(reason());
    mpg123_set_filesize(handle_.get(), static_cast<off_t>(source.size()));
    find_first_frame();
  }

  const SoundInfo& info() const noexcept override { return info_; }

  std::size_t read(std::span<float> out) override {
    const std::size_t frame = sizeof(float) * static_cast<std::size_t>(info_.channels);
    const std::size_t room = out.size_bytes() / frame * frame;
    for (;;) {
      std::size_t done = 0;
      const int state =
          mpg123_read(handle_.get(), reinterpret_cast<unsigned char*>(out.data()), room, &done);
      if (done > 0) return done / frame;
      if (state == MPG123_NEED_MORE) {
        if (!feed()) return 0;
      } else if (state == MPG123_NEW_FORMAT) {
        check_same_format();
      } else if (state != MPG123_OK) {
        if (state == MPG123_DONE) return 0;
        throw damaged(reason());
      }
    }
  }

 private:
  std::string reason() const { return mpg123_strerror(handle_.get()); }

  /// False at the file's end.
  bool feed() {
    std::array<std::byte, kStride> bytes;
    const std::size_t got = source_.read_at(at_, bytes);
    at_ += got;
    if (got == 0) return false;
    if (mpg123_feed(handle_.get(), reinterpret_cast<const unsigned char*>(bytes.data()), got) !=
        MPG123_OK) {
      throw damaged(reason());
    }
    return true;
  }

  void find_first_frame() {
    for (;;) {
      std::size_t done = 0;
      const int state = mpg123_read(handle_.get(), nullptr, 0, &done);
      if (state == MPG123_NEW_FORMAT) break;
      if (state != MPG123_NEED_MORE) throw damaged(reason());
      if (!feed()) throw damaged("it holds no sound");
    }
    long rate = 0;
    int encoding = 0;
    mpg123_getformat(handle_.get(), &rate, &info_.channels, &encoding);
    info_.format = "MP3";
    info_.sample_rate = static_cast<int>(rate);
    const auto length = mpg123_length(handle_.get());
    if (length > 0 && rate > 0) {
      info_.duration = std::chrono::milliseconds(
          std::llround(static_cast<double>(length) * 1000.0 / static_cast<double>(rate)));
    }
  }

  /// Files that were glued together may change; nothing that we could go on with.
  void check_same_format() const {
    long rate = 0;
    int channels = 0;
    int encoding = 0;
    mpg123_getformat(handle_.get(), &rate, &channels, &encoding);
    if (rate != info_.sample_rate || channels != info_.channels) {
      throw damaged("its sample rate or its channels change on the way");
    }
  }

  ByteSource& source_;
  std::uint64_t at_ = 0;
  std::unique_ptr<mpg123_handle, Closer> handle_;
  SoundInfo info_;
};

}  // namespace

std::unique_ptr<Decoder> open_mp3(ByteSource& source) {
  return std::make_unique<Mp3Decoder>(source);
}

}  // namespace hailstone::media
