// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/webm_decoder.hpp"

#include <webm/callback.h>
#include <webm/reader.h>
#include <webm/status.h>
#include <webm/webm_parser.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "media/audio/files/packet_decoder.hpp"

namespace hailstone::media {
namespace {

/// No packet of sound is larger; Opus has at most 60 ms of 255 channels' 1275 bytes.
constexpr std::uint64_t kMostPacket = std::uint64_t{1} << 20;
/// Of what is read into memory; headers of codecs have some dozen bytes.
constexpr std::uint64_t kMostElement = std::uint64_t{1} << 20;
/// What the parser may read before it gives decoded sound back.
constexpr std::uint64_t kStride = std::uint64_t{64} << 10;

/// Elements of any size, whose content is not kept as a whole.
bool is_structure(webm::Id id) noexcept {
  switch (id) {
    case webm::Id::kSegment:
    case webm::Id::kTracks:
    case webm::Id::kTrackEntry:
    case webm::Id::kCluster:
    case webm::Id::kSimpleBlock:
    case webm::Id::kBlockGroup:
    case webm::Id::kBlock:
      return true;
    default:
      return false;
  }
}

bool is_used(webm::Id id) noexcept {
  switch (id) {
    case webm::Id::kCues:
    case webm::Id::kTags:
    case webm::Id::kChapters:
    case webm::Id::kSeekHead:
    case webm::Id::kBlockAdditions:
      return false;
    default:
      return true;
  }
}

/// Reads on from where it stopped; pauses every stride, so that the parser comes back.
class SourceReader final : public webm::Reader {
 public:
  explicit SourceReader(ByteSource& source) : source_(source) {}

  webm::Status Read(std::size_t wanted, std::uint8_t* out, std::uint64_t* done) override {
    *done = 0;
    if (wanted == 0) return webm::Status(webm::Status::kOkCompleted);
    if (at_ >= limit_) return webm::Status(webm::Status::kWouldBlock);
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, limit_ - at_));
    *done = source_.read_at(at_, {reinterpret_cast<std::byte*>(out), most});
    return moved(*done, wanted);
  }
  webm::Status Skip(std::uint64_t wanted, std::uint64_t* done) override {
    *done = 0;
    if (wanted == 0) return webm::Status(webm::Status::kOkCompleted);
    if (at_ >= source_.size()) return webm::Status(webm::Status::kEndOfFile);
    *done = std::min(wanted, source_.size() - at_);
    limit_ = std::max(limit_, at_ + *done);
    return moved(*done, wanted);
  }
  std::uint64_t Position() const override { return at_; }

  void extend() noexcept { limit_ = at_ + kStride; }

 private:
  webm::Status moved(std::uint64_t done, std::uint64_t wanted) {
    at_ += done;
    if (done == 0) return webm::Status(webm::Status::kEndOfFile);
    return webm::Status(done == wanted ? webm::Status::kOkCompleted : webm::Status::kOkPartial);
  }

  ByteSource& source_;
  std::uint64_t at_ = 0;
  std::uint64_t limit_ = 0;
};

