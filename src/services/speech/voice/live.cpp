// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/live.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "media/audio/files/packet_decoder.hpp"
#include "media/audio/files/packet_encoder.hpp"
#include "media/audio/resampler.hpp"
#include "services/speech/voice/talk/talk_loop.hpp"
#include "services/speech/voice/wake_stage.hpp"
#include "services/speech/voice/wire.hpp"
#include "services/speech/wake/service.hpp"

namespace hailstone::voice {
namespace {

/// For the first message.
constexpr std::chrono::minutes kPatience{10};

/// The client's messages to 16 kHz.
class Ear {
 public:
  Ear(Wire wire, int sample_rate)
      : decoder_(media::make_packet_decoder(format_of(wire, sample_rate))),
        resampler_(decoder_->sample_rate(), sound::kSampleRate) {}

  std::span<const float> take(const std::string& bytes) {
    decoded_.clear();
    samples_.clear();
    decoder_->decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, decoded_);
    resampler_.push(decoded_, samples_);
    return samples_;
  }

 private:
  static media::PacketFormat format_of(Wire wire, int sample_rate) {
    media::PacketFormat format;
    format.codec = wire == Wire::kOpus ? "A_OPUS" : "A_PCM/INT/LIT";
    format.channels = 1;
    format.sample_rate = sample_rate;
    format.bits = 16;
    return format;
  }

  std::unique_ptr<media::PacketDecoder> decoder_;
  media::Resampler resampler_;
  std::vector<float> decoded_;
  std::vector<float> samples_;
};

/// Our dialect: what happens in the talk to messages, and messages to what shall happen.
class LiveTalk final : public TalkSink {
 public:
  LiveTalk(const VoiceServices& services, LiveOptions options, http::WebSocketSession& session,
           TalkLoop& loop)
      : options_(std::move(options)),
        session_(session),
        ear_(options_.input, options_.input_rate),
        words_(services.wake),
        listening_(loop.run_context()),
        talk_(services, options_.talk, *this, loop.post(), loop.run_context()) {
    for (auto& item : options_.history) {
      item.id = make_id("item_");
      talk_.conversation().add(item);
    }
    listening_.lane = Lane::kLive;
    talk_.warm_up({true, options_.talk.reply.speaks});
    listen_for_words();
  }

  Talk& talk() noexcept { return talk_; }

  /// False: the client has ended it.
  bool take(http::WebSocketMessage&& message) {
    if (message.kind == http::WebSocketMessage::Kind::kBinary) {
      hear(ear_.take(message.data));
      return true;
    }
    try {
      const Command command = parse_command(message.data);
      if (command.kind == Command::Kind::kStop) return false;
      obey(command, message.data);
    } catch (const Error& error) {  // the client is told, and the talk goes on
      if (error.code() == ErrorCode::kCancelled) throw;
      failed(error);
    }
    return true;
  }

  void ready(const CastNote& cast) override { session_.send_text(write_ready(cast, options_)); }
  void speech_started(const Turn& turn) override {
    if (wake_) wake_->begin();
    session_.send_text(write_speech_started(turn));
  }
  void speech_stopped(const Turn& turn) override { session_.send_text(write_speech_stopped(turn)); }
  void partial(const Turn& turn, const std::string& text) override {
    session_.send_text(write_partial(turn, text));
  }
  void committed(const Turn&, const std::string&) override {}
  void heard(const Turn& turn) override {
    rest({});
    session_.send_text(write_heard(turn));
  }
  void not_heard(const Turn&, const Error& error) override {
    rest({});
    failed(error);
  }
  void timed_out(const Turn&) override {}
  void reply_created(const Reply& reply) override {
    encoder_.reset();
    if (wake_) wake_->begin();
    session_.send_text(write_reply_started(reply));
  }
  void reply_text(const Reply& reply, const std::string& text) override {
    session_.send_text(write_text(reply, text));
  }
  void reply_call(const Reply&, const inference::ToolCallPiece&) override {}
  void reply_speaker(const Reply& reply, const speak::Speaker& speaker) override {
    session_.send_text(write_speaking(reply, speaker));
  }
  void reply_sound(const Reply&, const std::string& pcm) override {
    if (options_.output == Wire::kPcm16) return session_.send_binary(pcm);
    if (!encoder_) encoder_.emplace(options_.talk.output_rate);
    encoder_->push(pcm, [this](std::string_view packet) { session_.send_binary(packet); });
  }
  void interrupted(const Reply& reply) override { session_.send_text(write_interrupted(reply)); }
  void reply_done(const Reply& reply) override {
    if (encoder_ && reply.status != Reply::Status::kCancelled) {
      encoder_->finish([this](std::string_view packet) { session_.send_binary(packet); });
    }
    encoder_.reset();
    for (const auto& call : reply.calls) {
      waiting_calls_.push_back(call.id);
      session_.send_text(write_tool_call(reply, call));
    }
    // At most: some of it has been played already.
    const bool is_played = reply.status != Reply::Status::kCancelled;
    rest(is_played ? std::chrono::duration_cast<milliseconds>(reply.usage.sound) : milliseconds());
    session_.send_text(write_reply_done(reply));
  }
  void failed(const Error& error) override { session_.send_text(write_error(error)); }

 private:
  void hear(std::span<const float> samples) {
    if (!wake_) return talk_.hear(samples);
    // A little at a time: whether somebody speaks tells whether it stays awake.
    constexpr std::size_t kStep = sound::kSampleRate / 50;
    for (std::size_t at = 0; at < samples.size(); at += kStep) {
      hear_awake(samples.subspan(at, std::min(kStep, samples.size() - at)));
    }
  }

