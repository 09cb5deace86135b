// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/wire_question.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "services/common/base64.hpp"
#include "services/speech/voice/wire.hpp"

namespace hailstone::voice {
namespace {

/// Servers and proxies take 8 KiB of header lines.
constexpr std::size_t kMostHeader = 3000;

ReplyForm parse_form(const sound::AudioRequest& request, std::string_view accept) {
  const auto form = request.find("reply");
  if (!form) {
    if (accept.find("multipart/") != std::string_view::npos) return ReplyForm::kMultipart;
    const bool wants_json = accept.starts_with("application/json");
    return wants_json ? ReplyForm::kJson : ReplyForm::kSound;
  }
  if (*form == "audio") return ReplyForm::kSound;
  if (*form == "json") return ReplyForm::kJson;
  if (*form == "multipart") return ReplyForm::kMultipart;
  throw Error(ErrorCode::kBadRequest, "reply must be one of: audio, json, multipart");
}

}  // namespace

QuestionRequest parse_question(const sound::AudioRequest& request, std::string_view accept) {
  QuestionRequest out;
  std::map<std::string, std::string> fields;
  for (const auto& [name, values] : request.fields) {
    if (name != "format" && name != "reply" && !values.empty()) fields[name] = values.back();
  }
  LiveOptions options = default_options();
  read_options(fields, options);
  if (!options.talk.reply.tools.empty()) {
    throw Error(ErrorCode::kBadRequest, "tools need a talk", "use the WebSocket /api/voice");
  }
  out.question = {std::move(options.talk.cast), std::move(options.talk.reply),
                  std::move(options.history)};
  if (const auto name = request.find("format")) {
    const auto format = media::find_sound_format(*name);
    if (!format) {
      throw Error(ErrorCode::kBadRequest, "format must be one of: wav, flac, opus, mp3, pcm");
    }
    out.format = *format;
  }
  out.form = parse_form(request, accept);
  if (!out.question.reply.speaks) out.form = ReplyForm::kJson;
  return out;
}

std::string write_answer(const Answered& answered, std::string_view audio) {
  http::Json json{{"transcript", answered.transcript},
                  {"language", answered.language},
                  {"answer", answered.answer},
                  {"voice", answered.speaker.voice},
                  {"model", answered.chat_model},
                  {"times",
                   {{"hear_ms", answered.hear_time.count()},
                    {"chat_ms", answered.chat_time.count()},
                    {"speak_ms", answered.speak_time.count()}}}};
  if (!audio.empty()) json["audio"] = services::to_base64(audio);
  return http::to_text(json);
}

std::string header_text(std::string_view text) {
  std::string encoded = percent_encode(text);
  return encoded.size() <= kMostHeader ? encoded : std::string();
}

}  // namespace hailstone::voice
