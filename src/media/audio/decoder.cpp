// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/decoder.hpp"

#include "base/error.hpp"
#include "media/audio/files/container.hpp"
#include "media/audio/files/mp3_decoder.hpp"
#include "media/audio/files/sndfile_decoder.hpp"
#include "media/audio/files/webm_decoder.hpp"

namespace hailstone::media {
namespace {

void check_figures(const SoundInfo& info) {
  if (info.sample_rate < kLowestRate || info.sample_rate > kHighestRate) {
    throw Error(ErrorCode::kBadRequest,
                "the audio's sample rate is " + std::to_string(info.sample_rate) + " Hz",
                std::to_string(kLowestRate) + " to " + std::to_string(kHighestRate) + " Hz work");
  }
  if (info.channels < 1 || info.channels > kMostChannels) {
    throw Error(ErrorCode::kBadRequest,
                "the audio has " + std::to_string(info.channels) + " channels",
                "1 to " + std::to_string(kMostChannels) + " work");
  }
}

std::unique_ptr<Decoder> open_any(ByteSource& source) {
  const Container container = require_container(source);
  switch (container) {
    case Container::kWebm:
      return open_webm(source);
    case Container::kMp4:
    case Container::kAac:
      throw Error(ErrorCode::kUnsupported,
                  std::string(to_string(container)) + " (AAC) cannot be decoded here",
                  "WAV, FLAC, Ogg (Vorbis, Opus), MP3, WebM (Opus) and AIFF can be read; "
                  "ffmpeg -i talk.m4a talk.ogg makes one of them");
    case Container::kMp3:
      return open_mp3(source);
    default:
      return open_sndfile(source, container);
  }
}

}  // namespace

std::unique_ptr<Decoder> open_decoder(ByteSource& source) {
  auto decoder = open_any(source);
  check_figures(decoder->info());
  return decoder;
}

}  // namespace hailstone::media
