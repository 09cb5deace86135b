// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/service.hpp"

#include <utility>

#include "services/speech/speak/service.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/voice/talk/cast_keeper.hpp"
#include "services/text/chat/service.hpp"

namespace hailstone::voice {
namespace {

constexpr std::size_t kLongestAnswer = 600;  // seconds

class Stopwatch {
 public:
  milliseconds lap() {
    const auto now = system_clock().now();
    return std::chrono::duration_cast<milliseconds>(now - std::exchange(begin_, now));
  }

 private:
  SteadyTime begin_ = system_clock().now();
};

class WholeText final : public chat::ReplySink {
 public:
  explicit WholeText(Answered& answered) : answered_(answered) {}
  void begin(const chat::Started& started) override { answered_.chat_engine = started.engine; }
  void piece(inference::TextChunk&& chunk) override { answered_.answer += chunk.text; }

 private:
  Answered& answered_;
};

void hear(const VoiceServices& services, media::ByteSource& audio, const Question& question,
          const RunContext& run, Answered& answered) {
  transcribe::Task task;
  task.model = question.cast.hear;
  task.options.language = question.cast.language;
  auto heard = services.transcribe.transcribe(audio, task, {}, run);
  if (heard.text.empty()) {
    throw Error(ErrorCode::kBadRequest, "no speech was heard in the audio",
                "POST /api/transcribe shows what the recogniser makes of it");
  }
  answered.transcript = std::move(heard.text);
  answered.language = std::move(heard.language);
  answered.duration = heard.duration;
}

void write(const VoiceServices& services, const Question& question, const RunContext& run,
           Answered& answered) {
  chat::ChatTask task;
  task.model = choose_chat_model(services.models, question.cast.chat);
  task.messages = make_messages(question.reply.instructions, question.history);
  task.messages.push_back(inference::make_message(inference::Role::kUser, answered.transcript));
  task.thinking = inference::Thinking::kOff;
  task.options.num_predict = question.reply.most_tokens;
  task.options.sampling.temperature = question.reply.temperature;
  WholeText sink(answered);
  services.chat.chat(task, sink, run);
  answered.chat_model = task.model;
}

void say(const VoiceServices& services, const Question& question, const RunContext& run,
         Answered& answered) {
  speak::Task task;
  task.text = answered.answer;
  task.wish = {question.cast.speak, question.cast.voice, question.cast.language, false};
  task.speed = question.reply.speed;
  auto& sound = answered.sound;
  services.speak.speak(
      task, [&](const speak::Speaker& speaker) { answered.speaker = speaker; },
      [&](const media::Pcm& piece) {
        sound.sample_rate = piece.sample_rate;
        sound.samples.insert(sound.samples.end(), piece.samples.begin(), piece.samples.end());
        if (sound.samples.size() > kLongestAnswer * static_cast<std::size_t>(sound.sample_rate)) {
          throw Error(ErrorCode::kTooLarge, "the answer gets longer than ten minutes",
                      "ask for less with max_tokens, or use the WebSocket /api/voice");
        }
      },
      run);
}

}  // namespace

Answered answer(const VoiceServices& services, media::ByteSource& audio, const Question& question,
                const RunContext& run) {
  Answered answered;
  Stopwatch watch;
  hear(services, audio, question, run, answered);
  answered.hear_time = watch.lap();
  write(services, question, run, answered);
  answered.chat_time = watch.lap();
  if (question.reply.speaks) say(services, question, run, answered);
  answered.speak_time = watch.lap();
  return answered;
}

}  // namespace hailstone::voice
