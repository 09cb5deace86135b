// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/quantizer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <mutex>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "os/child_process.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 20> kTypes = {
    "BF16",   "F16",    "F32",    "IQ4_NL", "IQ4_XS", "Q2_K",   "Q3_K_L",
    "Q3_K_M", "Q3_K_S", "Q4_0",   "Q4_1",   "Q4_K_M", "Q4_K_S", "Q5_0",
    "Q5_1",   "Q5_K_M", "Q5_K_S", "Q6_K",   "Q8_0",   "TQ2_0"};

/// What the tool's thread tells and the caller's waits for. Thread-safe.
class Report {
 public:
  void add_line(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (const auto fraction = find_progress(line)) {
      fraction_ = *fraction;
      changed_.notify_all();
    } else if (!trim(line).empty()) {
      last_line_ = trim(line);
    }
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  /// Waits for news; false once the tool has ended. Throws as RunContext::check() does.
  bool wait(double& fraction, const RunContext& run) {
    std::unique_lock lock(mutex_);
    const auto news = [&] { return ended_ || fraction_ > fraction; };
    changed_.wait_until(lock, run.stop, run.deadline.time(), news);
    if (!news()) run.check();
    fraction = std::max(fraction, fraction_);
    return !ended_;
  }
  std::string last_line() const {
    const std::lock_guard lock(mutex_);
    return last_line_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  double fraction_ = 0;    ///< guarded by mutex_, as all of these
  std::string last_line_;  ///< where the tool says what is wrong
  bool ended_ = false;
};

std::optional<std::uint64_t> take_count(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t count = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), count);
  if (result.ec != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  return count;
}

}  // namespace

bool is_quantization_type(std::string_view type) noexcept {
  return std::binary_search(kTypes.begin(), kTypes.end(), type);
}

std::optional<double> find_progress(std::string_view line) noexcept {
  if (!line.starts_with('[')) return std::nullopt;
  line.remove_prefix(1);
  const auto done = take_count(line);
  if (!done || !line.starts_with('/')) return std::nullopt;
  line.remove_prefix(1);
  const auto all = take_count(line);
  if (!all || !line.starts_with(']') || *all == 0 || *done > *all) return std::nullopt;
  return static_cast<double>(*done) / static_cast<double>(*all);
}

void run_quantizer(const ServerCommand& command, const inference::QuantizeTask& task, int threads,
                   const inference::OnFraction& on_fraction, const RunContext& run) {
  if (!is_quantization_type(task.type)) {
    std::vector<std::string> names(kTypes.begin(), kTypes.end());
    throw Error(ErrorCode::kBadRequest, "unsupported quantization type " + task.type,
                "supported: " + join(names, ", "));
  }
  Report report;
  os::ChildOptions options;
  options.argv = command.argv;
  for (const std::string& argument :
       {fs::absolute(task.from).string(), fs::absolute(task.to).string(), task.type,
        std::to_string(threads)}) {
    options.argv.push_back(argument);
  }
  options.environment = {"LC_ALL=C.UTF-8"};
  options.working_directory = command.working_directory;
  options.cage = command.cage;
  std::ofstream(task.to).flush();  // only what is there can be allowed
  options.cage->write = {fs::absolute(task.to)};
  options.on_stderr = [&report](std::string_view line) { report.add_line(line); };
  options.on_exit = [&report](const os::ExitStatus&) { report.end(); };
  options.thread_name = "quantize-child";
  const os::ChildProcess child(std::move(options));  // killed however this ends
  for (double fraction = 0; report.wait(fraction, run);) on_fraction(fraction);
  const auto status = child.wait(run.deadline);
  if (status && status->is_success()) return on_fraction(1);
  throw Error(ErrorCode::kEngineFailed, "llama-quantize failed (" +
                                            (status ? os::to_string(*status) : "it hangs") +
                                            "): " + report.last_line());
}

}  // namespace hailstone::engines::llama
