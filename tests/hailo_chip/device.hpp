// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stand-in's chip: memory, a core that does one frame after the other by priority, and the rule
// that models which write or hear are not called at the same time.

#include <hailo/hailort.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "script.hpp"

namespace standin {

/// Memory of the chip that a model has; given back with it.
class Share {
 public:
  explicit Share(double mib) : mib_(mib) {}
  ~Share();
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

 private:
  const double mib_;
};

/// Null: there is not so much.
std::shared_ptr<Share> take_memory(const Hef& hef, double otherwise_mib);
double used_mib();

/// True for one at a time. Of models that write or hear.
bool begin_call();
void end_call();

/// Does frames, the more urgent first.
class Core {
 public:
  Core();
  ~Core();
  void push(std::uint8_t priority, std::function<void()> frame);

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<int, std::function<void()>> frames_;
  std::jthread thread_;
};

hailort::Expected<std::shared_ptr<hailort::InferModel>> make_infer_model(std::shared_ptr<Core> core,
                                                                         const std::string& path);

}  // namespace standin
