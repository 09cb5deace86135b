// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/class_names.hpp"

#include <charconv>
#include <optional>

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxClasses = 1 << 16;

/// Reads the tokens that both languages share.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool take(char wanted) noexcept {
    skip_space();
    if (rest().empty() || rest().front() != wanted) return false;
    ++at_;
    return true;
  }

  std::optional<std::size_t> take_number() noexcept {
    skip_space();
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(rest().data(), rest().data() + rest().size(), number);
    if (error != std::errc()) return std::nullopt;
    at_ += static_cast<std::size_t>(end - rest().data());
    return number;
  }

  std::optional<std::string> take_string() {
    const char quote = take('\'') ? '\'' : take('"') ? '"' : '\0';
    if (quote == '\0') return std::nullopt;
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote) {
        ++at_;
        return value;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    return std::nullopt;
  }

 private:
  std::string_view rest() const noexcept { return text_.substr(at_); }

  void skip_space() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// A key: 7 or "7".
std::optional<std::size_t> take_key(Reader& reader) {
  if (const auto number = reader.take_number()) return number;
  const auto text = reader.take_string();
  return text ? Reader(*text).take_number() : std::nullopt;
}

bool take_entry(Reader& reader, bool has_keys, std::vector<std::string>& names) {
  const auto key = has_keys ? take_key(reader) : names.size();
  if (!key || *key >= kMaxClasses || (has_keys && !reader.take(':'))) return false;
  auto name = reader.take_string();
  if (!name) return false;
  if (*key >= names.size()) names.resize(*key + 1);
  names[*key] = std::move(*name);
  return true;
}

}  // namespace

std::vector<std::string> parse_class_names(std::string_view text) {
  Reader reader(text);
  const bool has_keys = reader.take('{');
  if (!has_keys && !reader.take('[')) return {};
  std::vector<std::string> names;
  do {
    if (!take_entry(reader, has_keys, names)) return {};
  } while (reader.take(','));
  return reader.take(has_keys ? '}' : ']') ? names : std::vector<std::string>();
}

}  // namespace hailstone::vision
