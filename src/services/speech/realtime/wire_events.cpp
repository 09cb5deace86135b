// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/wire_events.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/ids.hpp"
#include "http/json_fields.hpp"
#include "services/common/base64.hpp"
#include "services/speech/realtime/wire_items.hpp"
#include "services/speech/realtime/wire_session.hpp"

namespace hailstone::realtime {

using http::Json;

/// An event on its way: its type first, under the dialect's name, then its id.
struct Events::Builder {
  Builder(const Events& events, std::string_view type) : sender(events) {
    json["type"] = name_of(type, events.dialect_);
    json["event_id"] = make_id("event_");
  }
  Builder& add(const char* name, Json value) {
    json[name] = std::move(value);
    return *this;
  }
  Builder& at(const std::string& response_id, const SentItem& item) {
    json["response_id"] = response_id;
    json["item_id"] = item.id;
    json["output_index"] = item.output_index;
    return *this;
  }
  void send() const { sender.send_(http::to_text(json)); }

  static std::string name_of(std::string_view type, Dialect dialect) {
    if (dialect == Dialect::kBeta && type.starts_with("response.output_") &&
        !type.starts_with("response.output_item")) {
      return "response." + std::string(type.substr(std::string_view("response.output_").size()));
    }
    return std::string(type);
  }

