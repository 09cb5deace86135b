// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/ollama_wire.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/common/base64.hpp"

namespace hailstone::services {
namespace {

using http::Json;
using inference::Role;
using inference::Thinking;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kBadRequest, message);
}

[[noreturn]] void refuse_option(std::string_view name, const std::string& why) {
  refuse("option \"" + std::string(name) + "\" " + why);
}

// A fraction is cut off, as Ollama does.
std::int64_t read_integer(std::string_view name, const Json& value) {
  const bool is_float = value.is_number_float();
  const auto number = http::find_integer(is_float ? Json(std::trunc(value.get<double>())) : value);
  if (!number) refuse_option(name, "must be of type integer");
  return *number;
}

enum class Sign { kAny, kNotNegative };

int read_int(std::string_view name, const Json& value, Sign sign) {
  const std::int64_t number = read_integer(name, value);
  if (number < 0 && sign == Sign::kNotNegative) refuse_option(name, "must not be negative");
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
    refuse_option(name, "is out of range");
  }
  return static_cast<int>(number);
}

double read_double(std::string_view name, const Json& value) {
  if (!value.is_number()) refuse_option(name, "must be of type float32");
  const double number = value.get<double>();
  if (std::abs(number) > std::numeric_limits<float>::max()) refuse_option(name, "is out of range");
  return number;
}

std::vector<std::string> read_strings(std::string_view name, const Json& value) {
  // Each generated token is compared with every one of them.
  constexpr std::size_t kMost = 256;
  if (!value.is_array()) refuse_option(name, "must be of type array");
  if (value.size() > kMost) refuse_option(name, "has too many entries");
  std::vector<std::string> out;
  for (const auto& entry : value) {
    if (!entry.is_string()) refuse_option(name, "must be an array of strings");
    out.push_back(entry.get<std::string>());
  }
  return out;
}

struct Option {
  std::string_view name;
  void (*read)(std::string_view name, const Json& value, ModelOptions& options);
};

template <auto kMember>
void sampling_double(std::string_view name, const Json& value, ModelOptions& options) {
  options.sampling.*kMember = read_double(name, value);
}

template <auto kMember>
void sampling_int(std::string_view name, const Json& value, ModelOptions& options) {
  options.sampling.*kMember = read_int(name, value, Sign::kAny);
}

template <auto kMember, Sign kSign>
void whole(std::string_view name, const Json& value, ModelOptions& options) {
  options.*kMember = read_int(name, value, kSign);
}

/// Known to Ollama, but here the daemon decides: only the type is checked.
void ignored_int(std::string_view name, const Json& value, ModelOptions&) {
  read_int(name, value, Sign::kAny);
}

void read_seed(std::string_view name, const Json& value, ModelOptions& options) {
  options.sampling.seed = read_integer(name, value);
}

void read_stop(std::string_view name, const Json& value, ModelOptions& options) {
  options.stop = read_strings(name, value);
}

void read_use_mmap(std::string_view name, const Json& value, ModelOptions& options) {
  if (!value.is_boolean()) refuse_option(name, "must be of type boolean");
  options.use_mmap = value.get<bool>();
}

using inference::Sampling;

constexpr std::array kOptions = {
    Option{"temperature", sampling_double<&Sampling::temperature>},
    Option{"top_k", sampling_int<&Sampling::top_k>},
    Option{"top_p", sampling_double<&Sampling::top_p>},
    Option{"min_p", sampling_double<&Sampling::min_p>},
    Option{"typical_p", sampling_double<&Sampling::typical_p>},
    Option{"seed", read_seed},
    Option{"repeat_last_n", sampling_int<&Sampling::repeat_last_n>},
    Option{"repeat_penalty", sampling_double<&Sampling::repeat_penalty>},
    Option{"presence_penalty", sampling_double<&Sampling::presence_penalty>},
    Option{"frequency_penalty", sampling_double<&Sampling::frequency_penalty>},
    Option{"stop", read_stop},
    Option{"num_predict", whole<&ModelOptions::num_predict, Sign::kAny>},
    Option{"num_keep", whole<&ModelOptions::num_keep, Sign::kAny>},
    Option{"num_ctx", whole<&ModelOptions::num_ctx, Sign::kNotNegative>},
    Option{"num_batch", whole<&ModelOptions::num_batch, Sign::kNotNegative>},
    Option{"num_thread", whole<&ModelOptions::num_thread, Sign::kNotNegative>},
    Option{"use_mmap", read_use_mmap},
    Option{"num_gpu", ignored_int},
    Option{"main_gpu", ignored_int},
};

const Option* find_option(std::string_view name) noexcept {
  for (const auto& option : kOptions) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

/// Saturates; what no clock can count is for ever.
core::KeepAlive keep_alive_of_seconds(double seconds) {
  if (seconds < 0) return core::kForEver;
  const double nanoseconds = seconds * 1e9;
  if (nanoseconds >= 9.2e18) return core::kForEver;
  return core::KeepAlive(static_cast<std::int64_t>(nanoseconds));
}

std::optional<double> find_number(std::string_view text) {
  const Json number = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!number.is_number()) return std::nullopt;
  return number.get<double>();
}

