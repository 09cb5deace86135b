// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/live.hpp"

#include <exception>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/strings.hpp"
#include "inference/audio_pipe.hpp"
#include "media/audio/files/packet_decoder.hpp"
#include "media/audio/resampler.hpp"
#include "os/thread_name.hpp"
#include "services/speech/sound/microphone_detector.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/transcribe/wire_live.hpp"

namespace hailstone::transcribe {
namespace {

/// Sound that waits while the engine is busy; then the client has to wait.
constexpr std::size_t kMostWaiting = 30U * sound::kSampleRate;
/// Of a client that says nothing at all.
constexpr std::chrono::minutes kMostSilence{10};

std::unique_ptr<media::PacketDecoder> make_decoder(const LiveRequest& live) {
  media::PacketFormat format;
  format.channels = 1;
  format.sample_rate = live.sample_rate;
  switch (live.format) {
    case LiveFormat::kPcm16:
      format.codec = "A_PCM/INT/LIT";
      format.bits = 16;
      break;
    case LiveFormat::kFloat32:
      format.codec = "A_PCM/FLOAT/IEEE";
      format.bits = 32;
      break;
    case LiveFormat::kOpus:
      format.codec = "A_OPUS";
      break;
  }
  return media::make_packet_decoder(format);
}

/// The client's messages to samples, and samples to events of the gate and into the pipe.
class Microphone {
 public:
  Microphone(const LiveRequest& live, http::WebSocketSession& session, inference::AudioPipe& pipe)
      : session_(session),
        pipe_(pipe),
        decoder_(make_decoder(live)),
        resampler_(decoder_->sample_rate(), sound::kSampleRate),
        gate_(sound::make_microphone_detector(), live.gate) {}

  /// False once the client has ended it.
  bool take(const http::WebSocketMessage& message, const RunContext& run) {
    switch (message.kind) {
      case http::WebSocketMessage::Kind::kBinary:
        hear(message.data, run);
        return true;
      case http::WebSocketMessage::Kind::kText:
        return obey(parse_live_message(message.data));
      case http::WebSocketMessage::Kind::kNothing:
        throw Error(ErrorCode::kTimeout, "nothing has come for ten minutes");
      case http::WebSocketMessage::Kind::kClosed:
        break;
    }
    return false;
  }

  void finish() {
    for (const auto& event : gate_.finish()) session_.send_text(write_gate_event(event));
    pipe_.finish();
  }

 private:
  void hear(const std::string& bytes, const RunContext& run) {
    decoded_.clear();
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    decoder_->decode({data, bytes.size()}, decoded_);
    samples_.clear();
    resampler_.push(decoded_, samples_);
    const auto events = gate_.push(samples_);
    pipe_.push(samples_, run);
    for (const auto& event : events) {
      if (event.kind == sound::GateEvent::Kind::kStopped) pipe_.end_utterance();
      session_.send_text(write_gate_event(event));
    }
  }

  bool obey(const LiveMessage& message) {
    if (message.command == LiveCommand::kCommit) pipe_.end_utterance();
    if (message.command == LiveCommand::kStart) {
      throw Error(ErrorCode::kBadRequest, "start must be the first message, before any sound");
    }
    return message.command != LiveCommand::kStop;
  }

  http::WebSocketSession& session_;
  inference::AudioPipe& pipe_;
  std::unique_ptr<media::PacketDecoder> decoder_;
  media::Resampler resampler_;
  sound::SpeechGate gate_;
  std::vector<float> decoded_;
  std::vector<float> samples_;
};

/// Reads the client on a thread of its own while the session's listens.
class Reader {
 public:
  Reader(Microphone& microphone, http::WebSocketSession& session, inference::AudioPipe& pipe,
         std::optional<http::WebSocketMessage> first, std::stop_token stop)
      : thread_([&microphone, &session, &pipe, first = std::move(first),
                 stop = std::move(stop)](const std::stop_token& own) mutable {
          os::set_thread_name("live-read");
          // Whichever comes first: the session's end, or that nobody listens any more.
          std::stop_source both;
          const std::stop_callback on_session(stop, [&both] { both.request_stop(); });
          const std::stop_callback on_own(own, [&both] { both.request_stop(); });
          try {
            read(microphone, session, std::move(first), {Deadline::never(), both.get_token()});
          } catch (...) {  // goes to who listens
            pipe.fail(std::current_exception());
          }
        }) {}

 private:
  static void read(Microphone& microphone, http::WebSocketSession& session,
                   std::optional<http::WebSocketMessage> first, const RunContext& run) {
    bool goes_on = !first || microphone.take(*first, run);
    while (goes_on) {
      auto message = session.receive(Deadline::in(kMostSilence), run.stop);
      run.check();
      goes_on = microphone.take(message, run);
    }
    microphone.finish();
  }

  std::jthread thread_;
};

/// The first message may say what is wanted; else the query does, and it is sound already.
LiveRequest read_request(const http::Request& request, http::WebSocketSession& session,
                         std::optional<http::WebSocketMessage>& first) {
  auto fields = request.query;
  auto message = session.receive(Deadline::in(kMostSilence), request.run.stop);
  if (message.kind == http::WebSocketMessage::Kind::kText) {
    auto said = parse_live_message(message.data);
    if (said.command == LiveCommand::kStart) {
      for (auto& [name, value] : said.fields) fields[name] = std::move(value);
      return parse_live(fields);
    }
  }
  first = std::move(message);
  return parse_live(fields);
}

void converse(TranscribeService& service, const http::Request& request,
              http::WebSocketSession& session) {
  std::optional<http::WebSocketMessage> first;
  const LiveRequest live = read_request(request, session, first);
  if (first && first->kind == http::WebSocketMessage::Kind::kClosed) return;
  inference::AudioPipe pipe(sound::kSampleRate, kMostWaiting);
  Microphone microphone(live, session, pipe);
  std::string text;
  std::chrono::milliseconds heard{};
  const auto listening = service.listen(live.task, request.run);
  session.send_text(write_ready(listening.model, listening.engine, sound::kSampleRate));
  const Reader reader(microphone, session, pipe, std::move(first), request.run.stop);
  const std::string language = listening.run(pipe, [&](inference::HearEvent&& event) {
    heard = std::max(heard, event.heard);
    if (event.kind == inference::HearEvent::Kind::kProgress) return;
    if (event.kind == inference::HearEvent::Kind::kFinal) text += event.segment.text;
    session.send_text(write_heard(event));
  });
  session.send_text(write_live_done(std::string(trim(text)), language, heard));
}

}  // namespace

void hold_conversation(TranscribeService& service, const http::Request& request,
                       http::WebSocketSession& session) {
  try {
    converse(service, request, session);
  } catch (const Error& error) {
    // The client learns why, then the server closes with the code that fits.
    if (error.code() != ErrorCode::kCancelled) session.send_text(write_live_error(error));
    throw;
  }
}

}  // namespace hailstone::transcribe
