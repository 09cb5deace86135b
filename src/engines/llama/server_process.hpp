// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One llama-server with one model: a child process on a unix socket in a folder of its own that
// nobody else may enter.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"
#include "base/run_context.hpp"
#include "engines/llama/load_plan.hpp"
#include "engines/llama/programs/runtime_tree.hpp"
#include "engines/llama/server_log.hpp"
#include "engines/llama/stall/guard.hpp"
#include "net/http_client.hpp"
#include "os/child_process.hpp"
#include "os/groups/control_group.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::engines::llama {

/// Thread-safe but for its destruction, which kills the process. A server that is stuck while
/// somebody waits for it is killed as well, and then all who wait are told.
class ServerProcess {
 public:
  /// Starts it; see wait_until_ready. run_dir: where its folder is made; where that path is too
  /// long for a socket, the system's folder for temporary files. Throws Error(kEngineFailed) when
  /// it does not start.
  ServerProcess(const ServerCommand& command, const LoadPlan& plan,
                const inference::ModelSpec& spec, const std::filesystem::path& run_dir,
                StallLimits stall = {}, os::ControlGroups* groups = nullptr);

  /// Blocks until the model is loaded. Throws what the server died of, Error(kTimeout),
  /// Error(kCancelled), and Error(kOutOfMemory) where it took more than most and was ended.
  void wait_until_ready(std::optional<ByteSize> most, const RunContext& run);

  /// The body of the server's reply. Throws the Error that the reply tells of, Error(kTimeout),
  /// Error(kCancelled), Error(kEngineFailed) when the process has died or hung.
  std::string get(const std::string& target, const RunContext& run);
  std::string post(const std::string& target, std::string body, const RunContext& run);

  /// As post(), for a reply in server-sent events; on_data gets what each holds, on this thread.
  /// What it throws ends the request and comes out.
  void stream(const std::string& target, std::string body,
              const std::function<void(std::string_view data)>& on_data, const RunContext& run);

  bool alive() const noexcept;
  /// What it takes now; zero when it has died.
  ByteSize memory() const;

 private:
  bool answers(const RunContext& run);
  void wait_until_it_answers(const RunContext& run);
  void kill_stuck();
  [[noreturn]] void throw_why_gone();

  ServerLog log_;
  os::RuntimeDirectory folder_;
  net::HttpClient client_;
  std::unique_ptr<os::ControlGroup> group_;  // null: there is none; outlives the process
  os::ChildProcess child_;
  StallGuard guard_;
};

}  // namespace hailstone::engines::llama
