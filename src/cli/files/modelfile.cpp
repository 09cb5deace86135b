// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/modelfile.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

constexpr std::string_view kQuotes = "\"\"\"";
constexpr std::string_view kBlanks = " \t\r";

/// The text, consumed from its front. One thread.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const noexcept { return text_.empty(); }

  /// The next word of this line; empty at its end.
  std::string word() {
    skip_blanks();
    const auto end = std::min(text_.find_first_of(" \t\r\n"), text_.size());
    return std::string(take(end));
  }

  /// What is left of this line, or more of them in quotes.
  std::string value() {
    skip_blanks();
    if (text_.starts_with(kQuotes)) return quoted();
    std::string_view rest = trim(take(std::min(text_.find('\n'), text_.size())));
    if (rest.size() >= 2 && rest.front() == '"' && rest.back() == '"') {
      rest = rest.substr(1, rest.size() - 2);
    }
    return std::string(rest);
  }

  /// Over the end of the line, which has to be empty by now.
  void end_line() {
    skip_blanks();
    if (!text_.empty() && text_.front() != '\n') refuse("something stands behind the text");
    if (!text_.empty()) take(1);
    ++line_;
  }

  void skip_line() {
    take(std::min(text_.find('\n'), text_.size()));
    end_line();
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::kBadRequest, "Modelfile:" + std::to_string(line_) + ": " + why);
  }

 private:
  std::string_view take(std::size_t count) {
    const auto out = text_.substr(0, count);
    text_.remove_prefix(count);
    return out;
  }
  void skip_blanks() { take(std::min(text_.find_first_not_of(kBlanks), text_.size())); }

  std::string quoted() {
    take(kQuotes.size());
    const auto end = text_.find(kQuotes);
    if (end == std::string_view::npos) refuse("the text has no closing \"\"\"");
    const auto inside = take(end);
    line_ += static_cast<int>(std::count(inside.begin(), inside.end(), '\n'));
    take(kQuotes.size());
    return std::string(inside);
  }

  std::string_view text_;
  int line_ = 1;
};

std::string required(std::string text, const Reader& reader, const std::string& instruction) {
  if (text.empty()) reader.refuse(instruction + " says nothing");
  return text;
}

void read_message(Reader& reader, Modelfile& out) {
  const std::string role = to_lower(reader.word());
  if (role != "system" && role != "user" && role != "assistant") {
    reader.refuse("MESSAGE is from system, user or assistant, not from '" + role + "'");
  }
  out.messages.emplace_back(role, reader.value());
}

void read_instruction(const std::string& word, Reader& reader, Modelfile& out) {
  const std::string name = to_lower(word);
  if (name == "from") {
    out.from.push_back(required(reader.value(), reader, "FROM"));
  } else if (name == "adapter") {
    out.adapters.push_back(required(reader.value(), reader, "ADAPTER"));
  } else if (name == "parameter") {
    const std::string key = required(reader.word(), reader, "PARAMETER");
    out.parameters.emplace_back(key, reader.value());
  } else if (name == "template") {
    out.template_text = reader.value();
  } else if (name == "system") {
    out.system = reader.value();
  } else if (name == "license") {
    out.licenses.push_back(reader.value());
  } else if (name == "message") {
    read_message(reader, out);
  } else if (name == "requires") {  // a version of Ollama
    reader.value();
  } else {
    reader.refuse("'" + word +
                  "' is none of FROM, PARAMETER, TEMPLATE, SYSTEM, ADAPTER, LICENSE, MESSAGE");
  }
}

}  // namespace

Modelfile parse_modelfile(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Modelfile out;
  Reader reader(text);
  while (!reader.at_end()) {
    const std::string word = reader.word();
    if (word.starts_with('#')) {
      reader.skip_line();
      continue;
    }
    if (!word.empty()) read_instruction(word, reader, out);
    reader.end_line();
  }
  if (out.from.empty()) {
    throw Error(ErrorCode::kBadRequest, "Modelfile: no FROM line",
                "FROM names a model that is installed, or a file");
  }
  return out;
}

}  // namespace hailstone::cli
