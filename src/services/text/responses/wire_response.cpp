// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/responses/wire_response.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::responses {
namespace {

using http::Json;
using inference::TokenLogprob;
using Kind = OutputItem::Kind;

constexpr const char* name_of(Status status) noexcept {
  switch (status) {
    case Status::kInProgress:
      return "in_progress";
    case Status::kCompleted:
      return "completed";
    case Status::kIncomplete:
      return "incomplete";
    case Status::kFailed:
      return "failed";
  }
  return "failed";
}

Json write_logprob(const TokenLogprob& logprob) {
  Json bytes = Json::array();
  for (const char c : logprob.bytes) bytes.push_back(static_cast<unsigned char>(c));
  return {{"token", logprob.token}, {"logprob", logprob.logprob}, {"bytes", std::move(bytes)}};
}

Json write_logprobs(const std::vector<TokenLogprob>& logprobs) {
  Json out = Json::array();
  for (const auto& logprob : logprobs) {
    out.push_back(write_logprob(logprob));
    Json& top = out.back()["top_logprobs"] = Json::array();
    for (const auto& other : logprob.top) top.push_back(write_logprob(other));
  }
  return out;
}

Json text_part(const OutputItem& item) {
  return {{"type", "output_text"},
          {"text", item.text},
          {"annotations", Json::array()},
          {"logprobs", write_logprobs(item.logprobs)}};
}

Json summary_part(const std::string& text) {
  return {{"type", "summary_text"}, {"text", text}};
}

enum class Stage { kBegun, kDone };

Json write_item(const OutputItem& item, Stage stage) {
  const char* status = stage == Stage::kDone ? "completed" : "in_progress";
  const bool has_text = stage == Stage::kDone && !item.text.empty();
  switch (item.kind) {
    case Kind::kReasoning: {
      Json summary = Json::array();
      if (has_text) summary.push_back(summary_part(item.text));
      return {{"id", item.id}, {"type", "reasoning"}, {"summary", std::move(summary)}};
    }
    case Kind::kMessage: {
      Json content = Json::array();
      if (stage == Stage::kDone) content.push_back(text_part(item));
      return {{"id", item.id},
              {"type", "message"},
              {"status", status},
              {"role", "assistant"},
              {"content", std::move(content)}};
    }
    case Kind::kCall:
      break;
  }
  Json call{{"id", item.id},     {"type", "function_call"},
            {"status", status},  {"call_id", item.call_id},
            {"name", item.name}, {"arguments", stage == Stage::kDone ? item.text : ""}};
  if (!item.name_space.empty()) call["namespace"] = item.name_space;
  return call;
}

Json write_usage(const Response& response) {
  if (response.status == Status::kInProgress || response.status == Status::kFailed) return nullptr;
  const auto& sum = response.summary;
  return {{"input_tokens", sum.prompt_tokens},
          {"input_tokens_details", {{"cached_tokens", sum.cached_prompt_tokens}}},
          {"output_tokens", sum.generated_tokens},
          {"output_tokens_details", {{"reasoning_tokens", sum.thinking_tokens}}},
          {"total_tokens", sum.prompt_tokens + sum.generated_tokens}};
}

Json to_json(const Response& response, const std::string& echo) {
  Json out{{"id", response.id},
           {"object", "response"},
           {"created_at", response.created},
           {"status", name_of(response.status)},
           {"background", false},
           {"error", nullptr},
           {"incomplete_details", nullptr}};
  if (response.completed) out["completed_at"] = *response.completed;
  if (response.status == Status::kFailed) {
    out["error"] = {{"code", response.error_code}, {"message", response.error_message}};
  }
  if (response.status == Status::kIncomplete) {
    out["incomplete_details"] = {{"reason", "max_output_tokens"}};
  }
  out["output"] = Json::array();
  for (const auto& item : response.output) out["output"].push_back(write_item(item, Stage::kDone));
  out.update(Json::parse(echo));
  out["usage"] = write_usage(response);
  dialect::add_truncated(out, response.summary);
  return out;
}

/// Where in an item a text goes: its place has another name for what was thought.
void add_place(Json& event, int index, const OutputItem& item) {
  event["item_id"] = item.id;
  event["output_index"] = index;
  if (item.kind == Kind::kMessage) event["content_index"] = 0;
  if (item.kind == Kind::kReasoning) event["summary_index"] = 0;
}

Json part_of(const OutputItem& item, Stage stage) {
  if (item.kind == Kind::kReasoning) {
    return summary_part(stage == Stage::kDone ? item.text : "");
  }
  if (stage == Stage::kDone) return text_part(item);
  return text_part({item.kind, item.id, ""});
}

}  // namespace

