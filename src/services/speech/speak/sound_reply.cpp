// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/sound_reply.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "base/error.hpp"
#include "http/header_names.hpp"
#include "services/speech/speak/wire_openai.hpp"

namespace hailstone::speak {
namespace {

/// Of a reply that is kept until it is complete.
constexpr std::size_t kLongestWhole = 600;

std::string to_seconds(std::size_t samples, int sample_rate) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f",
                static_cast<double>(samples) / std::max(1, sample_rate));
  return text.data();
}

}  // namespace

void SoundReply::begin(const Speaker& speaker) {
  reply_.add_header(http::kModelHeader, speaker.model);
  reply_.add_header(http::kEngineHeader, speaker.engine);
  reply_.add_header(http::kVoiceHeader, speaker.voice);
  reply_.add_header(http::kLanguageHeader, speaker.language);
  if (speaker.is_substitute) reply_.add_header(http::kSubstitutedHeader, "true");
}

void SoundReply::write(const media::Pcm& piece) {
  if (sample_rate_ == 0) sample_rate_ = piece.sample_rate;
  samples_ += piece.samples.size();
  if (request_.delivery == Delivery::kWhole) {
    if (samples_ / static_cast<unsigned>(sample_rate_) > kLongestWhole) {
      throw Error(ErrorCode::kTooLarge, "the speech gets longer than ten minutes",
                  "take it as a stream: \"stream\": true");
    }
    whole_.samples.insert(whole_.samples.end(), piece.samples.begin(), piece.samples.end());
    return;
  }
  if (encoder_ == nullptr) start_encoder(piece.sample_rate);
  encoder_->write(piece.samples);
}

void SoundReply::start_encoder(int sample_rate) {
  if (request_.delivery == Delivery::kStreamed) {
    stream_ = &reply_.stream(200, std::string(media::content_type_of(request_.task.format)));
  }
  encoder_ = media::make_encoder(request_.task.format, sample_rate,
                                 [this](std::string_view bytes) { send(bytes); });
}

void SoundReply::send(std::string_view bytes) {
  if (request_.delivery == Delivery::kEvents) {
    events_.send(write_audio_delta(bytes));
  } else {
    stream_->write(bytes);
  }
}

void SoundReply::finish() {
  if (sample_rate_ == 0) {
    throw Error(ErrorCode::kBadRequest, "the voice has no sound for this text");
  }
  if (request_.delivery == Delivery::kWhole) {
    send_whole();
    return;
  }
  encoder_->finish();
  if (request_.delivery == Delivery::kEvents) {
    events_.send(
        write_audio_done(request_.task.text.size(), static_cast<double>(samples_) / sample_rate_));
  }
}

void SoundReply::send_whole() {
  whole_.sample_rate = sample_rate_;
  reply_.add_header(http::kDurationHeader, to_seconds(samples_, sample_rate_));
  http::Response response;
  response.content_type = media::content_type_of(request_.task.format);
  response.body = media::encode_sound(request_.task.format, whole_);
  reply_.send(std::move(response));
}

}  // namespace hailstone::speak
