// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/routes.hpp"

#include <cstdint>
#include <utility>

#include "http/router.hpp"
#include "media/audio/files/packet_decoder.hpp"
#include "media/audio/resampler.hpp"
#include "services/speech/sound/voice_detector.hpp"
#include "services/speech/wake/service.hpp"
#include "services/speech/wake/wire_wake.hpp"

namespace hailstone::wake {
namespace {

/// Of a client that sends nothing at all.
constexpr std::chrono::minutes kMostSilence{10};
constexpr ByteSize kMostMessage = ByteSize::mib(1);

/// One client's microphone.
class Listening {
 public:
  Listening(const WakeService& service, const http::Request& request,
            http::WebSocketSession& session)
      : wanted_(parse_wake(request.query)),
        session_(session),
        run_(request.run),
        detector_(service.open(wanted_.words, wanted_.options)),
        decoder_(media::make_packet_decoder({"A_PCM/INT/LIT", {}, wanted_.sample_rate, 1, 16})),
        resampler_(wanted_.sample_rate, sound::kSampleRate) {
    run_.lane = Lane::kLive;
    for (const auto& each : detector_.words()) words_.push_back(each.word);
  }

  void listen() {
    session_.send_text(write_ready(words_, wanted_.sample_rate));
    while (take(session_.receive(Deadline::in(kMostSilence), run_.stop))) {
    }
    session_.send_text(write_done(detected_));
  }

 private:
  bool take(const http::WebSocketMessage& message) {
    using Kind = http::WebSocketMessage::Kind;
    run_.check();
    if (message.kind == Kind::kBinary) {
      hear(message.data);
      return true;
    }
    if (message.kind == Kind::kText) parse_stop(message.data);
    if (message.kind == Kind::kNothing) {
      throw Error(ErrorCode::kTimeout, "nothing has come for ten minutes");
    }
    return false;
  }

  void hear(const std::string& bytes) {
    decoded_.clear();
    samples_.clear();
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    decoder_->decode({data, bytes.size()}, decoded_);
    resampler_.push(decoded_, samples_);
    OnScores on_scores;
    if (wanted_.want_scores) {
      on_scores = [this](std::uint64_t at, std::span<const float> scores) {
        session_.send_text(write_scores(words_, at, scores));
      };
    }
    for (const auto& detection : detector_.push(samples_, run_, on_scores)) {
      ++detected_;
      session_.send_text(write_detected(words_[detection.word], detection));
    }
  }

  const WakeRequest wanted_;
  http::WebSocketSession& session_;
  RunContext run_;
  WakeDetector detector_;
  std::vector<WakeWord> words_;
  std::unique_ptr<media::PacketDecoder> decoder_;
  media::Resampler resampler_;
  std::vector<float> decoded_;
  std::vector<float> samples_;
  int detected_ = 0;
};

void hold_session(const WakeService& service, const http::Request& request,
                  http::WebSocketSession& session) {
  try {
    Listening(service, request, session).listen();
  } catch (const Error& error) {
    // The client learns why, then the server closes with the code that fits.
    if (error.code() != ErrorCode::kCancelled) session.send_text(write_wake_error(error));
    throw;
  }
}

}  // namespace

void add_wake_routes(http::Router& router, WakeService& service) {
  http::Route route;
  route.method = http::Method::kGet;
  route.pattern = "/api/wake";
  route.max_body = kMostMessage;
  route.handler = [&service](http::Request&, http::Reply& reply) {
    http::Response response;
    response.body = write_words(service.words());
    reply.send(std::move(response));
  };
  route.web_socket = [&service](const http::Request& request, http::WebSocketSession& session) {
    hold_session(service, request, session);
  };
  router.add(std::move(route));
}

}  // namespace hailstone::wake
