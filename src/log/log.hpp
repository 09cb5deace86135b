// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The log: one line an event, to stderr, with journal priorities under systemd. Lines carry fields
// instead of prose, and never prompts, pictures, sound or keys. Thread-safe.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hailstone::log {

enum class Level { kDebug, kInfo, kWarning, kError };

/// "debug", "info", "warning", "error".
std::optional<Level> find_level(std::string_view name) noexcept;

struct Field {
  std::string_view name;
  std::string value;
};

/// Lines below the level are dropped. Before the first call: info.
void set_level(Level level);
bool enabled(Level level) noexcept;

/// area is the room that speaks ("http", "runtime"); text says what happened, without values.
void write(Level level, std::string_view area, std::string_view text,
           std::initializer_list<Field> fields = {});

inline void debug(std::string_view area, std::string_view text,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kDebug, area, text, fields);
}
inline void info(std::string_view area, std::string_view text,
                 std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, area, text, fields);
}
inline void warning(std::string_view area, std::string_view text,
                    std::initializer_list<Field> fields = {}) {
  write(Level::kWarning, area, text, fields);
}
inline void error(std::string_view area, std::string_view text,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kError, area, text, fields);
}

/// text with quotes and control characters escaped, as write() prints a value that needs it.
std::string quoted(std::string_view text);

}  // namespace hailstone::log
