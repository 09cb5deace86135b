// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/wire.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "inference/voices/say_request.hpp"
#include "services/common/tasks/text_fields.hpp"
#include "services/speech/sound/voice_detector.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::voice {
namespace {

using http::Fields;
using http::Json;

constexpr int kLowestInput = 8000;
constexpr int kHighestInput = 48'000;
constexpr int kMostTokens = 100'000;
constexpr std::int64_t kLongestPrefix = 1500;
constexpr std::int64_t kMostMilliseconds = 3'600'000;

std::string dump(const Json& json) {
  return http::to_text(json);
}

void read(const Fields& fields, const char* name, std::string& out) {
  if (auto text = fields.find_string(name)) out = *std::move(text);
}
void read(const Fields& fields, const char* name, bool& out) {
  if (const auto value = fields.find_bool(name)) out = *value;
}

Wire parse_wire(const Fields& fields, const char* name, Wire before) {
  const auto text = fields.find_string(name);
  if (!text) return before;
  if (*text == "pcm_s16le" || *text == "pcm16" || *text == "pcm") return Wire::kPcm16;
  if (*text == "opus") return Wire::kOpus;
  throw fields.wrong(name, "\"pcm_s16le\" or \"opus\"");
}

void read_cast(const Fields& fields, Cast& cast) {
  read(fields, "model", cast.chat);
  read(fields, "transcribe_model", cast.hear);
  read(fields, "speak_model", cast.speak);
  read(fields, "voice", cast.voice);
  read(fields, "language", cast.language);
  if (cast.language == "auto") cast.language.clear();
}

void read_tools(const Fields& fields, ReplyOptions& options) {
  if (fields.find("tools") != nullptr) {
    options.tools.clear();
    for (const auto& tool : fields.find_objects("tools").value_or(std::vector<Fields>{})) {
      const auto function = tool.find_object("function");
      options.tools.push_back(dialect::read_tool(function ? *function : tool, "parameters"));
    }
  }
  if (fields.find("tool_choice") == nullptr) return;
  chat::ChatTask task;
  task.tools = options.tools;
  dialect::read_openai_tool_choice(fields, task);
  options.tools = std::move(task.tools);
  options.tool_choice = task.tool_choice;
}

void read_reply(const Fields& fields, ReplyOptions& options) {
  read(fields, "instructions", options.instructions);
  read(fields, "speaks", options.speaks);
  options.speed = fields.find_double("speed", inference::kSlowestSpeech, inference::kFastestSpeech)
                      .value_or(options.speed);
  if (const auto most = fields.find_int("max_tokens", 1, kMostTokens))
    options.most_tokens = static_cast<int>(*most);
  if (const auto value = fields.find_double("temperature", 0, 100)) options.temperature = *value;
  read_tools(fields, options);
}

/// How patiently the end of a turn is waited for.
void read_eagerness(const Fields& fields, TurnOptions& turns) {
  const auto eagerness = fields.find_string("eagerness");
  if (!eagerness) return;
  const TurnOptions medium;
  double share = 1;
  if (*eagerness == "low") {
    share = 2;
  } else if (*eagerness == "high") {
    share = 0.75;
  } else if (*eagerness != "medium" && *eagerness != "auto") {
    throw fields.wrong("eagerness", R"("low", "medium", "high" or "auto")");
  }
  const auto scaled = [share](milliseconds time) {
    return milliseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * share));
  };
  turns.ending = TurnOptions::Ending::kAdaptive;
  turns.after_complete = scaled(medium.after_complete);
  turns.after_unclear = scaled(medium.after_unclear);
  turns.after_incomplete = scaled(medium.after_incomplete);
}

