// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/modelfile.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/files/encoding.hpp"

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
    if (text_.starts_with(kQuotes)) return quoted(kQuotes);
    const auto end = std::min(text_.find('\n'), text_.size());
    const std::string_view rest = trim(text_.substr(0, end));
    // One quote alone in its line opens a text of several.
    if (rest.starts_with('"') && rest.find('"', 1) == std::string_view::npos) return quoted("\"");
    take(end);
    if (rest.size() >= 2 && rest.front() == '"' && rest.back() == '"') {
      return std::string(rest.substr(1, rest.size() - 2));
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

  /// Up to the quotes that a line ends with: others are the text's own.
  std::string quoted(std::string_view quotes) {
    const int first = line_;
    take(quotes.size());
    std::size_t end = 0;
    for (;;) {
      const auto line_end = std::min(text_.find('\n', end), text_.size());
      const auto last = text_.find_last_not_of(kBlanks, line_end - (line_end > 0 ? 1 : 0));
      const std::size_t size = last == std::string_view::npos ? 0 : std::min(last + 1, line_end);
      if (size >= end && size >= quotes.size() && text_.substr(0, size).ends_with(quotes)) {
        const auto inside = take(size).substr(0, size - quotes.size());
        line_ += static_cast<int>(std::count(inside.begin(), inside.end(), '\n'));
        return std::string(inside);
      }
      if (line_end == text_.size()) {
        line_ = first;
        refuse("the text has no closing " + std::string(quotes) + " at the end of a line");
      }
      end = line_end + 1;
    }
  }

  std::string_view text_;
  int line_ = 1;
};

std::string required(std::string text, const Reader& reader, const std::string& instruction) {
  if (text.empty()) reader.refuse(instruction + " says nothing");
  return text;
}

/// Instructions for parts of Ollama that are not here: a version, renderers, draft models.
bool is_left_out(std::string_view name) {
  return name == "requires" || name == "renderer" || name == "parser" || name == "draft";
}

/// Parameters that Ollama itself has given up, or that mean nothing here.
bool is_deprecated(std::string_view name) {
  constexpr std::array<std::string_view, 13> kNames = {
      "penalize_newline", "low_vram",     "f16_kv", "logits_all",
      "vocab_only",       "use_mlock",    "numa",   "mirostat",
      "mirostat_tau",     "mirostat_eta", "tfs_z",  "main_gpu",
      "draft_num_predict"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void read_parameter(Reader& reader, Modelfile& out) {
  const std::string name = required(reader.word(), reader, "PARAMETER");
  std::string value = reader.value();
  if (is_deprecated(to_lower(name))) {
    out.notes.push_back("PARAMETER " + name + " has no effect any more and is left out");
    return;
  }
  out.parameters.emplace_back(name, std::move(value));
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
    read_parameter(reader, out);
  } else if (name == "template") {
    out.template_text = reader.value();
  } else if (name == "system") {
    out.system = reader.value();
  } else if (name == "license") {
    out.licenses.push_back(reader.value());
  } else if (name == "message") {
    read_message(reader, out);
  } else if (is_left_out(name)) {
    out.notes.push_back(to_upper(name) + " " + reader.value() +
                        " is for Ollama's own engine and is left out");
  } else {
    reader.refuse("'" + word +
                  "' is none of FROM, PARAMETER, TEMPLATE, SYSTEM, ADAPTER, LICENSE, MESSAGE");
  }
}

}  // namespace

Modelfile parse_modelfile(std::string_view bytes) {
  const std::string text = decode_text(bytes);
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
