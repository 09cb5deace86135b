// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {
namespace {

using std::filesystem::path;

struct Context {
  const Setting& setting;
  const Environment& environment;
};

[[noreturn]] void refuse(const std::string& text, const std::string& expected,
                         const std::string& works) {
  throw Error(ErrorCode::kBadRequest, "'" + text + "' is not " + expected, works);
}

std::optional<std::int64_t> find_integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

void parse_text(const Context& context, const std::string& text, Endpoint& out) {
  out = parse_endpoint(text, context.setting.port);
}

void parse_text(const Context& context, const std::string& text, path& out) {
  const auto home = find_variable(context.environment, "HOME");
  const bool in_home = home && (text == "~" || text.starts_with("~/"));
  out = std::filesystem::absolute(in_home ? *home + text.substr(1) : text).lexically_normal();
}

void parse_text(const Context&, const std::string& text, std::chrono::nanoseconds& out) {
  auto duration = find_go_duration(text);
  // Ollama's users write plain seconds, too. A century is as good as for ever and never overflows.
  if (const auto seconds = find_integer(text); !duration && seconds) {
    constexpr std::int64_t kCentury = 3'155'760'000;
    duration = std::chrono::seconds(std::clamp(*seconds, -kCentury, kCentury));
  }
  if (!duration) refuse(text, "a duration", "Forms that work: 90s, 5m, 1h30m, 300 (seconds), -1");
  out = *duration;
}

void parse_text(const Context&, const std::string& text, MemoryAmount& out) {
  out = parse_memory_amount(text);
}

void parse_text(const Context& context, const std::string& text, int& out) {
  const auto value = find_integer(text);
  if (!value || *value < context.setting.min || *value > context.setting.max) {
    const std::string range = "from " + std::to_string(context.setting.min) + " to " +
                              std::to_string(context.setting.max);
    refuse(text, "a whole number " + range, "A number " + range + " works");
  }
  out = static_cast<int>(*value);
}

void parse_text(const Context&, const std::string& text, bool& out) {
  const std::string word = to_lower(text);
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_one_of({"true", "1", "yes", "on"})) {
    out = true;
  } else if (is_one_of({"false", "0", "no", "off"})) {
    out = false;
  } else {
    refuse(text, "a truth value", "true and false work");
  }
}

/// Text with a form "a|b|c" is one of these; with any other form it is free.
void parse_text(const Context& context, const std::string& text, std::string& out) {
  const auto choices = split(context.setting.form, '|');
  const std::string word = choices.size() > 1 ? to_lower(text) : text;
  if (choices.size() > 1 && std::find(choices.begin(), choices.end(), word) == choices.end()) {
    refuse(text, "one of " + join(choices, ", "), join(choices, ", ") + " work");
  }
  out = word;
}

template <typename T>
void parse_texts(const Context& context, const Texts& texts, T& out) {
  const bool is_none = texts.size() == 1 && trim(texts.front()).empty();
  if (is_none && context.setting.fallback.empty()) {  // where that is a choice
    out = T();
    return;
  }
  if (texts.size() != 1 || trim(texts.front()).empty()) {
    refuse(join(texts, ","), "a single value", "Form: " + std::string(context.setting.form));
  }
  parse_text(context, texts.front(), out);
}

template <typename T>
void parse_texts(const Context& context, const Texts& texts, std::vector<T>& out) {
  out.clear();
  for (const std::string& text : texts) {
    if (!trim(text).empty()) parse_text(context, std::string(trim(text)), out.emplace_back());
  }
}

std::string text_of(const Endpoint& value) {
  return to_string(value);
}
std::string text_of(const path& value) {
  return value.string();
}
std::string text_of(const std::string& value) {
  return value;
}
std::string text_of(int value) {
  return std::to_string(value);
}
std::string text_of(bool value) {
  return value ? "true" : "false";
}
std::string text_of(const MemoryAmount& value) {
  return to_string(value);
}
std::string text_of(std::chrono::nanoseconds value) {
  return to_go_duration(value);
}

template <typename T>
std::string text_of(const std::vector<T>& values) {
  Texts texts;
  for (const T& value : values) texts.push_back(text_of(value));
  return join(texts, ",");
}

}  // namespace

void parse_value(const Setting& setting, const Texts& texts, const Environment& environment,
                 Settings& settings) {
  const Context context{setting, environment};
  std::visit([&](auto member) { parse_texts(context, texts, settings.*member); }, setting.target);
}

std::string value_text(const Setting& setting, const Settings& settings) {
  const std::string text =
      std::visit([&](auto member) { return text_of(settings.*member); }, setting.target);
  return setting.secret && !text.empty() ? "********" : text;
}

}  // namespace hailstone::core