EventNames names_for(Kind kind) noexcept {
  switch (kind) {
    case Kind::kReasoning:
      return {"response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
              "response.reasoning_summary_text.done", "response.reasoning_summary_part.done"};
    case Kind::kMessage:
      return {"response.content_part.added", "response.output_text.delta",
              "response.output_text.done", "response.content_part.done"};
    case Kind::kCall:
      break;
  }
  return {"", "response.function_call_arguments.delta", "response.function_call_arguments.done",
          ""};
}

std::string write_response(const Response& response, const std::string& echo) {
  return http::to_text(to_json(response, echo));
}

std::vector<StoredItem> write_items(const std::vector<OutputItem>& items) {
  std::vector<StoredItem> out;
  out.reserve(items.size());
  for (const auto& item : items) {
    out.push_back({item.id, http::to_text(write_item(item, Stage::kDone))});
  }
  return out;
}

std::string EventNumbers::of_response(std::string_view type, const Response& response,
                                      const std::string& echo) {
  return http::to_text(
      {{"type", type}, {"sequence_number", next_++}, {"response", to_json(response, echo)}});
}

std::string EventNumbers::item_added(int index, const OutputItem& item) {
  return http::to_text({{"type", "response.output_item.added"},
                        {"sequence_number", next_++},
                        {"output_index", index},
                        {"item", write_item(item, Stage::kBegun)}});
}

std::string EventNumbers::part_added(int index, const OutputItem& item) {
  Json event{{"type", names_for(item.kind).part_added}, {"sequence_number", next_++}};
  add_place(event, index, item);
  event["part"] = part_of(item, Stage::kBegun);
  return http::to_text(event);
}

std::string EventNumbers::delta(int index, const OutputItem& item, std::string_view text,
                                const std::vector<TokenLogprob>& logprobs) {
  Json event{{"type", names_for(item.kind).delta}, {"sequence_number", next_++}};
  add_place(event, index, item);
  event["delta"] = text;
  if (item.kind == Kind::kMessage) event["logprobs"] = write_logprobs(logprobs);
  return http::to_text(event);
}

std::string EventNumbers::text_done(int index, const OutputItem& item) {
  Json event{{"type", names_for(item.kind).text_done}, {"sequence_number", next_++}};
  add_place(event, index, item);
  if (item.kind == Kind::kCall) {
    event["name"] = item.name;
    event["arguments"] = item.text;
  } else {
    event["text"] = item.text;
  }
  if (item.kind == Kind::kMessage) event["logprobs"] = write_logprobs(item.logprobs);
  return http::to_text(event);
}

std::string EventNumbers::part_done(int index, const OutputItem& item) {
  Json event{{"type", names_for(item.kind).part_done}, {"sequence_number", next_++}};
  add_place(event, index, item);
  event["part"] = part_of(item, Stage::kDone);
  return http::to_text(event);
}

std::string EventNumbers::item_done(int index, const OutputItem& item) {
  return http::to_text({{"type", "response.output_item.done"},
                        {"sequence_number", next_++},
                        {"output_index", index},
                        {"item", write_item(item, Stage::kDone)}});
}

std::string write_deleted(const std::string& id) {
  return http::to_text({{"id", id}, {"object", "response"}, {"deleted", true}});
}

std::string write_input_items(const std::vector<StoredItem>& items) {
  Json data = Json::array();
  for (const auto& item : items) data.push_back(Json::parse(item.json, nullptr, false));
  Json first = items.empty() ? Json(nullptr) : Json(items.front().id);
  Json last = items.empty() ? Json(nullptr) : Json(items.back().id);
  return http::to_text({{"object", "list"},
                        {"data", std::move(data)},
                        {"first_id", std::move(first)},
                        {"last_id", std::move(last)},
                        {"has_more", false}});
}

std::string write_input_tokens(int tokens) {
  return http::to_text({{"object", "response.input_tokens"}, {"input_tokens", tokens}});
}

}  // namespace hailstone::responses
