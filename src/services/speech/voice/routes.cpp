// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/routes.hpp"

#include <string>
#include <utility>

#include "base/ids.hpp"
#include "http/header_names.hpp"
#include "http/router.hpp"
#include "services/speech/voice/live.hpp"
#include "services/speech/voice/service.hpp"
#include "services/speech/voice/wire_question.hpp"

namespace hailstone::voice {
namespace {

/// No frame of a microphone is nearly as large.
constexpr ByteSize kMostMessage = ByteSize::mib(1);

void add_headers(http::Reply& reply, const Answered& answered) {
  reply.add_header(http::kModelHeader, answered.chat_model);
  reply.add_header(http::kEngineHeader, answered.chat_engine);
  reply.add_header(http::kVoiceHeader, answered.speaker.voice);
  reply.add_header("Server-Timing",
                   "hear;dur=" + std::to_string(answered.hear_time.count()) +
                       ", chat;dur=" + std::to_string(answered.chat_time.count()) +
                       ", speak;dur=" + std::to_string(answered.speak_time.count()));
  const std::pair<const char*, std::string> texts[] = {
      {http::kTranscriptHeader, header_text(answered.transcript)},
      {http::kAnswerHeader, header_text(answered.answer)}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) reply.add_header(name, text);
  }
}

/// RFC 2046: the texts, then the sound.
http::Response multipart(const Answered& answered, const std::string& audio,
                         std::string_view audio_type) {
  const std::string boundary = make_id("voice-");
  http::Response response;
  response.content_type = "multipart/mixed; boundary=" + boundary;
  response.body = "--" + boundary + "\r\nContent-Type: application/json\r\n\r\n" +
                  write_answer(answered, {}) + "\r\n--" + boundary +
                  "\r\nContent-Type: " + std::string(audio_type) + "\r\n\r\n" + audio + "\r\n--" +
                  boundary + "--\r\n";
  return response;
}

http::Response respond(const Answered& answered, const QuestionRequest& what) {
  std::string audio;
  if (what.question.reply.speaks) audio = media::encode_sound(what.format, answered.sound);
  const auto audio_type = media::content_type_of(what.format);
  if (what.form == ReplyForm::kMultipart) return multipart(answered, audio, audio_type);
  http::Response response;
  if (what.form == ReplyForm::kJson) {
    response.body = write_answer(answered, audio);
  } else {
    response.content_type = audio_type;
    response.body = std::move(audio);
  }
  return response;
}

void handle_question(const VoiceServices& services, const std::filesystem::path& spool,
                     http::Request& request, http::Reply& reply) {
  const auto upload = sound::take_audio_request(request, spool);
  const auto what = parse_question(upload, request.headers.find("Accept").value_or(""));
  sound::require_audio(upload, "audio");
  const auto audio = upload.audio->source();
  const Answered answered = answer(services, *audio, what.question, request.run);
  add_headers(reply, answered);
  reply.send(respond(answered, what));
}

}  // namespace

void add_voice_routes(http::Router& router, const VoiceServices& services,
                      const std::filesystem::path& spool) {
  http::Route once;
  once.method = http::Method::kPost;
  once.pattern = "/api/voice";
  once.handler = [services, spool](http::Request& request, http::Reply& reply) {
    handle_question(services, spool, request, reply);
  };
  once.cost = http::Cost::kWork;
  once.body = http::BodyMode::kStreamed;
  once.max_body = sound::kMostAudio;
  once.timeout = {};  // each wait has its own end
  router.add(std::move(once));

  http::Route live;
  live.method = http::Method::kGet;
  live.pattern = "/api/voice";
  live.max_body = kMostMessage;
  live.web_socket = [services](const http::Request& request, http::WebSocketSession& session) {
    hold_talk(services, request, session);
  };
  router.add(std::move(live));
}

}  // namespace hailstone::voice
