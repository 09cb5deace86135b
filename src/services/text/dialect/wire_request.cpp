// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/dialect/wire_request.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "services/common/ollama_wire.hpp"

namespace hailstone::dialect {
namespace {

using http::Fields;
using http::Json;
using inference::Thinking;
using inference::ToolChoice;

constexpr int kMostInt = std::numeric_limits<int>::max();
/// Each generated token is compared with every one of them.
constexpr std::size_t kMostStops = 256;
constexpr std::size_t kMostBiases = 1024;
constexpr double kMostBias = 100;
constexpr double kMostTemperature = 100;
constexpr double kMostPenalty = 100;

std::optional<int> find_count(const Fields& request, std::string_view name) {
  const auto count = request.find_int(name, 0, kMostInt);
  return count ? std::optional(static_cast<int>(*count)) : std::nullopt;
}

std::optional<std::vector<std::string>> find_stops(const Fields& request, std::string_view name) {
  const Json* stop = request.find(name);
  if (stop == nullptr) return std::nullopt;
  if (stop->is_string()) return std::vector{stop->get<std::string>()};
  if (!stop->is_array()) throw request.wrong(name, "a string or an array of strings");
  auto stops = request.find_strings(name);
  if (stops && stops->size() > kMostStops) throw request.wrong(name, "at most 256 strings");
  return stops;
}

void read_logit_bias(const Fields& request, inference::Sampling& sampling) {
  const auto biases = request.find_object("logit_bias");
  if (!biases) return;
  if (biases->json().size() > kMostBiases) throw request.wrong("logit_bias", "at most 1024 tokens");
  for (const auto& [key, value] : biases->json().items()) {
    inference::TokenId token = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), token);
    if (error != std::errc() || end != key.data() + key.size() || token < 0) {
      throw request.wrong("logit_bias", "an object whose names are numbers of tokens");
    }
    const auto bias = biases->find_double(key, -kMostBias, kMostBias);
    sampling.logit_bias.emplace_back(token, bias.value_or(0));
  }
}

/// What a choice of tools is called inside of {"type":"function","function":{"name":...}}.
std::string name_in_choice(const Fields& choice) {
  const auto function = choice.find_object("function");
  return function ? function->required_string("name") : choice.required_string("name");
}

/// {"type":"allowed_tools","allowed_tools":{"mode":..,"tools":[..]}}: the others are not offered.
void read_allowed_tools(const Fields& choice, chat::ChatTask& task) {
  const auto wrapped = choice.find_object("allowed_tools");
  const Fields& allowed = wrapped ? *wrapped : choice;
  std::vector<std::string> names;
  for (const auto& tool : allowed.find_objects("tools").value_or(std::vector<Fields>{})) {
    names.push_back(name_in_choice(tool));
  }
  std::erase_if(task.tools, [&](const auto& tool) {
    return std::find(names.begin(), names.end(), tool.name) == names.end();
  });
  if (allowed.find_string("mode") == "required") {
    task.tool_choice.mode = ToolChoice::Mode::kRequired;
  }
}

bool changes_nothing(const Json& value) {
  return value == false || value == "" || (value.is_structured() && value.empty());
}

}  // namespace

void read_sampling(const Fields& request, const SamplingNames& names,
                   services::ModelOptions& options) {
  auto& sampling = options.sampling;
  sampling.temperature = request.find_double("temperature", 0, kMostTemperature);
  sampling.top_p = request.find_double("top_p", 0, 1);
  sampling.top_k = find_count(request, names.top_k);
  sampling.min_p = request.find_double("min_p", 0, 1);
  sampling.repeat_penalty = request.find_double("repeat_penalty", 0, kMostPenalty);
  sampling.presence_penalty = request.find_double("presence_penalty", -kMostPenalty, kMostPenalty);
  sampling.frequency_penalty =
      request.find_double("frequency_penalty", -kMostPenalty, kMostPenalty);
  sampling.seed = request.find_int("seed");
  read_logit_bias(request, sampling);
  options.stop = find_stops(request, names.stop);
}

