// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/machine/throttling.hpp"

#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "log/log.hpp"
#include "os/child_process.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::array kNames = {"under-voltage", "frequency capped", "throttled",
                               "soft temperature limit"};
constexpr unsigned kThrottled = 1U << 2U;
constexpr unsigned kSoftLimit = 1U << 3U;
constexpr unsigned kHistory = 16;

std::vector<std::string> names_of(std::uint32_t bits) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((bits >> i & 1U) != 0) names.emplace_back(kNames[i]);
  }
  return names;
}

}  // namespace

std::vector<std::string> Throttling::now() const {
  return names_of(bits);
}

std::vector<std::string> Throttling::since_start() const {
  return names_of(bits | bits >> kHistory);
}

bool Throttling::is_slowed() const noexcept {
  return (bits & (kThrottled | kSoftLimit)) != 0;
}

std::optional<Throttling> parse_throttling(std::string_view text) {
  constexpr std::string_view kPrefix = "throttled=0x";
  text = trim(text);
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  Throttling throttling;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), throttling.bits, 16);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return throttling;
}

std::optional<Throttling> read_throttling(const fs::path& root, Deadline deadline) {
  const auto program = root / "usr/bin/vcgencmd";
  std::error_code ignored;
  if (!fs::exists(program, ignored)) return std::nullopt;
  std::string answer;
  os::ChildOptions options;
  options.argv = {program, "get_throttled"};
  options.environment = {"PATH=/usr/bin:/bin"};
  options.on_stdout = [&answer](std::string_view line) { answer = line; };
  options.cage->devices = {"/dev/vcio", "/dev/vchiq"};
  options.thread_name = "vcgencmd";
  try {
    os::ChildProcess child(std::move(options));
    const auto status = child.wait(deadline);
    if (!status || !status->is_success()) return std::nullopt;
    return parse_throttling(answer);
  } catch (const Error& error) {  // a machine that cannot say so is not throttled for that
    log::debug("host", "vcgencmd cannot run", {{"why", error.what()}});
    return std::nullopt;
  }
}

}  // namespace hailstone::core
