// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The host's end: takes requests off the channel and lets the engine do them.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/run_context.hpp"
#include "base/sync/mutex.hpp"
#include "hosting/crew.hpp"
#include "hosting/protocol/channel.hpp"
#include "hosting/protocol/wire.hpp"
#include "inference/engine.hpp"

namespace hailstone::hosting {

struct ServerOptions {
  CrewSize crew;
  bool share_memory = true;
};

/// serve() once, from one thread.
class HostServer {
 public:
  HostServer(inference::Engine& engine, Channel& channel, ServerOptions options = {})
      : engine_(engine), channel_(channel), options_(options) {}

  /// Returns when the daemon has closed the channel, all requests have ended and all models are
  /// gone. Throws Error(kEngineFailed) when the other side does not speak the protocol.
  void serve();

 private:
  class Request;
  class RequestAudio;
  class RequestInput;
  class Runner;

  void greet();
  std::optional<Job> read_job();
  std::optional<Job> begin_request(const Frame& frame);
  bool answer_at_once(Request& request, const Call& call);
  void dispatch(Frame&& frame);
  void cancel(Request& request);
  void run(Request& request, const Call& call) noexcept;
  void fail(Request& request, std::uint32_t model) noexcept;
  void forget(const Request& request);
  std::vector<MeasuredModel> measure() const;
  std::shared_ptr<Request> find_request(std::uint32_t id) const;
  std::shared_ptr<inference::Model> find_model(std::uint32_t id) const;
  void stop_all();

  inference::Engine& engine_;
  Channel& channel_;
  const ServerOptions options_;

  Features features_;  // of greet(), before there are other threads

  mutable Mutex mutex_;
  // A request outlives its entry by its last steps, a model its unloading by its last runs.
  std::map<std::uint32_t, std::shared_ptr<Request>> requests_ HAILSTONE_GUARDED_BY(mutex_);
  std::map<std::uint32_t, std::shared_ptr<inference::Model>> models_ HAILSTONE_GUARDED_BY(mutex_);
};

}  // namespace hailstone::hosting
