// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using Parse = Operation (*)(const Json& json, PayloadReader& payload);

const std::map<std::string, Parse, std::less<>>& operations() {
  static const std::map<std::string, Parse, std::less<>> table = {
      {"load", [](const Json& j, PayloadReader&) -> Operation { return load_from(j); }},
      {"unload", [](const Json&, PayloadReader&) -> Operation { return Unload{}; }},
      {"describe", [](const Json& j, PayloadReader&) -> Operation { return describe_from(j); }},
      {"estimate", [](const Json& j, PayloadReader&) -> Operation { return estimate_from(j); }},
      {"temperature", [](const Json&, PayloadReader&) -> Operation { return ReadTemperature{}; }},
      {"measure", [](const Json&, PayloadReader&) -> Operation { return Measure{}; }},
      {"generate",
       [](const Json& j, PayloadReader& payload) -> Operation {
         return text_request_from(j, payload);
       }},
      {"embed", [](const Json& j, PayloadReader&) -> Operation { return embed_from(j); }},
      {"rank", [](const Json& j, PayloadReader&) -> Operation { return rank_from(j); }},
      {"tokenize",
       [](const Json&, PayloadReader& payload) -> Operation {
         return Tokenize{payload.take_string(payload.size())};
       }},
      {"detokenize", [](const Json& j, PayloadReader&) -> Operation { return detokenize_from(j); }},
      {"apply_template",
       [](const Json& j, PayloadReader& payload) -> Operation {
         return chat_prompt_from(j, payload);
       }},
      {"run",
       [](const Json& j, PayloadReader& payload) -> Operation {
         return RunTensors{tensors_from(j, payload), text_or(j, "network")};
       }},
      {"hear",
       [](const Json& j, PayloadReader& payload) -> Operation {
         return hear_request_from(j, payload);
       }},
      {"listen", [](const Json& j, PayloadReader&) -> Operation { return listen_from(j); }},
      {"say", [](const Json& j, PayloadReader&) -> Operation { return say_request_from(j); }},
      {"call",
       [](const Json& j, PayloadReader& payload) -> Operation { return invoke_from(j, payload); }},
      {"read",
       [](const Json& j, PayloadReader& payload) -> Operation {
         return read_image_from(j, payload);
       }},
  };
  return table;
}

CallHead head_from(const Json& json) {
  CallHead head;
  head.model = integer_at<std::uint32_t>(json, "model");
  if (const auto left = json.find("time_left_ms"); left != json.end()) {
    head.time_left =
        std::chrono::milliseconds(integer_of(*left, "time_left_ms", 0, INT64_MAX / 1'000'000));
  }
  head.lane = find_lane(text_or(json, "lane")).value_or(Lane::kInteractive);
  return head;
}

}  // namespace

Json head_of(const CallHead& head, const char* operation) {
  Json json = {{"op", operation}, {"model", head.model}};
  if (head.time_left) json["time_left_ms"] = head.time_left->count();
  if (head.lane != Lane::kInteractive) json["lane"] = to_string(head.lane);
  return json;
}

Call parse_call(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    const auto name = text_at(json, "op");
    const auto parse = operations().find(name);
    if (parse == operations().end()) {
      throw Error(ErrorCode::kUnsupported, "the engine host has no operation '" + name + "'");
    }
    CallHead head = head_from(json);
    PayloadReader payload(frame);
    return Call{head, parse->second(json, payload)};
  });
}

}  // namespace hailstone::hosting
