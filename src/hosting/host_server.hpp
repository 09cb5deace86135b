// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The host's end: takes requests off the channel and lets the engine do them.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "base/run_context.hpp"
#include "hosting/protocol/channel.hpp"
#include "hosting/protocol/wire.hpp"
#include "inference/engine.hpp"

namespace hailstone::hosting {

struct ServerOptions {
  std::size_t threads = 16;  ///< one reads, the others do a request each; further ones wait
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
  class Runner;

  void greet();
  std::optional<Frame> read_request();
  void dispatch(Frame&& frame);
  void run(Frame&& frame) noexcept;
  std::shared_ptr<Request> find_request(std::uint32_t id) const;
  std::shared_ptr<inference::Model> find_model(std::uint32_t id) const;
  void stop_all();

  inference::Engine& engine_;
  Channel& channel_;
  const ServerOptions options_;

  Features features_;  // of greet(), before there are other threads

  mutable std::mutex mutex_;
  // A request outlives its entry by its last steps, a model its unloading by its last runs.
  std::map<std::uint32_t, std::shared_ptr<Request>> requests_;         // guarded by mutex_
  std::map<std::uint32_t, std::shared_ptr<inference::Model>> models_;  // guarded by mutex_
};

}  // namespace hailstone::hosting
