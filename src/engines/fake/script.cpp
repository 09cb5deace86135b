// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/script.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <sstream>

#include "base/strings.hpp"
#include "inference/image_input.hpp"

namespace hailstone::engines::fake {
namespace {

/// One line of the script, with the words for an error about it.
struct Setting {
  std::string where;  // "model tiny: setting tokens"
  std::string value;
};

[[noreturn]] void refuse(const Setting& setting, const std::string& expected) {
  throw Error(ErrorCode::kBadRequest,
              setting.where + ": " + expected + " expected, got '" + setting.value + "'");
}

std::int64_t parse_number(const Setting& setting, std::string_view text, std::int64_t least,
                          std::int64_t most = 1'000'000'000) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    refuse(setting, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

int parse_count(const Setting& setting, int least = 0) {
  return static_cast<int>(parse_number(setting, setting.value, least));
}

std::chrono::milliseconds parse_milliseconds(const Setting& setting) {
  return std::chrono::milliseconds(parse_count(setting));
}

ByteSize parse_mib(const Setting& setting) {
  return ByteSize::mib(static_cast<std::uint64_t>(parse_count(setting)));
}

Celsius parse_celsius(const Setting& setting) {
  return {static_cast<double>(parse_count(setting))};
}

bool parse_switch(const Setting& setting) {
  return parse_count(setting) != 0;
}

std::uint64_t parse_parameters(const Setting& setting) {
  return static_cast<std::uint64_t>(parse_number(setting, setting.value, 0, 1'000'000'000'000'000));
}

std::vector<std::int64_t> parse_shape(const Setting& setting, std::string_view text,
                                      std::int64_t least) {
  std::vector<std::int64_t> shape;
  for (const auto& part : split(text, ',')) {
    shape.push_back(parse_number(setting, trim(part), least, 65536));
  }
  return shape;
}

/// As every vision net's manifest has it.
std::vector<std::int64_t> parse_input(const Setting& setting) {
  const auto input = inference::parse_image_input(setting.value);
  const auto any_if_zero = [](int side) { return side == 0 ? -1 : side; };
  return {any_if_zero(input.height), any_if_zero(input.width), input.channels};
}

/// "boxes[1,6]=10 20 30 40 0.9 0": floats.
inference::Tensor parse_output(const Setting& setting, std::string_view text) {
  const auto open = text.find('[');
  const auto close = text.find("]=");
  if (open == std::string_view::npos || close == std::string_view::npos || open > close) {
    refuse(setting, "name[size,size]=number number ...");
  }
  inference::TensorInfo info{std::string(text.substr(0, open)), inference::ElementType::kFloat32,
                             parse_shape(setting, text.substr(open + 1, close - open - 1), 0)};
  std::size_t count = 1;
  for (const auto size : info.shape) count *= static_cast<std::size_t>(size);
  std::istringstream numbers{std::string(text.substr(close + 2))};
  std::vector<float> values;
  for (float number = 0; numbers >> number;) values.push_back(number);
  if (!numbers.eof() || values.size() != count) {
    refuse(setting, std::to_string(count) + " numbers");
  }
  return {std::move(info), std::move(values)};
}

std::vector<inference::Tensor> parse_outputs(const Setting& setting) {
  std::vector<inference::Tensor> outputs;
  for (const auto& part : split(setting.value, ';')) {
    outputs.push_back(parse_output(setting, trim(part)));
  }
  return outputs;
}

std::vector<inference::Capability> parse_capabilities(const Setting& setting) {
  std::vector<inference::Capability> capabilities;
  for (const auto& part : split(setting.value, ',')) {
    const auto capability = inference::find_capability(trim(part));
    if (!capability) refuse(setting, "a list of capabilities");
    capabilities.push_back(*capability);
  }
  return capabilities;
}

Error parse_refusal(const Setting& setting) {
  const std::string& text = setting.value;
  if (const auto colon = text.find(':'); colon != std::string::npos) {
    if (const auto code = find_error_code(text.substr(0, colon))) {
      return Error(*code, std::string(trim(text.substr(colon + 1))));
    }
  }
  return Error(ErrorCode::kEngineFailed, text);
}

using Read = std::function<void(Script&, const Setting&)>;

const std::map<std::string, Read, std::less<>>& readers() {
  static const std::map<std::string, Read, std::less<>> table = {
      {"sessions", [](Script& s, const Setting& v) { s.sessions = split(v.value, ','); }},
      {"reply", [](Script& s, const Setting& v) { s.reply = v.value; }},
      {"thinking", [](Script& s, const Setting& v) { s.thinking = v.value; }},
      {"calls", [](Script& s, const Setting& v) { s.calls = split(v.value, '\n'); }},
      {"preface", [](Script& s, const Setting& v) { s.preface = v.value; }},
      {"fragment", [](Script& s, const Setting& v) { s.fragment = parse_count(v); }},
      {"cached_tokens", [](Script& s, const Setting& v) { s.cached_tokens = parse_count(v); }},
      {"tokens", [](Script& s, const Setting& v) { s.tokens = parse_count(v); }},
      {"token_ms", [](Script& s, const Setting& v) { s.token_time = parse_milliseconds(v); }},
      {"prompt_ms", [](Script& s, const Setting& v) { s.prompt_time = parse_milliseconds(v); }},
      {"load_ms", [](Script& s, const Setting& v) { s.load_time = parse_milliseconds(v); }},
      {"slots", [](Script& s, const Setting& v) { s.slots = parse_count(v, 1); }},
      {"context_length", [](Script& s, const Setting& v) { s.context_length = parse_count(v, 1); }},
      {"dimensions", [](Script& s, const Setting& v) { s.dimensions = parse_count(v, 1); }},
      {"shape", [](Script& s, const Setting& v) { s.shape = parse_shape(v, v.value, -1); }},
      {"input", [](Script& s, const Setting& v) { s.shape = parse_input(v); }},
      {"outputs", [](Script& s, const Setting& v) { s.outputs = parse_outputs(v); }},
      {"capabilities", [](Script& s, const Setting& v) { s.capabilities = parse_capabilities(v); }},
      {"architecture", [](Script& s, const Setting& v) { s.architecture = v.value; }},
      {"parameters", [](Script& s, const Setting& v) { s.parameters = parse_parameters(v); }},
      {"quantization", [](Script& s, const Setting& v) { s.quantization = v.value; }},
      {"chat_template", [](Script& s, const Setting& v) { s.chat_template = v.value; }},
      {"footprint_mb", [](Script& s, const Setting& v) { s.footprint = parse_mib(v); }},
      {"leak_mb", [](Script& s, const Setting& v) { s.leak = parse_mib(v); }},
      {"chip_celsius", [](Script& s, const Setting& v) { s.chip_temperature = parse_celsius(v); }},
      {"refuse_load", [](Script& s, const Setting& v) { s.refusal = parse_refusal(v); }},
      {"crash_at_load", [](Script& s, const Setting& v) { s.crash_at_load = parse_switch(v); }},
      {"hang_at_load", [](Script& s, const Setting& v) { s.hang_at_load = parse_switch(v); }},
      {"fail_after", [](Script& s, const Setting& v) { s.fail_after = parse_count(v); }},
      {"crash_after", [](Script& s, const Setting& v) { s.crash_after = parse_count(v); }},
      {"hang_after", [](Script& s, const Setting& v) { s.hang_after = parse_count(v); }},
      {"hang_on", [](Script& s, const Setting& v) { s.hang_on = v.value; }},
      {"crash_at_describe",
       [](Script& s, const Setting& v) { s.crash_at_describe = parse_switch(v); }},
      {"hang_hard", [](Script& s, const Setting& v) { s.hang_hard = parse_switch(v); }},
      {"brief_output", [](Script& s, const Setting& v) { s.brief_output = parse_switch(v); }},
      {"wrong_shape", [](Script& s, const Setting& v) { s.wrong_shape = parse_switch(v); }},
  };
  return table;
}

std::string known_settings() {
  std::vector<std::string> names;
  for (const auto& [name, read] : readers()) names.push_back(name);
  return "known are " + join(names, ", ");
}

/// Whether the setting is one of a further network: "outputs.recogniser".
bool is_of_network(const inference::ModelSpec& spec, std::string_view setting) {
  const auto dot = setting.find('.');
  return dot != std::string_view::npos && spec.networks.contains(setting.substr(dot + 1));
}

}  // namespace

bool Script::has_session(std::string_view kind) const noexcept {
  return std::find(sessions.begin(), sessions.end(), kind) != sessions.end();
}

bool Script::can(inference::Capability capability) const noexcept {
  return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

Script parse_script(const inference::ModelSpec& spec) {
  Script script;
  for (const auto& [name, value] : spec.settings) {
    if (is_of_network(spec, name)) continue;
    const Setting setting{"model " + spec.name + ": setting " + name, value};
    const auto reader = readers().find(name);
    if (reader == readers().end()) {
      throw Error(ErrorCode::kBadRequest, setting.where + " is unknown to the fake engine",
                  known_settings());
    }
    reader->second(script, setting);
  }
  return script;
}

}  // namespace hailstone::engines::fake
