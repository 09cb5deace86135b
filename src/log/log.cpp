// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "log/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>

#include "log/sink.hpp"

namespace hailstone::log {
namespace {

struct LevelRow {
  std::string_view name;
  Level level;
  spdlog::level::level_enum spdlog_level;
  const char* journal_prefix;  // sd-daemon(3)
};

constexpr std::array kLevels = {
    LevelRow{"debug", Level::kDebug, spdlog::level::debug, "<7>"},
    LevelRow{"info", Level::kInfo, spdlog::level::info, "<6>"},
    LevelRow{"warning", Level::kWarning, spdlog::level::warn, "<4>"},
    LevelRow{"error", Level::kError, spdlog::level::err, "<3>"},
};

const LevelRow& row_of(Level level) noexcept {
  return kLevels[static_cast<std::size_t>(level)];
}

bool under_journal() noexcept {
  static const bool answer = std::getenv("JOURNAL_STREAM") != nullptr;
  return answer;
}

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("hailstone",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    // The journal stamps lines itself.
    made->set_pattern(under_journal() ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v");
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *instance;
}

std::atomic<Sink>& sink() noexcept {
  static std::atomic<Sink> instance = nullptr;
  return instance;
}

bool is_plain(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7F;
  });
}

}  // namespace

std::optional<Level> find_level(std::string_view name) noexcept {
  for (const auto& row : kLevels) {
    if (row.name == name) return row.level;
  }
  return std::nullopt;
}

void set_sink(Sink to) noexcept {
  sink() = to;
}

void set_level(Level level) {
  logger().set_level(row_of(level).spdlog_level);
}

bool enabled(Level level) noexcept {
  return logger().should_log(row_of(level).spdlog_level);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
    }
  }
  return out + '"';
}

void write(Level level, std::string_view area, std::string_view text,
           std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  std::string line;
  line.append(area).append(": ").append(text);
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    line.append(" ").append(name).append("=").append(is_plain(value) ? value : log::quoted(value));
  }
  const Sink other = sink().load();
  if (other != nullptr && other(level, line, {fields.begin(), fields.size()})) return;
  if (under_journal()) line.insert(0, row_of(level).journal_prefix);
  // The one of its overloads that formats nothing, in every version of the library.
  logger().log(spdlog::source_loc{}, row_of(level).spdlog_level,
               spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace hailstone::log
