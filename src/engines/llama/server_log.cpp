// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/server_log.hpp"

#include <algorithm>
#include <optional>

#include "base/strings.hpp"
#include "log/log.hpp"

namespace hailstone::engines::llama {
namespace {

constexpr std::size_t kMaxErrors = 16;

/// "0.00.060.458 E srv  load_model: text" -> 'E' and "srv  load_model: text".
struct LogLine {
  char level = ' ';
  std::string_view text;
};

LogLine parse_line(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space + 2 >= line.size() || line[space + 2] != ' ') {
    return {' ', line};
  }
  return {line[space + 1], trim(line.substr(space + 3))};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// "llama_model_load: error loading model: why" -> "why", where the line knows why.
std::optional<std::string_view> find_reason(std::string_view line) {
  if (contains(line, "failed to load model") || contains(line, "exiting due to") ||
      contains(line, "failed to fit params")) {
    return std::nullopt;
  }
  constexpr std::string_view kPreamble = "error loading model: ";
  const auto at = line.find(kPreamble);
  if (at != std::string_view::npos) return line.substr(at + kPreamble.size());
  const auto colon = line.find(": ");
  return colon == std::string_view::npos ? line : line.substr(colon + 2);
}

ErrorCode code_of(std::string_view reason) {
  if (contains(reason, "allocate") || contains(reason, "out of memory")) {
    return ErrorCode::kOutOfMemory;
  }
  if (contains(reason, "unknown model architecture") || contains(reason, "unsupported")) {
    return ErrorCode::kUnsupported;
  }
  return ErrorCode::kBadRequest;
}

}  // namespace

void ServerLog::add(std::string_view line) {
  const auto [level, text] = parse_line(line);
  // Such a line repeats the request's text, which has no place in a log; the requester gets it.
  if (contains(text, "got exception")) return;
  if (level == 'E') {
    const std::lock_guard lock(mutex_);
    errors_.emplace_back(text);
    if (errors_.size() > kMaxErrors) errors_.pop_front();
  }
  if (log::enabled(log::Level::kDebug)) {
    log::debug("llama", "llama-server says", {{"line", std::string(text)}});
  }
}

Error ServerLog::load_error(const std::string& how_it_ended) const {
  const std::lock_guard lock(mutex_);
  for (const std::string& line : errors_) {
    if (const auto reason = find_reason(line)) {
      return Error(code_of(*reason), "the model cannot be loaded: " + std::string(*reason));
    }
  }
  return Error(ErrorCode::kEngineFailed,
               "the llama engine ended while loading the model (" + how_it_ended + ")",
               errors_.empty() ? std::string() : errors_.back());
}

}  // namespace hailstone::engines::llama
