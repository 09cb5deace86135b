// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/speech/speak/script.hpp"

namespace hailstone::speak {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestPause{10'000};
constexpr std::size_t kDeepest = 32;
constexpr const char* kSupported =
    "speak, p, s, break, prosody (rate), say-as, sub, emphasis, phoneme, voice and mark";

Error refuse(const std::string& what) {
  return {ErrorCode::kBadRequest, "SSML: " + what, std::string("supported are ") + kSupported};
}

struct Tag {
  std::string name;
  std::map<std::string, std::string, std::less<>> attributes;
  bool is_end = false;
  bool is_empty = false;

  std::optional<std::string> find(std::string_view attribute) const {
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? std::nullopt : std::optional(found->second);
  }
};

std::string decode_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kKnown = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '&') {
      out += c;
      continue;
    }
    const auto end = text.find(';');
    const auto name = text.substr(0, std::min<std::size_t>(end, 8));
    const auto* known = std::find_if(kKnown.begin(), kKnown.end(),
                                     [&](const auto& entry) { return entry.first == name; });
    if (end == std::string_view::npos || known == kKnown.end()) {
      throw refuse("unknown entity '&" + std::string(utf8_prefix(name, 8)) + "'");
    }
    out += known->second;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string take_name(std::string_view& text) {
  const auto end = std::min(text.find_first_of(" \t\r\n=/>"), text.size());
  const std::string name(text.substr(0, end));
  text.remove_prefix(end);
  return name;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// What stands between < and >.
Tag parse_tag(std::string_view text) {
  Tag tag;
  if (text.starts_with("/")) {
    tag.is_end = true;
    text.remove_prefix(1);
  }
  if (text.ends_with("/")) {
    tag.is_empty = true;
    text.remove_suffix(1);
  }
  tag.name = take_name(text);
  if (tag.name.empty()) throw refuse("'<' without '>' (write &lt;)");
  for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
    const std::string name = take_name(text);
    skip_blanks(text);
    if (name.empty() || !text.starts_with("="))
      throw refuse("a broken attribute in <" + tag.name + ">");
    text.remove_prefix(1);
    skip_blanks(text);
    const char quote = text.empty() ? '\0' : text.front();
    const auto end = quote == '"' || quote == '\'' ? text.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) throw refuse("attribute " + name + " has no quotes");
    tag.attributes[name] = decode_entities(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
  return tag;
}

double parse_number(std::string_view text, const std::string& what) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw refuse(what + " must be a number, got '" + std::string(utf8_prefix(text, 20)) + "'");
  }
  return number;
}

/// "500ms", "1.5s".
milliseconds parse_time(std::string_view text) {
  const bool is_ms = text.ends_with("ms");
  if (!is_ms && !text.ends_with("s")) throw refuse("break time must be like 500ms or 1.5s");
  text.remove_suffix(is_ms ? 2 : 1);
  const double value = parse_number(text, "break time") * (is_ms ? 1 : 1000);
  if (!(value >= 0 && value <= static_cast<double>(kLongestPause.count()))) {
    throw refuse("break time must be from 0 to 10s");
  }
  return milliseconds(static_cast<int>(value));
}

milliseconds pause_of(const Tag& tag) {
  if (const auto time = tag.find("time")) return parse_time(*time);
  constexpr std::array<std::pair<std::string_view, int>, 6> kStrengths = {{{"none", 0},
                                                                           {"x-weak", 100},
                                                                           {"weak", 200},
                                                                           {"medium", 400},
                                                                           {"strong", 700},
                                                                           {"x-strong", 1200}}};
  const std::string strength = tag.find("strength").value_or("medium");
  for (const auto& [name, ms] : kStrengths) {
    if (strength == name) return milliseconds(ms);
  }
  throw refuse("break strength '" + std::string(utf8_prefix(strength, 20)) + "' is unknown");
}

double rate_of(const Tag& tag) {
  const auto rate = tag.find("rate");
  if (!rate) return 1;  // pitch and volume have no effect
  constexpr std::array<std::pair<std::string_view, double>, 6> kRates = {{{"x-slow", 0.5},
                                                                          {"slow", 0.75},
                                                                          {"medium", 1},
                                                                          {"default", 1},
                                                                          {"fast", 1.35},
                                                                          {"x-fast", 1.8}}};
  for (const auto& [name, value] : kRates) {
    if (*rate == name) return value;
  }
  std::string_view text = *rate;
  double value = 0;
  if (text.ends_with("%")) {
    text.remove_suffix(1);
    const bool is_change = text.starts_with("+") || text.starts_with("-");
    if (text.starts_with("+")) text.remove_prefix(1);
    value = parse_number(text, "prosody rate") / 100 + (is_change ? 1 : 0);
  } else {
    value = parse_number(text, "prosody rate");
  }
  if (!(value >= 0.25 && value <= 4)) throw refuse("prosody rate must be from 25% to 400%");
  return value;
}

/// "AB1" to "A, B, 1".
std::string spell(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length =
        std::max<std::size_t>(1, utf8_prefix(text, std::min<std::size_t>(4, text.size())).size());
    std::size_t size = 1;
    while (size < length && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) ++size;
    const auto character = text.substr(0, size);
    text.remove_prefix(size);
    if (trim(character).empty()) continue;
    if (!out.empty()) out += ", ";
    out += character;
  }
  return out;
}