void read_turns(const Fields& fields, TalkOptions& talk) {
  if (const auto turns = fields.find_string("turns")) {
    if (*turns != "auto" && *turns != "push_to_talk") {
      throw fields.wrong("turns", R"("auto" or "push_to_talk")");
    }
    talk.turn_taking = *turns == "auto" ? TurnTaking::kAutomatic : TurnTaking::kPushToTalk;
  }
  read_eagerness(fields, talk.turns);
  if (const auto silence = fields.find_int("silence_ms", 100, 10'000)) {
    talk.turns.ending = TurnOptions::Ending::kFixed;
    talk.turns.silence = milliseconds(*silence);
  }
  if (const auto value = fields.find_double("threshold", 0, 1))
    talk.turns.threshold = static_cast<float>(*value);
  if (const auto prefix = fields.find_int("prefix_ms", 0, kLongestPrefix))
    talk.prefix = milliseconds(*prefix);
  if (const auto idle = fields.find_int("idle_ms", 0, kMostMilliseconds)) {
    talk.idle = *idle == 0 ? std::nullopt : std::optional(milliseconds(*idle));
  }
  read(fields, "barge_in", talk.may_interrupt);
}

inference::Role parse_role(const Fields& fields) {
  const std::string role = fields.required_string("role");
  if (role == "user") return inference::Role::kUser;
  if (role == "assistant") return inference::Role::kAssistant;
  if (role == "system") return inference::Role::kSystem;
  throw fields.wrong("role", R"("user", "assistant" or "system")");
}

void read_history(const Fields& fields, LiveOptions& options) {
  const auto messages = fields.find_objects("history");
  if (!messages) return;
  options.history.clear();
  for (const auto& message : *messages) {
    Item item;
    item.role = parse_role(message);
    item.contents.push_back({Content::Kind::kText, message.required_string("content")});
    options.history.push_back(std::move(item));
  }
}

/// "hey_jarvis,alexa" or a list.
void read_wake(const Fields& fields, LiveOptions& options) {
  const Json* const wanted = fields.find("wake");
  if (wanted != nullptr && wanted->is_array()) {
    options.wake = fields.find_strings("wake").value_or(std::vector<std::string>{});
  } else if (const auto text = fields.find_string("wake")) {
    options.wake = services::parse_names(*text);
  }
  auto& wake = options.wake_options;
  if (const auto value = fields.find_double("wake_threshold", 0.01, 1))
    wake.threshold = static_cast<float>(*value);
  if (const auto steps = fields.find_int("wake_patience", 1, 50))
    wake.patience = static_cast<int>(*steps);
  if (const auto time = fields.find_int("wake_refractory_ms", 0, 60'000))
    wake.refractory = milliseconds(*time);
  if (const auto time = fields.find_int("attention_ms", 500, kMostMilliseconds))
    options.attention = milliseconds(*time);
  if (!options.wake.empty() && options.talk.turn_taking == TurnTaking::kPushToTalk) {
    throw Error(ErrorCode::kBadRequest, "wake makes no sense with turns \"push_to_talk\"",
                "leave one of them out");
  }
}

void read_fields(const Fields& fields, LiveOptions& options) {
  read_cast(fields, options.talk.cast);
  read_reply(fields, options.talk.reply);
  read_turns(fields, options.talk);
  read_history(fields, options);
  read_wake(fields, options);
  read(fields, "hint", options.talk.hint);
  options.input = parse_wire(fields, "format", options.input);
  options.output = parse_wire(fields, "output_format", options.output);
  if (const auto rate = fields.find_int("sample_rate", kLowestInput, kHighestInput))
    options.input_rate = static_cast<int>(*rate);
  if (const auto rate = fields.find_int("output_rate")) {
    constexpr std::array kRates = {16'000, 24'000, 48'000};
    if (std::find(kRates.begin(), kRates.end(), *rate) == kRates.end()) {
      throw fields.wrong("output_rate", "16000, 24000 or 48000");
    }
    options.talk.output_rate = static_cast<int>(*rate);
  }
  if (const auto ahead = fields.find_int("ahead_ms", 0, kMostMilliseconds)) {
    options.talk.ahead = *ahead == 0 ? std::nullopt : std::optional(milliseconds(*ahead));
  }
}

/// "true", "16000" and "0.5" as what they mean.
Json json_of(const std::string& text) {
  const Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_boolean() || value.is_number() ? value : Json(text);
}

void add(Json& json, const char* name, const std::optional<milliseconds>& time) {
  if (time) json[name] = time->count();
}

double to_seconds(milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

const char* name_of(Reply::Status status) {
  switch (status) {
    case Reply::Status::kInProgress:
      return "in_progress";
    case Reply::Status::kCompleted:
      return "completed";
    case Reply::Status::kCancelled:
      return "cancelled";
    case Reply::Status::kIncomplete:
      return "incomplete";
    case Reply::Status::kFailed:
      break;
  }
  return "failed";
}

Json error_json(const Error& error) {
  Json json{{"error", error.what()}};
  if (!error.detail().empty()) json["detail"] = error.detail();
  return json;
}

}  // namespace

LiveOptions default_options() {
  LiveOptions options;
  options.talk.cuts_history = true;
  options.talk.ahead = milliseconds(3000);
  return options;
}

void read_options(std::string_view message, LiveOptions& options) {
  const Json json = http::parse_json_object(message);
  read_fields(Fields(json), options);
}

void read_options(const std::map<std::string, std::string>& query, LiveOptions& options) {
  Json json = Json::object();
  for (const auto& [name, value] : query) json[name] = json_of(value);
  read_fields(Fields(json), options);
}

Command parse_command(std::string_view message) {
  using Kind = Command::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 9> kKinds = {
      {{"start", Kind::kStart},
       {"update", Kind::kUpdate},
       {"commit", Kind::kCommit},
       {"clear", Kind::kClear},
       {"cancel", Kind::kCancel},
       {"played", Kind::kPlayed},
       {"text", Kind::kText},
       {"tool_result", Kind::kToolResult},
       {"stop", Kind::kStop}}};
  const Json json = http::parse_json_object(message);
  const Fields fields(json);
  const std::string type = fields.required_string("type");
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const auto& kind) { return kind.first == type; });
  if (found == kKinds.end()) {
    throw fields.wrong(
        "type", "one of: start, update, commit, clear, cancel, played, text, tool_result, stop");
  }
  Command command{found->second};
  if (command.kind == Kind::kText) command.text = fields.required_string("text");
  if (command.kind == Kind::kPlayed) {
    command.played = milliseconds(fields.find_int("ms", 0, kMostMilliseconds).value_or(0));
  }
  if (command.kind == Kind::kToolResult) {
    command.id = fields.required_string("id");
    const Json& output = fields.required("output");
    command.text = output.is_string() ? output.get<std::string>() : http::to_text(output);
  }
  return command;
}

std::string write_ready(const CastNote& cast, const LiveOptions& options) {
  return dump({{"type", "ready"},
               {"models", {{"transcribe", cast.hear}, {"chat", cast.chat}, {"speak", cast.speak}}},
               {"sample_rate", options.input_rate},
               {"output_rate", options.talk.output_rate},
               {"output_format", options.output == Wire::kOpus ? "opus" : "pcm_s16le"}});
}

std::string write_awake(const wake::WakeWord& word, const wake::Detection& call) {
  return dump({{"type", "awake"},
               {"word", word.name},
               {"phrase", word.phrase},
               {"score", call.score},
               {"at", static_cast<double>(call.at) / sound::kSampleRate}});
}

std::string write_asleep() {
  return dump({{"type", "asleep"}});
}

std::string write_speech_started(const Turn& turn) {
  return dump({{"type", "speech_started"}, {"turn", turn.item_id}, {"at", to_seconds(turn.begin)}});
}

std::string write_speech_stopped(const Turn& turn) {
  Json json{{"type", "speech_stopped"}, {"turn", turn.item_id}, {"at", to_seconds(turn.end)}};
  add(json, "turn_end_ms", turn.turn_end);
  return dump(json);
}

std::string write_partial(const Turn& turn, std::string_view text) {
  return dump({{"type", "partial"}, {"turn", turn.item_id}, {"text", text}});
}

std::string write_heard(const Turn& turn) {
  Json json{{"type", "heard"}, {"turn", turn.item_id}, {"text", turn.text}};
  if (!turn.language.empty()) json["language"] = turn.language;
  json["duration"] = to_seconds(turn.end - turn.begin);
  add(json, "turn_end_ms", turn.turn_end);
  add(json, "heard_ms", turn.heard);
  return dump(json);
}

std::string write_reply_started(const Reply& reply) {
  return dump({{"type", "reply_started"}, {"reply", reply.id}});
}

std::string write_text(const Reply& reply, std::string_view text) {
  return dump({{"type", "text"}, {"reply", reply.id}, {"text", text}});
}

std::string write_speaking(const Reply& reply, const speak::Speaker& speaker) {
  return dump({{"type", "speaking"},
               {"reply", reply.id},
               {"voice", speaker.voice},
               {"language", speaker.language},
               {"engine", speaker.engine}});
}

std::string write_tool_call(const Reply& reply, const inference::ToolCall& call) {
  Json arguments = Json::parse(call.arguments, nullptr, /*allow_exceptions=*/false);
  if (!arguments.is_object()) arguments = Json::object();
  return dump({{"type", "tool_call"},
               {"reply", reply.id},
               {"id", call.id},
               {"name", call.name},
               {"arguments", std::move(arguments)}});
}

std::string write_interrupted(const Reply& reply) {
  return dump({{"type", "interrupted"}, {"reply", reply.id}, {"heard", reply.heard}});
}

std::string write_reply_done(const Reply& reply) {
  Json json{{"type", "reply_done"},
            {"reply", reply.id},
            {"status", name_of(reply.status)},
            {"text", reply.text},
            {"duration", to_seconds(reply.usage.sound)}};
  Json times = Json::object();
  add(times, "turn_end_ms", reply.times.turn_end);
  add(times, "heard_ms", reply.times.heard);
  add(times, "token_ms", reply.times.token);
  add(times, "clause_ms", reply.times.clause);
  add(times, "sound_ms", reply.times.sound);
  json["times"] = std::move(times);
  json["usage"] = {{"prompt_tokens", reply.usage.input_tokens},
                   {"cached_tokens", reply.usage.cached_tokens},
                   {"tokens", reply.usage.text_tokens},
                   {"dropped_messages", reply.usage.dropped_messages}};
  if (reply.error) json.update(error_json(*reply.error));
  return dump(json);
}

std::string write_error(const Error& error) {
  Json json{{"type", "error"}};
  json.update(error_json(error));
  return dump(json);
}

std::string write_end() {
  return dump({{"type", "done"}});
}

}  // namespace hailstone::voice