/// What a data: URL puts in front of the base64.
std::string_view without_data_prefix(std::string_view text) noexcept {
  if (!text.starts_with("data:")) return text;
  const auto comma = text.find(',');
  return comma == std::string_view::npos ? text : text.substr(comma + 1);
}

ModelOptions read_options(const Json& object) {
  ModelOptions options;
  for (const auto& [name, value] : object.items()) {
    if (value.is_null()) continue;
    if (const Option* option = find_option(name)) {
      option->read(name, value, options);
    } else {
      options.unknown.push_back(name);
    }
  }
  return options;
}

/// The file is the server's, not the client's: what is wrong with it is no bad request.
Json parse_layer(std::string_view text, const std::string& owner, const char* layer,
                 Json::value_t type) {
  try {
    Json json = http::parse_json(text);
    if (json.type() == type) return json;
  } catch (const Error&) {  // it blames the client
  }
  throw Error(ErrorCode::kInternal, owner + ": its " + layer + " layer cannot be read");
}

}  // namespace

ModelOptions parse_options(const http::Fields& request) {
  const auto options = request.find_object("options");
  return options ? read_options(options->json()) : ModelOptions{};
}

ModelOptions parse_options_object(const http::Fields& options) {
  return read_options(options.json());
}

std::optional<core::KeepAlive> parse_keep_alive(const http::Fields& request) {
  const Json* value = request.find("keep_alive");
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return keep_alive_of_seconds(value->get<double>());
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    if (const auto duration = find_go_duration(text)) {
      return duration->count() < 0 ? core::kForEver : core::KeepAlive(*duration);
    }
    if (const auto seconds = find_number(text)) return keep_alive_of_seconds(*seconds);
  }
  throw request.wrong("keep_alive", "a number of seconds or a duration such as \"5m\"");
}

std::optional<std::string> parse_format(const http::Fields& request) {
  const Json* value = request.find("format");
  if (value == nullptr || *value == "") return std::nullopt;
  if (*value == "json") return "{}";
  if (!value->is_object()) throw request.wrong("format", "\"json\" or a JSON Schema object");
  return http::to_text(*value);
}

Thinking parse_think(const http::Fields& request) {
  const Json* value = request.find("think");
  if (value == nullptr) return Thinking::kModelDefault;
  if (value->is_boolean()) return value->get<bool>() ? Thinking::kOn : Thinking::kOff;
  if (*value == "low") return Thinking::kLow;
  if (*value == "medium") return Thinking::kMedium;
  if (*value == "high") return Thinking::kHigh;
  if (*value == "max") return Thinking::kMax;
  throw request.wrong("think", "true, false, \"low\", \"medium\", \"high\" or \"max\"");
}

std::vector<std::string> parse_images(const http::Fields& object) {
  std::vector<std::string> out;
  const Json* images = object.find_array("images");
  if (images == nullptr) return out;
  for (const auto& image : *images) {
    if (!image.is_string()) throw object.wrong_item("images", out.size(), "a base64 string");
    auto bytes = find_base64(without_data_prefix(image.get_ref<const std::string&>()));
    if (!bytes || bytes->empty()) {
      throw object.wrong_item("images", out.size(), "base64 data of an image");
    }
    out.push_back(*std::move(bytes));
  }
  return out;
}

void read_role(const http::Fields& fields, inference::Message& message) {
  const std::string word = to_lower(fields.required_string("role"));
  for (const Role role : {Role::kSystem, Role::kUser, Role::kAssistant, Role::kTool}) {
    if (word != to_string(role)) continue;
    message.role = role;
    return;
  }
  message.role = Role::kUser;
  message.role_name = word;
}

std::string_view to_string(inference::Role role) noexcept {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
  }
  return "user";
}

std::string_view role_of(const inference::Message& message) noexcept {
  return message.role_name.empty() ? to_string(message.role) : message.role_name;
}

ModelOptions parse_params_layer(std::string_view text, const std::string& owner) {
  ModelOptions options = read_options(parse_layer(text, owner, "params", Json::value_t::object));
  options.unknown.clear();  // old manifests are full of options that are gone
  return options;
}

std::vector<inference::Message> parse_messages_layer(std::string_view text,
                                                     const std::string& owner) {
  std::vector<inference::Message> out;
  for (const auto& entry : parse_layer(text, owner, "messages", Json::value_t::array)) {
    const http::Fields fields(entry, owner + ": messages[" + std::to_string(out.size()) + "]");
    out.push_back(inference::make_message(Role::kUser, fields.find_string("content").value_or("")));
    read_role(fields, out.back());
  }
  return out;
}

}  // namespace hailstone::services