Thinking read_effort(const Fields& fields, std::string_view name) {
  const auto effort = fields.find_string(name);
  if (!effort) return Thinking::kModelDefault;
  if (*effort == "none") return Thinking::kOff;
  if (*effort == "minimal" || *effort == "low") return Thinking::kLow;
  if (*effort == "medium") return Thinking::kMedium;
  if (*effort == "high") return Thinking::kHigh;
  if (*effort == "xhigh" || *effort == "max") return Thinking::kMax;
  throw fields.wrong(name,
                     "\"none\", \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\" or \"max\"");
}

std::string read_schema(const Fields& fields, std::string_view name) {
  const Json& schema = fields.required(name);
  if (!schema.is_object()) throw fields.wrong(name, "a JSON schema");
  return http::to_text(schema);
}

std::string read_arguments(const Fields& fields, std::string_view name) {
  const Json* value = fields.find(name);
  if (value == nullptr) return "{}";
  if (value->is_object()) return http::to_text(*value);
  if (!value->is_string()) throw fields.wrong(name, "an object, or a string that is one");
  const auto& text = value->get_ref<const std::string&>();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return "{}";
  if (!Json::parse(text, nullptr, /*allow_exceptions=*/false).is_object()) {
    throw fields.wrong(name, "a string with a JSON object");
  }
  return text;
}

inference::ToolSpec read_tool(const Fields& function, std::string_view schema_name) {
  inference::ToolSpec tool;
  tool.name = function.required_string("name");
  tool.description = function.find_string("description").value_or("");
  const auto schema = function.find_object(schema_name);
  tool.parameters = schema ? http::to_text(schema->json()) : R"({"type":"object","properties":{}})";
  return tool;
}

void check_tool_choice(const chat::ChatTask& task, std::string_view path) {
  using Mode = inference::ToolChoice::Mode;
  const auto& choice = task.tool_choice;
  if (choice.mode == Mode::kAuto || choice.mode == Mode::kNone) return;
  if (task.tools.empty()) {
    throw Error(ErrorCode::kBadRequest,
                std::string(path) + " wants a tool to be called, but there are no tools");
  }
  if (choice.mode == Mode::kRequired) return;
  const bool is_there = std::any_of(task.tools.begin(), task.tools.end(),
                                    [&](const auto& tool) { return tool.name == choice.name; });
  if (!is_there) {
    throw Error(ErrorCode::kBadRequest,
                std::string(path) + " names '" + choice.name + "', which is none of the tools");
  }
}

void read_openai_tool_choice(const Fields& request, chat::ChatTask& task) {
  using Mode = ToolChoice::Mode;
  const Json* choice = request.find("tool_choice");
  if (choice == nullptr || *choice == "auto") return;
  if (*choice == "none") {
    task.tool_choice.mode = Mode::kNone;
  } else if (*choice == "required") {
    task.tool_choice.mode = Mode::kRequired;
  } else if (choice->is_object()) {
    const Fields fields(*choice, request.path_of("tool_choice"));
    const std::string type = fields.required_string("type");
    if (type == "allowed_tools") {
      read_allowed_tools(fields, task);
    } else if (type == "function") {
      task.tool_choice = {Mode::kNamed, name_in_choice(fields)};
    } else {
      throw fields.wrong("type", R"("function" or "allowed_tools")");
    }
  } else {
    throw request.wrong("tool_choice", R"("auto", "none", "required" or an object)");
  }
  check_tool_choice(task, request.path_of("tool_choice"));
}

void refuse_fields(const Fields& request, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const Json* value = request.find(name);
    if (value == nullptr || changes_nothing(*value)) continue;
    throw Error(ErrorCode::kBadRequest, request.path_of(name) + " is not supported here",
                "leave it out");
  }
}

void add_truncated(Json& reply, const chat::Summary& summary) {
  if (summary.dropped_messages > 0) reply["truncated"]["messages"] = summary.dropped_messages;
  if (summary.dropped_tokens > 0) reply["truncated"]["tokens"] = summary.dropped_tokens;
}

void read_extensions(const Fields& request, chat::Task& task) {
  task.keep_alive = services::parse_keep_alive(request);
  task.truncate = request.find_bool("truncate").value_or(true);
}

}  // namespace hailstone::dialect
