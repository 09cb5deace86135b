// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

#include "base/strings.hpp"
#include "inference/voices/say_request.hpp"
#include "services/speech/speak/script.hpp"

namespace hailstone::speak {
namespace {

/// Bytes that are said at once: an engine works on all of it before others get their turn.
constexpr std::size_t kLongestSentence = 400;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

bool is_word(unsigned char c) noexcept {
  return std::isalnum(c) != 0 || c >= 0x80;
}

std::string_view take_line(std::string_view& text) noexcept {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// "## Title", "> quoted", "- item", "3. item": only what follows.
std::string_view without_mark(std::string_view line) noexcept {
  line = trim(line);
  while (!line.empty() && (line.front() == '#' || line.front() == '>')) line = trim(line.substr(1));
  if (line.size() > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') &&
      is_blank(line[1])) {
    line = trim(line.substr(2));
  }
  if (line.starts_with("[ ] ") || line.starts_with("[x] ")) line = trim(line.substr(4));
  return line;
}

bool is_rule(std::string_view line) noexcept {
  return line.size() >= 3 && line.find_first_not_of("-*_=| :") == std::string_view::npos;
}

/// "[what](where)" and "![what](where)" at the front, taken off; nothing else.
std::string_view take_link(std::string_view& text) noexcept {
  const std::size_t begin = text.starts_with("![") ? 2 : text.starts_with("[") ? 1 : 0;
  const auto middle = begin == 0 ? std::string_view::npos : text.find("](", begin);
  const auto end = middle == std::string_view::npos ? middle : text.find(')', middle);
  if (end == std::string_view::npos ||
      text.substr(begin, middle - begin).find('\n') != std::string_view::npos) {
    return {};
  }
  const auto what = text.substr(begin, middle - begin);
  text.remove_prefix(end + 1);
  return what;
}

/// Emoji, arrows, dingbats, and what joins them: U+2190 to U+2BFF but for a few signs, U+FE0F,
/// U+200D, U+1F000 and above. How many bytes at the front are one.
std::size_t emoji_length(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  if (at(0) == 0xF0 && at(1) == 0x9F && text.size() >= 4) return 4;
  if (at(0) == 0xE2 && text.size() >= 3 && at(1) >= 0x86 && at(1) <= 0xAF) {
    return at(1) == 0x88 && at(2) == 0x92 ? 0 : 3;  // the minus sign is none
  }
  if (at(0) == 0xEF && at(1) == 0xB8 && at(2) == 0x8F) return 3;
  if (at(0) == 0xE2 && at(1) == 0x80 && at(2) == 0x8D) return 3;
  return 0;
}

/// A line's own marks: links, emphasis, code, emoji.
std::string read_line(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    if (line.starts_with("[[")) {  // phonemes
      const auto end = std::min(line.find("]]"), line.size() - 2) + 2;
      out += line.substr(0, end);
      line.remove_prefix(end);
      continue;
    }
    if (const auto what = take_link(line); !what.empty()) {
      out += read_line(what);
      continue;
    }
    if (const auto length = emoji_length(line); length > 0) {
      line.remove_prefix(length);
      continue;
    }
    const char c = line.front();
    const bool is_inside = !out.empty() && is_word(static_cast<unsigned char>(out.back())) &&
                           line.size() > 1 && is_word(static_cast<unsigned char>(line[1]));
    line.remove_prefix(1);
    if (c == '`' || c == '~' || (c == '*' && !is_inside)) continue;
    if (c == '_' || c == '|') {
      out += ' ';
      continue;
    }
    out += c;
  }
  return out;
}

std::string read_markdown(std::string_view text) {
  std::string out;
  bool is_code = false;
  while (!text.empty()) {
    const auto raw = take_line(text);
    if (trim(raw).starts_with("```")) {
      is_code = !is_code;
      continue;
    }
    if (is_code) continue;  // nobody wants to hear it
    const auto line = without_mark(raw);
    if (is_rule(line)) continue;
    const std::string words = read_line(line);
    const bool has_mark = line.data() != trim(raw).data();
    out += words;
    // A title or an item is a sentence of its own.
    const auto last = trim(words);
    if (has_mark && !last.empty() && is_word(static_cast<unsigned char>(last.back()))) out += '.';
    out += '\n';
  }
  return out;
}

struct Rule {
  std::regex pattern;
  const char* replacement;
};

const std::vector<Rule>& english_rules() {
  static const std::vector<Rule> kRules = [] {
    const std::array<std::pair<const char*, const char*>, 24> list = {{
        {R"(https?://(?:www\.)?([A-Za-z0-9.-]+)[^\s]*)", "$1"},
        {R"((\d)\s?°\s?C\b)", "$1 degrees Celsius"},
        {R"((\d)\s?°\s?F\b)", "$1 degrees Fahrenheit"},
        {R"((\d)\s?km/h\b)", "$1 kilometres per hour"},
        {R"((\d)\s?m/s\b)", "$1 metres per second"},
        {R"((\d)\s?km\b)", "$1 kilometres"},
        {R"((\d)\s?cm\b)", "$1 centimetres"},
        {R"((\d)\s?mm\b)", "$1 millimetres"},
        {R"((\d)\s?m\b)", "$1 metres"},
        {R"((\d)\s?kg\b)", "$1 kilograms"},
        {R"((\d)\s?mg\b)", "$1 milligrams"},
        {R"((\d)\s?ms\b)", "$1 milliseconds"},
        {R"((\d)\s?kHz\b)", "$1 kilohertz"},
        {R"((\d)\s?MHz\b)", "$1 megahertz"},
        {R"((\d)\s?GHz\b)", "$1 gigahertz"},
        {R"((\d)\s?Hz\b)", "$1 hertz"},
        {R"((\d)\s?kB\b)", "$1 kilobytes"},
        {R"((\d)\s?MB\b)", "$1 megabytes"},
        {R"((\d)\s?GB\b)", "$1 gigabytes"},
        {R"((\d)\s?TB\b)", "$1 terabytes"},
        {R"((\d)\s?kW\b)", "$1 kilowatts"},
        {R"((\d)\s?W\b)", "$1 watts"},
        {R"((\d)\s?V\b)", "$1 volts"},
        {R"((\d)\s?%)", "$1 percent"},
    }};
    std::vector<Rule> rules;
    for (const auto& [pattern, replacement] : list) {
      rules.push_back({std::regex(pattern, std::regex::optimize), replacement});
    }
    return rules;
  }();
  return kRules;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kAbbreviations = {{
    {"e.g.", "for example"},
    {"i.e.", "that is"},
    {"etc.", "et cetera."},
    {"vs.", "versus"},
    {"approx.", "approximately"},
    {"&", "and"},
}};

/// Before sentences are found: their points end none.
std::string expand_abbreviations(std::string text) {
  for (const auto& [shorter, longer] : kAbbreviations) {
    for (auto at = text.find(shorter); at != std::string::npos; at = text.find(shorter, at + 1)) {
      const auto end = at + shorter.size();
      const bool is_alone = (at == 0 || !is_word(static_cast<unsigned char>(text[at - 1]))) &&
                            (end == text.size() || !is_word(static_cast<unsigned char>(text[end])));
      if (is_alone) text.replace(at, shorter.size(), longer);
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> find_sentences(std::string_view text) {
  std::vector<std::string> sentences;
  for (const auto& piece : inference::cut_text(text, kLongestSentence)) {
    const auto words = trim(piece);
    if (std::any_of(words.begin(), words.end(), [](unsigned char c) { return is_word(c); })) {
      sentences.emplace_back(words);
    }
  }
  return sentences;
}

Script read_plain(std::string_view text, std::string_view language) {
  std::string words = read_markdown(text);
  if (language.starts_with("en")) words = expand_abbreviations(std::move(words));
  if (std::none_of(words.begin(), words.end(), [](unsigned char c) { return is_word(c); })) {
    return {};
  }
  return {{{}, 1, std::string(trim(words))}};
}

std::string write_out(const std::string& sentence, std::string_view language) {
  // Patterns are slow, and most sentences have nothing for them.
  const bool has_any = sentence.find_first_of("0123456789") != std::string::npos ||
                       sentence.find("://") != std::string::npos;
  if (!has_any || !language.starts_with("en")) return sentence;
  std::string out = sentence;
  for (const auto& rule : english_rules()) {
    out = std::regex_replace(out, rule.pattern, rule.replacement);
  }
  return out;
}

}  // namespace hailstone::speak
