// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/wire_items.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/ids.hpp"
#include "services/common/base64.hpp"
#include "services/text/dialect/picture_url.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::realtime {
namespace {

using http::Fields;
using http::Json;
using inference::Role;
using voice::Content;
using voice::Item;

Role read_role(const Fields& fields) {
  const std::string role = fields.required_string("role");
  if (role == "user") return Role::kUser;
  if (role == "assistant") return Role::kAssistant;
  if (role == "system" || role == "developer") return Role::kSystem;
  throw fields.wrong("role", R"("user", "assistant" or "system")");
}

Content read_content(const Fields& part) {
  const std::string type = part.required_string("type");
  if (type == "input_text" || type == "text" || type == "output_text") {
    return {Content::Kind::kText, part.required_string("text")};
  }
  if (type == "input_audio" || type == "audio" || type == "output_audio") {
    auto transcript = part.find_string("transcript");
    if (transcript) return {Content::Kind::kAudio, *std::move(transcript)};
    throw Error(ErrorCode::kBadRequest,
                part.path_of("transcript") + " is required: sound in items is not heard",
                "send it with input_audio_buffer.append");
  }
  if (type == "input_image") {
    const std::string url = part.required_string("image_url");
    return {Content::Kind::kImage,
            dialect::read_picture_url(url, part.path_of("image_url"), dialect::refuse_remote)};
  }
  throw part.wrong(
      "type", R"("input_text", "input_audio", "input_image", "output_text" or "output_audio")");
}

const char* name_of(Item::Status status) {
  if (status == Item::Status::kCompleted) return "completed";
  return status == Item::Status::kInProgress ? "in_progress" : "incomplete";
}

const char* name_of(Role role) {
  if (role == Role::kAssistant) return "assistant";
  return role == Role::kSystem ? "system" : "user";
}

Json content_json(const Content& content, Role role, Dialect dialect) {
  const bool is_answer = role == Role::kAssistant;
  const bool is_ga = dialect == Dialect::kGa;
  switch (content.kind) {
    case Content::Kind::kImage:
      return {{"type", "input_image"},
              {"image_url", "data:image/png;base64," + services::to_base64(content.text)},
              {"detail", "auto"}};
    case Content::Kind::kAudio: {
      const char* const answer = is_ga ? "output_audio" : "audio";
      Json json{{"type", is_answer ? answer : "input_audio"}};
      json["transcript"] = content.text.empty() && !is_answer ? Json(nullptr) : Json(content.text);
      return json;
    }
    case Content::Kind::kText:
      break;
  }
  const char* const answer = is_ga ? "output_text" : "text";
  return {{"type", is_answer ? answer : "input_text"}, {"text", content.text}};
}

}  // namespace

Item read_item(const Fields& fields) {
  Item item;
  item.id = fields.find_string("id").value_or("");
  if (item.id.empty()) item.id = make_id("item_");
  const std::string type = fields.find_string("type").value_or("message");
  if (type == "function_call") {
    item.kind = Item::Kind::kCall;
    item.role = Role::kAssistant;
    item.call = {fields.find_string("call_id").value_or(item.id), fields.required_string("name"),
                 dialect::read_arguments(fields, "arguments")};
    return item;
  }
  if (type == "function_call_output") {
    item.kind = Item::Kind::kCallOutput;
    item.role = Role::kTool;
    item.call.id = fields.required_string("call_id");
    item.output = fields.find_string("output").value_or("");
    return item;
  }
  if (type != "message") {
    throw fields.wrong("type", R"("message", "function_call" or "function_call_output")");
  }
  item.role = read_role(fields);
  const auto parts = fields.find_objects("content");
  if (!parts || parts->empty()) throw fields.wrong("content", "an array of one part or more");
  for (const auto& part : *parts) item.contents.push_back(read_content(part));
  return item;
}

Json item_json(const Item& item, Dialect dialect) {
  Json json{{"id", item.id}, {"object", "realtime.item"}};
  switch (item.kind) {
    case Item::Kind::kCall:
      json.update({{"type", "function_call"},
                   {"status", name_of(item.status)},
                   {"call_id", item.call.id},
                   {"name", item.call.name},
                   {"arguments", item.call.arguments}});
      return json;
    case Item::Kind::kCallOutput:
      json.update({{"type", "function_call_output"},
                   {"status", name_of(item.status)},
                   {"call_id", item.call.id},
                   {"output", item.output}});
      return json;
    case Item::Kind::kMessage:
      break;
  }
  json.update(
      {{"type", "message"}, {"status", name_of(item.status)}, {"role", name_of(item.role)}});
  json["content"] = Json::array();
  for (const auto& content : item.contents) {
    json["content"].push_back(content_json(content, item.role, dialect));
  }
  return json;
}

}  // namespace hailstone::realtime