  void hear_awake(std::span<const float> samples) {
    const auto step = wake_->push(samples, listening_);
    if (step.call) {
      session_.send_text(write_awake(detector_->words()[step.call->word].word, *step.call));
    }
    if (step.fell_asleep) session_.send_text(write_asleep());
    if (!step.heard.empty()) talk_.hear(step.heard);
  }

  /// Nobody speaks any more, but for so much of an answer.
  void rest(milliseconds to_play) {
    if (wake_) wake_->end(to_play);
  }

  void listen_for_words() {
    wake_.reset();
    detector_.reset();
    if (options_.wake.empty()) return;
    if (words_ == nullptr) throw Error(ErrorCode::kUnsupported, "there are no wake words here");
    detector_.emplace(words_->open(options_.wake, options_.wake_options));
    wake_.emplace([this](std::span<const float> samples,
                         const RunContext& run) { return detector_->push(samples, run); },
                  options_.attention);
  }

  void obey(const Command& command, const std::string& message) {
    switch (command.kind) {
      case Command::Kind::kStart:
        throw Error(ErrorCode::kBadRequest, "start must be the first message",
                    "update changes a talk that goes on");
      case Command::Kind::kUpdate:
        update(message);
        break;
      case Command::Kind::kCommit:
        talk_.commit(Answer::kWanted);
        break;
      case Command::Kind::kClear:
        talk_.clear_input();
        break;
      case Command::Kind::kCancel:
        talk_.cancel({});
        break;
      case Command::Kind::kPlayed:
        talk_.set_played(command.played);
        break;
      case Command::Kind::kText:
        add_text(command.text);
        break;
      case Command::Kind::kToolResult:
        add_result(command);
        break;
      case Command::Kind::kStop:
        break;
    }
  }

  void update(const std::string& message) {
    LiveOptions changed = options_;
    read_options(message, changed);
    const bool is_other_wire =
        changed.input != options_.input || changed.input_rate != options_.input_rate ||
        changed.output != options_.output || changed.talk.output_rate != options_.talk.output_rate;
    if (is_other_wire) {
      throw Error(ErrorCode::kBadRequest, "formats and rates cannot change during a talk");
    }
    const bool is_same_wake = changed.wake == options_.wake;
    options_ = std::move(changed);
    talk_.configure(options_.talk);
    if (!is_same_wake) listen_for_words();
  }

  void respond_soon() {
    talk_.cancel({});
    talk_.respond({options_.talk.reply});
  }

  void add_text(const std::string& text) {
    Item item;
    item.id = make_id("item_");
    item.contents.push_back({Content::Kind::kText, text});
    talk_.cancel({});
    talk_.conversation().add(std::move(item));
    talk_.respond({options_.talk.reply});
  }

  /// The answer comes when all calls have their results.
  void add_result(const Command& command) {
    if (std::erase(waiting_calls_, command.id) == 0) {
      throw Error(ErrorCode::kNotFound, "no call '" + command.id + "' waits for a result");
    }
    Item item;
    item.id = make_id("item_");
    item.kind = Item::Kind::kCallOutput;
    item.call.id = command.id;
    item.output = command.text;
    talk_.conversation().add(std::move(item));
    if (waiting_calls_.empty()) respond_soon();
  }

  LiveOptions options_;
  http::WebSocketSession& session_;
  Ear ear_;
  const wake::WakeService* const words_;
  RunContext listening_;
  std::optional<wake::WakeDetector> detector_;
  std::optional<WakeStage> wake_;  // it uses the detector
  std::optional<media::OpusPacketEncoder> encoder_;
  std::vector<std::string> waiting_calls_;
  Talk talk_;  // last: it uses this
};

/// The first message may say what is wanted; else the query does, and it is sound already.
LiveOptions read_start(const http::Request& request, http::WebSocketSession& session,
                       std::optional<http::WebSocketMessage>& first) {
  LiveOptions options = default_options();
  read_options(request.query, options);
  auto message = session.receive(Deadline::in(kPatience), request.run.stop);
  if (message.kind == http::WebSocketMessage::Kind::kNothing) {
    throw Error(ErrorCode::kTimeout, "nothing has come for ten minutes");
  }
  if (message.kind == http::WebSocketMessage::Kind::kText &&
      parse_command(message.data).kind == Command::Kind::kStart) {
    read_options(message.data, options);
  } else {
    first = std::move(message);
  }
  return options;
}

}  // namespace

void hold_talk(const VoiceServices& services, const http::Request& request,
               http::WebSocketSession& session) {
  try {
    std::optional<http::WebSocketMessage> first;
    LiveOptions options = read_start(request, session, first);
    if (first && first->kind == http::WebSocketMessage::Kind::kClosed) return;
    TalkLoop loop(session, request.run);
    LiveTalk live(services, std::move(options), session, loop);
    if (first && !live.take(*std::move(first))) return;
    loop.run(live.talk(),
             [&live](http::WebSocketMessage&& message) { return live.take(std::move(message)); });
    session.send_text(write_end());
  } catch (const Error& error) {
    // The client learns why, then the server closes with the code that fits.
    if (error.code() == ErrorCode::kCancelled) return;
    session.send_text(write_error(error));
    throw;
  }
}

}  // namespace hailstone::voice