std::string say_as(const std::string& text, const std::string& how) {
  if (how == "characters" || how == "spell-out" || how == "digits" || how == "telephone") {
    return spell(text);
  }
  if (how == "ordinal") {
    const auto number = trim(text);
    const bool is_teen = number.size() > 1 && number[number.size() - 2] == '1';
    const char last = number.empty() ? '0' : number.back();
    const char* end = is_teen       ? "th"
                      : last == '1' ? "st"
                      : last == '2' ? "nd"
                      : last == '3' ? "rd"
                                    : "th";
    return std::string(number) + end;
  }
  if (how == "cardinal" || how == "number" || how == "date" || how == "time" || how == "unit" ||
      how == "expletive" || how == "address") {
    return text;
  }
  throw refuse("say-as interpret-as '" + std::string(utf8_prefix(how, 30)) + "' is not supported");
}

class Reader {
 public:
  explicit Reader(std::string_view language) : language_(language) {}

  Script read(std::string_view text) {
    while (!text.empty()) {
      const auto open = std::min(text.find('<'), text.size());
      add_text(decode_entities(text.substr(0, open)));
      text.remove_prefix(open);
      if (text.empty()) break;
      take_markup(text);
    }
    if (!open_.empty()) throw refuse("<" + open_.back().name + "> is not closed");
    if (!has_root_) throw refuse("it must begin with <speak>");
    flush();
    if (pause_ > milliseconds(0)) script_.push_back({pause_, 1, {}});
    return std::move(script_);
  }

 private:
  void take_markup(std::string_view& text) {
    if (text.starts_with("<!--") || text.starts_with("<?")) {
      const std::string_view mark = text.starts_with("<?") ? "?>" : "-->";
      const auto end = text.find(mark);
      if (end == std::string_view::npos) throw refuse("a comment is not closed");
      text.remove_prefix(end + mark.size());
      return;
    }
    const auto end = text.find('>');
    if (end == std::string_view::npos) throw refuse("'<' without '>' (write &lt;)");
    const Tag tag = parse_tag(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
    if (tag.is_end) {
      close(tag);
    } else {
      open(tag);
      if (tag.is_empty) close(tag);
    }
  }

  void open(const Tag& tag) {
    if (open_.size() >= kDeepest) throw refuse("too many elements in each other");
    if (open_.empty() && (tag.name != "speak" || has_root_)) throw refuse("it must be one <speak>");
    has_root_ = true;
    double rate = open_.empty() ? 1 : open_.back().rate;
    if (tag.name == "break") {
      flush();
      pause_ = std::min(kLongestPause, pause_ + pause_of(tag));
    } else if (tag.name == "prosody") {
      flush();
      rate = std::clamp(rate * rate_of(tag), 0.25, 4.0);
    } else if (tag.name == "p" || tag.name == "s") {
      flush();
    } else if (tag.name != "speak" && tag.name != "say-as" && tag.name != "sub" &&
               tag.name != "emphasis" && tag.name != "phoneme" && tag.name != "voice" &&
               tag.name != "mark") {
      throw refuse("<" + std::string(utf8_prefix(tag.name, 30)) + "> is not supported");
    }
    open_.push_back({tag.name, rate, tag.find("interpret-as").value_or(""),
                     tag.name == "sub" ? tag.find("alias") : std::nullopt});
  }

  void close(const Tag& tag) {
    if (open_.empty() || open_.back().name != tag.name) {
      throw refuse("</" + std::string(utf8_prefix(tag.name, 30)) + "> closes nothing");
    }
    const auto element = open_.back();
    if (element.alias) text_ += ' ' + *element.alias + ' ';
    if (tag.name == "prosody" || tag.name == "p" || tag.name == "s") flush(element.rate);
    open_.pop_back();
    if (tag.name == "p") pause_ = std::max(pause_, milliseconds(400));
  }

  void add_text(const std::string& text) {
    if (trim(text).empty()) {
      if (!text.empty() && !text_.empty()) text_ += ' ';
      return;
    }
    if (open_.empty()) throw refuse("there is text outside of <speak>");
    const auto& element = open_.back();
    if (element.alias) return;
    text_ += element.how.empty() ? text : say_as(text, element.how);
  }

  void flush() { flush(open_.empty() ? 1 : open_.back().rate); }
  void flush(double rate) {
    for (auto& passage : read_plain(std::exchange(text_, {}), language_)) {
      passage.pause = std::exchange(pause_, milliseconds(0));
      passage.rate = rate;
      script_.push_back(std::move(passage));
    }
  }

  struct Element {
    std::string name;
    double rate;
    std::string how;                   // say-as
    std::optional<std::string> alias;  // sub
  };

  const std::string_view language_;
  Script script_;
  std::vector<Element> open_;
  std::string text_;  // not in the script yet
  milliseconds pause_{};
  bool has_root_ = false;
};

}  // namespace

Script read_ssml(std::string_view text, std::string_view language) {
  return Reader(language).read(trim(text));
}

}  // namespace hailstone::speak
