// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/wire_session.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/ids.hpp"
#include "http/json_fields.hpp"
#include "services/speech/realtime/wire_items.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::realtime {
namespace {

using http::Fields;
using http::Json;

constexpr std::int64_t kMostTokens = 100'000;
constexpr double kSlowest = 0.25;
constexpr double kFastest = 1.5;
constexpr std::int64_t kLongestPrefix = 1500;

Json default_turn_detection() {
  return {{"type", "server_vad"},       {"threshold", 0.5},           {"prefix_padding_ms", 300},
          {"silence_duration_ms", 500}, {"idle_timeout_ms", nullptr}, {"create_response", true},
          {"interrupt_response", true}};
}

Json default_input() {
  return {{"format", {{"type", "audio/pcm"}, {"rate", 24'000}}},
          {"transcription", nullptr},
          {"noise_reduction", nullptr},
          {"turn_detection", default_turn_detection()}};
}

Json default_session(const SessionStart& start, const std::string& id) {
  if (start.kind == SessionKind::kTranscription) {
    Json session{{"type", "transcription"},
                 {"object", "realtime.transcription_session"},
                 {"id", id},
                 {"expires_at", start.expires},
                 {"include", nullptr}};
    session["audio"]["input"] = default_input();
    session["audio"]["input"]["transcription"] = {{"model", "whisper-1"}};
    return session;
  }
  Json session{{"type", "realtime"},
               {"object", "realtime.session"},
               {"id", id},
               {"model", start.model.empty() ? "gpt-realtime" : start.model},
               {"output_modalities", Json::array({"audio"})},
               {"instructions", ""},
               {"tools", Json::array()},
               {"tool_choice", "auto"},
               {"parallel_tool_calls", true},
               {"max_output_tokens", "inf"},
               {"tracing", nullptr},
               {"truncation", "auto"},
               {"prompt", nullptr},
               {"expires_at", start.expires},
               {"include", nullptr}};
  session["audio"]["input"] = default_input();
  session["audio"]["output"] = {
      {"format", {{"type", "audio/pcm"}, {"rate", 24'000}}}, {"voice", "alloy"}, {"speed", 1.0}};
  return session;
}

const Json& require_object(const Json& value, const std::string& path) {
  if (value.is_object()) return value;
  throw Error(ErrorCode::kBadRequest,
              path + " must be an object, got " + std::string(http::kind_of(value)));
}

/// Null is nothing, but for what can be switched off.
bool is_nullable(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {
      "transcription", "noise_reduction", "turn_detection", "tracing", "include", "prompt"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void set(Json& object, const std::string& name, const Json& value) {
  if (!value.is_null() || is_nullable(name)) object[name] = value;
}

/// Objects within "audio" are changed member by member, everything else as a whole.
void merge(Json& session, const Json& patch) {
  for (const auto& [name, value] : patch.items()) {
    if (name != "audio") set(session, name, value);
    if (name != "audio" || value.is_null()) continue;
    const Json& audio = require_object(value, "session.audio");
    for (const auto& [side, settings] : audio.items()) {
      if (!session["audio"].contains(side) || settings.is_null()) continue;
      require_object(settings, "session.audio." + side);
      for (const auto& [key, setting] : settings.items()) set(session["audio"][side], key, setting);
    }
  }
}

/// What a client has left out, so that it sees what holds.
void complete(Json& input) {
  Json& detection = input["turn_detection"];
  if (detection.is_object()) {
    Json whole = default_turn_detection();
    if (detection.contains("type") && detection["type"] == "semantic_vad") {
      whole = {{"type", "semantic_vad"},
               {"eagerness", "auto"},
               {"create_response", true},
               {"interrupt_response", true}};
    }
    whole.update(detection);
    detection = std::move(whole);
  }
  Json& format = input["format"];
  if (format.is_object() && format.contains("type") && format["type"] == "audio/pcm" &&
      !format.contains("rate")) {
    format["rate"] = 24'000;
  }
}

// The beta's names.

Json ga_format(const Json& name) {
  if (name.is_null()) return nullptr;
  if (name == "g711_ulaw") return {{"type", "audio/pcmu"}};
  if (name == "g711_alaw") return {{"type", "audio/pcma"}};
  return {{"type", name == "pcm16" ? Json("audio/pcm") : name}, {"rate", 24'000}};
}

Json beta_format(const Json& format) {
  if (format["type"] == "audio/pcmu") return "g711_ulaw";
  return format["type"] == "audio/pcma" ? "g711_alaw" : "pcm16";
}

Json to_ga(const Json& beta) {
  Json ga = Json::object();
  for (const auto& [name, value] : beta.items()) {
    if (name == "modalities") {
      const bool has_audio =
          value.is_array() && std::find(value.begin(), value.end(), "audio") != value.end();
      ga["output_modalities"] = Json::array({has_audio ? "audio" : "text"});
    } else if (name == "input_audio_format") {
      ga["audio"]["input"]["format"] = ga_format(value);
    } else if (name == "output_audio_format") {
      ga["audio"]["output"]["format"] = ga_format(value);
    } else if (name == "input_audio_transcription") {
      ga["audio"]["input"]["transcription"] = value;
    } else if (name == "input_audio_noise_reduction") {
      ga["audio"]["input"]["noise_reduction"] = value;
    } else if (name == "turn_detection") {
      ga["audio"]["input"]["turn_detection"] = value;
    } else if (name == "voice" || name == "speed") {
      ga["audio"]["output"][name] = value;
    } else if (name == "max_response_output_tokens") {
      ga["max_output_tokens"] = value;
    } else if (name != "audio") {
      ga[name] = value;
    }
  }
  return ga;
}

Json to_beta(const Json& ga) {
  Json beta = Json::object();
  for (const auto& [name, value] : ga.items()) {
    if (name == "output_modalities") {
      beta["modalities"] =
          value[0] == "audio" ? Json::array({"audio", "text"}) : Json::array({"text"});
    } else if (name == "max_output_tokens") {
      beta["max_response_output_tokens"] = value;
    } else if (name != "audio" && name != "type") {
      beta[name] = value;
    }
  }
  const Json& audio = ga["audio"];
  beta["input_audio_format"] = beta_format(audio["input"]["format"]);
  beta["input_audio_transcription"] = audio["input"]["transcription"];
  beta["input_audio_noise_reduction"] = audio["input"]["noise_reduction"];
  beta["turn_detection"] = audio["input"]["turn_detection"];
  if (!audio.contains("output")) return beta;
  beta["output_audio_format"] = beta_format(audio["output"]["format"]);
  beta["voice"] = audio["output"]["voice"];
  beta["speed"] = audio["output"]["speed"];
  if (!beta.contains("temperature")) beta["temperature"] = 0.8;
  return beta;
}

// Reading, with types.

Format read_format(const Fields& side) {
  const auto format = side.find_object("format");
  if (!format) return {};
  const std::string type = format->required_string("type");
  if (type == "audio/pcmu") return {Encoding::kMuLaw, 8000};
  if (type == "audio/pcma") return {Encoding::kALaw, 8000};
  if (type != "audio/pcm")
    throw format->wrong("type", R"("audio/pcm", "audio/pcmu" or "audio/pcma")");
  const auto rate = format->find_int("rate").value_or(24'000);
  if (rate != 24'000 && rate != 16'000 && rate != 48'000)
    throw format->wrong("rate", "24000 (or 16000, 48000)");
  return {Encoding::kPcm16, static_cast<int>(rate)};
}

void read_server_vad(const Fields& detection, voice::TalkOptions& talk) {
  talk.turns.ending = voice::TurnOptions::Ending::kFixed;
  talk.turns.threshold = static_cast<float>(detection.find_double("threshold", 0, 1).value_or(0.5));
  talk.turns.silence =
      milliseconds(detection.find_int("silence_duration_ms", 50, 60'000).value_or(500));
  const auto prefix = detection.find_int("prefix_padding_ms", 0, 60'000).value_or(300);
  talk.prefix = milliseconds(std::min(prefix, kLongestPrefix));
  const auto idle = detection.find_int("idle_timeout_ms", 0, 3'600'000);
  talk.idle = idle ? std::optional(milliseconds(*idle)) : std::nullopt;
}

/// The longest wait is OpenAI's.
void read_semantic_vad(const Fields& detection, voice::TalkOptions& talk) {
  struct Patience {
    std::string_view name;
    milliseconds unclear;
    milliseconds incomplete;
  };
  constexpr std::array<Patience, 4> kPatience = {{{"low", milliseconds(1500), milliseconds(8000)},
                                                  {"medium", milliseconds(800), milliseconds(4000)},
                                                  {"auto", milliseconds(800), milliseconds(4000)},
                                                  {"high", milliseconds(500), milliseconds(2000)}}};
  const std::string name = detection.find_string("eagerness").value_or("auto");
  const auto* found = std::find_if(kPatience.begin(), kPatience.end(),
                                   [&](const auto& one) { return one.name == name; });
  if (found == kPatience.end())
    throw detection.wrong("eagerness", R"("low", "medium", "high" or "auto")");
  talk.turns = {};
  talk.turns.after_unclear = found->unclear;
  talk.turns.after_incomplete = found->incomplete;
  talk.prefix = milliseconds(300);
  talk.idle.reset();
}

void read_turn_detection(const Fields& input, voice::TalkOptions& talk) {
  const auto detection = input.find_object("turn_detection");
  if (!detection) {
    talk.turn_taking = voice::TurnTaking::kPushToTalk;
    talk.replies = talk.may_interrupt = false;
    talk.idle.reset();
    return;
  }
  talk.turn_taking = voice::TurnTaking::kAutomatic;
  const std::string type = detection->find_string("type").value_or("server_vad");
  if (type == "server_vad") {
    read_server_vad(*detection, talk);
  } else if (type == "semantic_vad") {
    read_semantic_vad(*detection, talk);
  } else {
    throw detection->wrong("type", R"("server_vad" or "semantic_vad")");
  }
  talk.replies = detection->find_bool("create_response").value_or(true);
  talk.may_interrupt = detection->find_bool("interrupt_response").value_or(true);
}

void read_transcription(const Fields& input, Session& session) {
  const auto transcription = input.find_object("transcription");
  session.tells_transcripts = transcription.has_value();
  auto& talk = session.talk;
  talk.cast.hear.clear();
  talk.cast.language.clear();
  talk.hint.clear();
  if (!transcription) return;
  talk.cast.hear = model_of(transcription->find_string("model").value_or(""));
  talk.cast.language = transcription->find_string("language").value_or("");
  talk.hint = transcription->find_string("prompt").value_or("");
}

std::string read_voice(const Fields& output) {
  const Json* voice = output.find("voice");
  if (voice == nullptr) return {};
  if (voice->is_object()) return Fields(*voice, output.path_of("voice")).required_string("id");
  return output.find_string("voice").value_or("");
}

bool read_speaks(const Fields& fields, bool before) {
  const auto modalities = fields.find_strings("output_modalities");
  if (!modalities) return before;
  if (*modalities == std::vector<std::string>{"audio"}) return true;
  if (*modalities == std::vector<std::string>{"text"}) return false;
  throw fields.wrong("output_modalities", R"(["audio"] or ["text"])");
}

void read_most_tokens(const Fields& fields, voice::ReplyOptions& reply) {
  const Json* most = fields.find("max_output_tokens");
  if (most == nullptr) return;
  if (*most == "inf") {
    reply.most_tokens.reset();
    return;
  }
  reply.most_tokens = static_cast<int>(*fields.find_int("max_output_tokens", 1, kMostTokens));
}

void read_tools(const Fields& fields, voice::ReplyOptions& reply) {
  if (const auto tools = fields.find_objects("tools")) {
    reply.tools.clear();
    for (const auto& tool : *tools) {
      if (tool.find_string("type").value_or("function") != "function") {
        throw tool.wrong("type", "\"function\": others are not known here");
      }
      reply.tools.push_back(dialect::read_tool(tool, "parameters"));
    }
  }
  chat::ChatTask task;
  task.tools = reply.tools;
  dialect::read_openai_tool_choice(fields, task);
  if (fields.find("tool_choice") != nullptr) reply.tool_choice = task.tool_choice;
  reply.parallel_tool_calls =
      fields.find_bool("parallel_tool_calls").value_or(reply.parallel_tool_calls);
}

/// What a session and a single response have in common.
void read_reply(const Fields& fields, voice::ReplyOptions& reply) {
  if (auto text = fields.find_string("instructions")) reply.instructions = *std::move(text);
  reply.speaks = read_speaks(fields, reply.speaks);
  read_most_tokens(fields, reply);
  if (const auto value = fields.find_double("temperature", 0, 2)) reply.temperature = *value;
  read_tools(fields, reply);
  const auto audio = fields.find_object("audio");
  const auto output = audio ? audio->find_object("output") : std::nullopt;
  if (!output) return;
  if (auto voice = read_voice(*output); !voice.empty()) reply.voice = std::move(voice);
  reply.speed = output->find_double("speed", kSlowest, kFastest).value_or(reply.speed);
}

/// From the whole of its JSON.
void read_session(Session& session, const Json& json) {
  const Fields fields(json, "session");
  const Fields audio = fields.find_object("audio").value();
  const Fields input = audio.find_object("input").value();
  session.input = read_format(input);
  read_turn_detection(input, session.talk);
  read_transcription(input, session);
  if (session.kind == SessionKind::kTranscription) {
    session.talk.replies = false;
    return;
  }
  session.talk.reply = {};
  read_reply(fields, session.talk.reply);
  session.talk.cast.chat = model_of(fields.find_string("model").value_or(""));
  session.output = read_format(audio.find_object("output").value());
  session.talk.output_rate = session.output.rate;
}

}  // namespace

std::string model_of(std::string_view name) {
  const bool is_foreign =
      name.starts_with("gpt-") || name == "whisper-1" || name.starts_with("tts-");
  return is_foreign ? std::string() : std::string(name);
}

Session make_session(const SessionStart& start) {
  Session session;
  session.kind = start.kind;
  session.id = make_id("sess_");
  Json json = default_session(start, session.id);
  session.json = http::to_text(json);
  read_session(session, json);
  if (start.settings.empty()) return session;
  return update_session(session, start.settings, Dialect::kGa);
}

Session update_session(const Session& session, std::string_view patch, Dialect dialect) {
  Json change = http::parse_json_object(patch);
  if (dialect == Dialect::kBeta) change = to_ga(change);
  const Fields fields(change, "session");
  const char* const type = session.kind == SessionKind::kRealtime ? "realtime" : "transcription";
  if (const auto wanted = fields.find_string("type"); wanted && *wanted != type) {
    throw fields.wrong("type", '"' + std::string(type) + "\", as the session was begun");
  }
  for (const char* fixed : {"id", "object", "expires_at", "client_secret"}) change.erase(fixed);
  Json json = Json::parse(session.json);
  merge(json, change);
  complete(json["audio"]["input"]);
  Session changed = session;
  read_session(changed, json);
  changed.json = http::to_text(json);
  return changed;
}

std::string write_session(const Session& session, Dialect dialect) {
  if (dialect == Dialect::kGa) return session.json;
  return http::to_text(to_beta(Json::parse(session.json)));
}

voice::ReplyWish read_response(const Session& session, std::string_view response, Dialect dialect,
                               voice::Conversation& conversation) {
  voice::ReplyWish wish;
  wish.options = session.talk.reply;
  Json json = http::parse_json_object(response.empty() ? "{}" : response);
  if (dialect == Dialect::kBeta) json = to_ga(json);
  const Fields fields(json, "response");
  read_reply(fields, wish.options);
  const std::string where = fields.find_string("conversation").value_or("auto");
  if (where != "auto" && where != "none") throw fields.wrong("conversation", R"("auto" or "none")");
  wish.is_apart = where == "none";
  if (const auto metadata = fields.find_object("metadata")) {
    for (const auto& [name, value] : metadata->json().items()) {
      wish.metadata[name] = value.is_string() ? value.get<std::string>() : http::to_text(value);
    }
  }
  const auto items = fields.find_objects("input");
  if (!items) return wish;
  wish.input.emplace();
  for (const auto& item : *items) {
    if (item.find_string("type") == "item_reference") {
      const auto id = item.required_string("id");
      const auto* known = conversation.find(id);
      if (known == nullptr)
        throw Error(ErrorCode::kNotFound, item.path_of("id") + ": no item '" + id + "'");
      wish.input->push_back(*known);
    } else {
      wish.input->push_back(read_item(item));
    }
  }
  return wish;
}

}  // namespace hailstone::realtime
