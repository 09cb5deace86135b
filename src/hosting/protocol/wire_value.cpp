// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using inference::Blob;
using inference::CallValue;

constexpr const char* kValue = "value";

/// What is given as text has to be JSON to become a part of ours.
Json value_of(const CallValue& value) {
  Json json = Json::parse(value.json, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Error(ErrorCode::kBadRequest, "the value of a call is not JSON");
  return json;
}

void put(Json& json, const CallValue& value, Body& body) {
  json[kValue] = value_of(value);
  for (const auto& blob : value.blobs) {
    json["attachments"].push_back(
        {{"name", blob.name}, {"media_type", blob.media_type}, {"bytes", blob.data.size()}});
    body.parts.emplace_back(blob.data);
  }
}

CallValue call_value_from(const Json& json, PayloadReader& payload) {
  const Json* value = find_field(json, kValue);
  return {value == nullptr ? "null" : dump_repaired(*value),
          list_or_none<Blob>(json, "attachments", [&](const Json& blob) {
            return Blob{text_at(blob, "name"), text_or(blob, "media_type"),
                        payload.take_shared(integer_at<std::uint64_t>(blob, "bytes"))};
          })};
}

}  // namespace

Body encode_invoke(CallHead head, const inference::CallRequest& request, InputFollows input) {
  Body body;
  Json json = head_of(head, "call");
  json["method"] = request.method;
  if (input == InputFollows::kYes) json["input"] = true;
  put(json, request.arguments, body);
  body.json = dump_strict(json);
  return body;
}

Invoke invoke_from(const Json& json, PayloadReader& payload) {
  return {{text_at(json, "method"), call_value_from(json, payload)},
          flag_or(json, "input", false) ? InputFollows::kYes : InputFollows::kNo};
}

Body encode_call_value(const CallValue& value) {
  Body body;
  Json json = Json::object();
  put(json, value, body);
  body.json = dump_repaired(json);
  return body;
}

CallValue parse_call_value(const Frame& frame) {
  return reading([&] {
    PayloadReader payload(frame);
    return call_value_from(parse_json(frame), payload);
  });
}

Body encode_call_input(const std::optional<CallValue>& value) {
  if (!value) return {Json{{"last", true}}.dump(), {}};
  return encode_call_value(*value);
}

std::optional<CallValue> parse_call_input(const Frame& frame) {
  return reading([&]() -> std::optional<CallValue> {
    const Json json = parse_json(frame);
    if (flag_or(json, "last", false)) return std::nullopt;
    PayloadReader payload(frame);
    return call_value_from(json, payload);
  });
}

}  // namespace hailstone::hosting