/// Finds the track, and decodes its frames into samples.
class Collector final : public webm::Callback {
 public:
  /// The parser would take as much memory as an element says that it needs.
  webm::Status OnElementBegin(const webm::ElementMetadata& element, webm::Action* action) override {
    const bool is_read =
        is_structure(element.id) || (element.size <= kMostElement && is_used(element.id));
    *action = is_read ? webm::Action::kRead : webm::Action::kSkip;
    return done();
  }
  webm::Status OnInfo(const webm::ElementMetadata&, const webm::Info& info) override {
    if (info.duration.is_present() && info.timecode_scale.value() > 0) {
      const double ms =
          info.duration.value() * static_cast<double>(info.timecode_scale.value()) / 1e6;
      if (ms > 0 && ms < 1e12) duration = std::chrono::milliseconds(std::llround(ms));
    }
    return done();
  }
  webm::Status OnTrackEntry(const webm::ElementMetadata&, const webm::TrackEntry& track) override {
    if (track.track_type.value() != webm::TrackType::kAudio) {
      has_other_tracks = true;
    } else if (decoder == nullptr) {
      number_ = track.track_number.value();
      PacketFormat format;
      format.codec = track.codec_id.value();
      format.header = track.codec_private.value();
      const double rate = track.audio.value().sampling_frequency.value();
      format.sample_rate = rate > 0 && rate < 1e7 ? static_cast<int>(std::lround(rate)) : 0;
      format.channels =
          static_cast<int>(std::min<std::uint64_t>(track.audio.value().channels.value(), 1000));
      format.bits =
          static_cast<int>(std::min<std::uint64_t>(track.audio.value().bit_depth.value(), 64));
      decoder = make_packet_decoder(format);
    }
    return done();
  }
  webm::Status OnSimpleBlockBegin(const webm::ElementMetadata&, const webm::SimpleBlock& block,
                                  webm::Action* action) override {
    *action = choose(block.track_number);
    return done();
  }
  webm::Status OnBlockBegin(const webm::ElementMetadata&, const webm::Block& block,
                            webm::Action* action) override {
    *action = choose(block.track_number);
    return done();
  }
  webm::Status OnFrame(const webm::FrameMetadata& frame, webm::Reader* reader,
                       std::uint64_t* left) override {
    if (frame.size > kMostPacket) {
      throw Error(ErrorCode::kBadRequest, "the WebM file is damaged: a packet is too large");
    }
    packet_.resize(frame.size);
    while (*left > 0) {
      std::uint64_t got = 0;
      const auto status = reader->Read(*left, packet_.data() + (frame.size - *left), &got);
      *left -= got;
      if (!status.ok()) return status;
    }
    decoder->decode(packet_, samples);
    return done();
  }

  std::optional<std::chrono::milliseconds> duration;
  std::unique_ptr<PacketDecoder> decoder;  ///< null until the track is known
  std::vector<float> samples;              ///< decoded and not taken yet
  bool has_other_tracks = false;

 private:
  static webm::Status done() { return webm::Status(webm::Status::kOkCompleted); }
  webm::Action choose(std::uint64_t track) const noexcept {
    return decoder != nullptr && track == number_ ? webm::Action::kRead : webm::Action::kSkip;
  }

  std::uint64_t number_ = 0;
  std::vector<std::uint8_t> packet_;
};

class WebmDecoder final : public Decoder {
 public:
  explicit WebmDecoder(ByteSource& source) : reader_(source) {
    while (!at_end_ && collector_.samples.empty()) advance();
    if (collector_.decoder == nullptr) {
      throw Error(ErrorCode::kBadRequest, collector_.has_other_tracks
                                              ? "the WebM file is a video without sound"
                                              : "the WebM file has no track with sound");
    }
    info_.format = "WebM";
    info_.sample_rate = collector_.decoder->sample_rate();
    info_.channels = collector_.decoder->channels();
    info_.duration = collector_.duration;
  }

  const SoundInfo& info() const noexcept override { return info_; }

  std::size_t read(std::span<float> out) override {
    while (!at_end_ && taken_ == collector_.samples.size()) {
      collector_.samples.clear();
      taken_ = 0;
      advance();
    }
    const auto channels = static_cast<std::size_t>(info_.channels);
    const std::size_t frames = std::min(out.size(), collector_.samples.size() - taken_) / channels;
    std::copy_n(collector_.samples.begin() + static_cast<std::ptrdiff_t>(taken_), frames * channels,
                out.begin());
    taken_ += frames * channels;
    return frames;
  }

 private:
  void advance() {
    reader_.extend();
    const auto status = parser_.Feed(&collector_, &reader_);
    if (status.code == webm::Status::kWouldBlock || status.code == webm::Status::kOkPartial) return;
    // A recording that was stopped ends anywhere.
    at_end_ = true;
    if (status.completed_ok() || status.code == webm::Status::kEndOfFile) return;
    throw Error(ErrorCode::kBadRequest,
                "the WebM file is damaged (error " + std::to_string(status.code) + ")");
  }

  SourceReader reader_;
  Collector collector_;
  webm::WebmParser parser_;
  SoundInfo info_;
  std::size_t taken_ = 0;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<Decoder> open_webm(ByteSource& source) {
  return std::make_unique<WebmDecoder>(source);
}

}  // namespace hailstone::media