  const Events& sender;
  Json json;
};

namespace {

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

const char* name_of(voice::Reply::Status status) {
  switch (status) {
    case voice::Reply::Status::kInProgress:
      return "in_progress";
    case voice::Reply::Status::kCompleted:
      return "completed";
    case voice::Reply::Status::kCancelled:
      return "cancelled";
    case voice::Reply::Status::kIncomplete:
      return "incomplete";
    case voice::Reply::Status::kFailed:
      break;
  }
  return "failed";
}

Json error_json(const Error& error) {
  std::string message = error.what();
  if (!error.detail().empty()) message += " (" + error.detail() + ")";
  return {{"type", "server_error"},
          {"code", std::string(to_string(error.code()))},
          {"message", std::move(message)}};
}

Json details_json(const voice::Reply& reply) {
  const char* const status = name_of(reply.status);
  switch (reply.status) {
    case voice::Reply::Status::kCancelled: {
      const bool by_turn = reply.reason == voice::Reply::Reason::kTurnDetected;
      return {{"type", status}, {"reason", by_turn ? "turn_detected" : "client_cancelled"}};
    }
    case voice::Reply::Status::kIncomplete:
      return {{"type", status}, {"reason", "max_output_tokens"}};
    case voice::Reply::Status::kFailed:
      return {{"type", status}, {"error", error_json(reply.error.value())}};
    case voice::Reply::Status::kInProgress:
    case voice::Reply::Status::kCompleted:
      break;
  }
  return nullptr;
}

/// Language models here read and write text: no token is sound.
Json usage_json(const voice::ReplyUsage& usage) {
  const Json cached{{"text_tokens", usage.cached_tokens}, {"audio_tokens", 0}, {"image_tokens", 0}};
  return {{"total_tokens", usage.input_tokens + usage.text_tokens},
          {"input_tokens", usage.input_tokens},
          {"output_tokens", usage.text_tokens},
          {"input_token_details",
           {{"text_tokens", usage.input_tokens},
            {"audio_tokens", 0},
            {"image_tokens", 0},
            {"cached_tokens", usage.cached_tokens},
            {"cached_tokens_details", cached}}},
          {"output_token_details", {{"text_tokens", usage.text_tokens}, {"audio_tokens", 0}}}};
}

Json part_json(bool is_audio, std::string_view text) {
  if (is_audio) return {{"type", "audio"}, {"transcript", text}};
  return {{"type", "text"}, {"text", text}};
}

Json response_json(const voice::Reply& reply, const Session& session,
                   const std::vector<voice::Item>& output, Dialect dialect) {
  const bool is_done = reply.status != voice::Reply::Status::kInProgress;
  const auto& options = reply.options;
  const Json whole = Json::parse(session.json);
  Json json{{"object", "realtime.response"},
            {"id", reply.id},
            {"status", name_of(reply.status)},
            {"status_details", details_json(reply)}};
  json["output"] = Json::array();
  for (const auto& item : output) json["output"].push_back(item_json(item, dialect));
  json["conversation_id"] = reply.is_apart ? Json(nullptr) : Json("conv_" + session.id);
  json["max_output_tokens"] = options.most_tokens ? Json(*options.most_tokens) : Json("inf");
  const std::string voice = options.voice;
  if (dialect == Dialect::kGa) {
    json["output_modalities"] = Json::array({options.speaks ? "audio" : "text"});
    if (whole["audio"].contains("output")) {
      json["audio"]["output"] = {{"format", whole["audio"]["output"]["format"]}, {"voice", voice}};
    }
  } else {
    json["modalities"] = options.speaks ? Json::array({"audio", "text"}) : Json::array({"text"});
    json["voice"] = voice;
  }
  json["usage"] = is_done ? usage_json(reply.usage) : Json(nullptr);
  json["metadata"] = nullptr;
  for (const auto& [name, value] : reply.metadata) json["metadata"][name] = value;
  return json;
}

}  // namespace

void Events::session(std::string_view type, const Session& session) {
  Builder(*this, type).add("session", Json::parse(write_session(session, dialect_))).send();
}

void Events::conversation_created(const std::string& id) {
  Builder(*this, "conversation.created")
      .add("conversation", {{"id", id}, {"object", "realtime.conversation"}})
      .send();
}

void Events::error(const Complaint& complaint) {
  Builder(*this, "error")
      .add("error", {{"type", complaint.type},
                     {"code", or_null(complaint.code)},
                     {"message", complaint.message},
                     {"param", or_null(complaint.param)},
                     {"event_id", or_null(complaint.event_id)}})
      .send();
}

void Events::speech_started(const voice::Turn& turn) {
  Builder(*this, "input_audio_buffer.speech_started")
      .add("audio_start_ms", turn.begin.count())
      .add("item_id", turn.item_id)
      .send();
}

void Events::speech_stopped(const voice::Turn& turn) {
  Builder(*this, "input_audio_buffer.speech_stopped")
      .add("audio_end_ms", turn.end.count())
      .add("item_id", turn.item_id)
      .send();
}

void Events::timeout_triggered(const voice::Turn& turn) {
  Builder(*this, "input_audio_buffer.timeout_triggered")
      .add("audio_start_ms", turn.begin.count())
      .add("audio_end_ms", turn.end.count())
      .add("item_id", turn.item_id)
      .send();
}

void Events::committed(const std::string& item_id, const std::string& previous) {
  Builder(*this, "input_audio_buffer.committed")
      .add("previous_item_id", or_null(previous))
      .add("item_id", item_id)
      .send();
}

void Events::cleared() {
  Builder(*this, "input_audio_buffer.cleared").send();
}

void Events::output_cleared(const std::string& response_id) {
  Builder(*this, "output_audio_buffer.cleared").add("response_id", response_id).send();
}

void Events::item(const voice::Item& item, const std::string& previous) {
  item_added(item, previous);
  item_done(item, previous);
}

void Events::item_added(const voice::Item& item, const std::string& previous) {
  const char* const type =
      dialect_ == Dialect::kGa ? "conversation.item.added" : "conversation.item.created";
  Builder(*this, type)
      .add("previous_item_id", or_null(previous))
      .add("item", item_json(item, dialect_))
      .send();
}

void Events::item_done(const voice::Item& item, const std::string& previous) {
  if (dialect_ == Dialect::kBeta) return;
  Builder(*this, "conversation.item.done")
      .add("previous_item_id", or_null(previous))
      .add("item", item_json(item, dialect_))
      .send();
}

void Events::item_retrieved(const voice::Item& item) {
  Builder(*this, "conversation.item.retrieved").add("item", item_json(item, dialect_)).send();
}

void Events::item_deleted(const std::string& id) {
  Builder(*this, "conversation.item.deleted").add("item_id", id).send();
}

void Events::item_truncated(const std::string& id, milliseconds audio_end) {
  Builder(*this, "conversation.item.truncated")
      .add("item_id", id)
      .add("content_index", 0)
      .add("audio_end_ms", audio_end.count())
      .send();
}

void Events::transcription(const voice::Turn& turn) {
  constexpr std::string_view kName = "conversation.item.input_audio_transcription.";
  if (!turn.text.empty()) {
    Builder(*this, std::string(kName) + "delta")
        .add("item_id", turn.item_id)
        .add("content_index", 0)
        .add("delta", turn.text)
        .send();
  }
  Builder(*this, std::string(kName) + "completed")
      .add("item_id", turn.item_id)
      .add("content_index", 0)
      .add("transcript", turn.text)
      .add("usage",
           {{"type", "duration"}, {"seconds", static_cast<double>(turn.sound.count()) / 1000}})
      .send();
}

void Events::transcription_failed(const voice::Turn& turn, const Error& error) {
  Builder(*this, "conversation.item.input_audio_transcription.failed")
      .add("item_id", turn.item_id)
      .add("content_index", 0)
      .add("error", error_json(error))
      .send();
}

void Events::response(std::string_view type, const voice::Reply& reply, const Session& session,
                      const std::vector<voice::Item>& output) {
  Builder(*this, type).add("response", response_json(reply, session, output, dialect_)).send();
}

void Events::output_item(std::string_view type, const std::string& response_id, int output_index,
                         const voice::Item& item) {
  Builder(*this, type)
      .add("response_id", response_id)
      .add("output_index", output_index)
      .add("item", item_json(item, dialect_))
      .send();
}

void Events::part(std::string_view type, const SentItem& item, const voice::Reply& reply,
                  std::string_view text) {
  Builder(*this, type)
      .at(reply.id, item)
      .add("content_index", 0)
      .add("part", part_json(reply.options.speaks, text))
      .send();
}

void Events::text_delta(const voice::Reply& reply, const SentItem& item, std::string_view delta) {
  const char* const type = reply.options.speaks ? "response.output_audio_transcript.delta"
                                                : "response.output_text.delta";
  Builder(*this, type).at(reply.id, item).add("content_index", 0).add("delta", delta).send();
}

void Events::text_done(const voice::Reply& reply, const SentItem& item, std::string_view text) {
  const bool speaks = reply.options.speaks;
  const char* const type =
      speaks ? "response.output_audio_transcript.done" : "response.output_text.done";
  Builder(*this, type)
      .at(reply.id, item)
      .add("content_index", 0)
      .add(speaks ? "transcript" : "text", text)
      .send();
}

void Events::audio_delta(const voice::Reply& reply, const SentItem& item, std::string_view bytes) {
  Builder(*this, "response.output_audio.delta")
      .at(reply.id, item)
      .add("content_index", 0)
      .add("delta", services::to_base64(bytes))
      .send();
}

void Events::audio_done(const voice::Reply& reply, const SentItem& item) {
  Builder(*this, "response.output_audio.done").at(reply.id, item).add("content_index", 0).send();
}

void Events::arguments_delta(const std::string& response_id, const SentItem& item,
                             std::string_view delta) {
  Builder(*this, "response.function_call_arguments.delta")
      .at(response_id, item)
      .add("call_id", item.call_id)
      .add("delta", delta)
      .send();
}

void Events::arguments_done(const std::string& response_id, const SentItem& item) {
  Builder(*this, "response.function_call_arguments.done")
      .at(response_id, item)
      .add("call_id", item.call_id)
      .add("name", item.name)
      .add("arguments", item.arguments)
      .send();
}

}  // namespace hailstone::realtime
