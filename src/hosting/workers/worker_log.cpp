// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/workers/worker_log.hpp"

#include <chrono>
#include <ctime>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace hailstone::hosting {
namespace fs = std::filesystem;
namespace {

std::string time_text() {
  const std::time_t now = std::chrono::system_clock::to_time_t(system_clock().wall());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  const auto size = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ ", &parts);
  return {text, size};
}

}  // namespace

WorkerLog::WorkerLog(fs::path file) : file_(std::move(file)) {
  const MutexLock lock(mutex_);
  open(std::ios::app);
}

void WorkerLog::open(std::ios::openmode mode) {
  stream_.close();
  stream_.clear();
  stream_.open(file_, std::ios::binary | mode);
  std::error_code error;
  const auto size = fs::file_size(file_, error);
  bytes_ = error ? 0 : size;
}

void WorkerLog::write(std::string_view line) {
  const std::string time = time_text();
  const MutexLock lock(mutex_);
  if (bytes_ > kMostBytes) {
    std::error_code error;
    fs::rename(file_, fs::path(file_) += ".1", error);
    open(std::ios::trunc);
  }
  bytes_ += time.size() + line.size() + 1;
  stream_ << time << line << '\n' << std::flush;
}

}  // namespace hailstone::hosting
