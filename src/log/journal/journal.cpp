// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "log/journal/journal.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
// The place in the source would be this file for each line.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/strings.hpp"
#include "log/sink.hpp"

namespace hailstone::log {
namespace {

/// Of syslog(3).
const char* priority_of(Level level) noexcept {
  switch (level) {
    case Level::kDebug:
      return "7";
    case Level::kInfo:
      return "6";
    case Level::kWarning:
      return "4";
    case Level::kError:
      break;
  }
  return "3";
}

/// "" for what the journal does not take. A request's id has the name that clients know it by.
std::string journal_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  constexpr std::array kTaken = {"MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "MESSAGE_ID"};
  if (name == "request") return "REQUEST_ID";
  std::string upper = to_upper(name);
  const bool is_valid =
      !upper.empty() && upper.size() <= kLongest && upper[0] >= 'A' && upper[0] <= 'Z' &&
      upper.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos;
  const bool is_taken = std::find(kTaken.begin(), kTaken.end(), upper) != kTaken.end();
  return is_valid && !is_taken ? upper : std::string();
}

bool send(Level level, std::string_view line, std::span<const Field> fields) {
  try {
    auto texts = journal_fields(level, line, fields);
    std::vector<iovec> parts;
    parts.reserve(texts.size());
    for (auto& text : texts) parts.push_back({text.data(), text.size()});
    return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
  } catch (...) {  // no memory: a line is not worth more than the process
    return false;
  }
}

}  // namespace

bool is_journal(const char* journal_stream, int descriptor) noexcept {
  if (journal_stream == nullptr) return false;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  char* end = nullptr;
  const auto device = std::strtoull(journal_stream, &end, 10);
  if (end == journal_stream || *end != ':') return false;
  const char* const rest = end + 1;
  const auto inode = std::strtoull(rest, &end, 10);
  return end != rest && device == status.st_dev && inode == status.st_ino;
}

std::vector<std::string> journal_fields(Level level, std::string_view line,
                                        std::span<const Field> fields) {
  std::vector<std::string> out = {"MESSAGE=" + std::string(line),
                                  std::string("PRIORITY=") + priority_of(level),
                                  "SYSLOG_IDENTIFIER=hailstone"};
  for (const auto& field : fields) {
    const auto name = journal_name(field.name);
    if (!name.empty() && !field.value.empty()) out.push_back(name + "=" + field.value);
  }
  return out;
}

bool use_journal() noexcept {
  const bool is_it = is_journal(std::getenv("JOURNAL_STREAM"), STDERR_FILENO);
  if (is_it) set_sink(send);
  return is_it;
}

}  // namespace hailstone::log
