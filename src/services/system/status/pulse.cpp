// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/pulse.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::status {

Pulse::Pulse(std::vector<Organ> organs, PulseOptions options)
    : organs_(std::move(organs)), options_(options), thread_([this](const std::stop_token& stop) {
        os::set_thread_name("pulse");
        try {
          beat(stop);
        } catch (...) {  // the top of this thread
          if (!stop.stop_requested()) {
            log::error("status", "the pulse has stopped", {{"why", current_error().what()}});
          }
        }
      }) {}

void Pulse::beat(const std::stop_token& stop) {
  for (;;) {
    for (const auto& organ : organs_) {
      {
        const MutexLock lock(mutex_);
        touched_ = &organ;
        since_ = system_clock().now();
      }
      organ.touch();
    }
    {
      const MutexLock lock(mutex_);
      touched_ = nullptr;
    }
    pause(options_.interval, {Deadline::never(), stop});
  }
}

std::string Pulse::fault() const {
  const MutexLock lock(mutex_);
  if (touched_ == nullptr) return {};
  const auto silence = system_clock().now() - since_;
  if (silence < options_.limit) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silence).count();
  return touched_->name + " has not answered for " + std::to_string(seconds) + " s";
}

}  // namespace hailstone::status
