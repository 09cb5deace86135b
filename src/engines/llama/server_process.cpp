// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/server_process.hpp"

#include <algorithm>
#include <csignal>

#include "engines/llama/event_stream.hpp"
#include "engines/llama/wire.hpp"
#include "inference/loads/bounded_loads.hpp"
#include "log/log.hpp"
#include "os/memory/memory_watch.hpp"
#include "os/process_activity.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kSocketName = "llama.sock";
constexpr std::size_t kMaxErrorBody = 1 << 20;
constexpr std::size_t kMaxReply = std::size_t{512} << 20;
constexpr int kOk = 200;
/// So much later than we, who say why, the kernel ends a server that takes too much.
constexpr ByteSize kSecondLine = ByteSize::mib(128);

/// Room for what is made below it: a random name and the socket's.
fs::path socket_parent(const fs::path& run_dir) {
  constexpr std::size_t kLongest = 60;
  if (run_dir.native().size() > kLongest) return {};
  if (!run_dir.empty()) fs::create_directories(run_dir);
  return run_dir;
}

os::ChildOptions child_options(const ServerCommand& command, const LoadPlan& plan,
                               const inference::ModelSpec& spec, const fs::path& folder,
                               const os::ControlGroup* group, ServerLog& log) {
  os::ChildOptions options;
  options.argv = command.argv;
  for (std::string& argument : server_arguments(plan, spec, folder / kSocketName)) {
    options.argv.push_back(std::move(argument));
  }
  // OpenMP's threads would spin for milliseconds after each piece of work, on cores that others
  // need (measured on a busy machine: several times slower, up to a second a token).
  options.environment = {"GOMP_SPINCOUNT=10000", "LC_ALL=C.UTF-8"};
  options.working_directory = command.working_directory;
  options.cage = command.cage;
  options.cage->write.push_back(folder);
  if (!plan.prompt_folder.empty()) options.cage->write.push_back(plan.prompt_folder);
  for (auto& file : inference::files_of(spec)) options.cage->read.push_back(std::move(file));
  options.on_stderr = [&log](std::string_view line) { log.add(line); };
  options.thread_name = "llama-child";
  if (group != nullptr) options.group = group->entrance();
  return options;
}

net::ClientRequest request_for(const std::string& target, std::string body) {
  return {"POST", target, {{"Content-Type", "application/json"}}, std::move(body)};
}

}  // namespace

ServerProcess::ServerProcess(const ServerCommand& command, const LoadPlan& plan,
                             const inference::ModelSpec& spec, const fs::path& run_dir,
                             StallLimits stall, os::ControlGroups* groups)
    : folder_(socket_parent(run_dir)),
      client_(net::UnixEndpoint{folder_.socket_path(kSocketName)}),
      group_(groups == nullptr ? nullptr : groups->make("llama")),
      child_(child_options(command, plan, spec, folder_.path(), group_.get(), log_)),
      guard_(
          stall,
          [this] {
            return os::find_process_activity(child_.pid()).value_or(os::ProcessActivity());
          },
          [this] { kill_stuck(); }) {}

bool ServerProcess::answers(const RunContext& run) {
  // A probe that is lost while the server starts must not take the whole load's time along.
  const RunContext probe{Deadline::in(2s).earlier(run.deadline), run.stop};
  try {
    return client_.send({.target = "/health"}, probe).status == kOk;
  } catch (const net::ConnectionError&) {
    run.check();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTimeout) throw;
    run.check();
  }
  return false;
}

void ServerProcess::wait_until_ready(std::optional<ByteSize> most, const RunContext& run) {
  if (!most) return wait_until_it_answers(run);
  if (group_) group_->limit_memory(*most + kSecondLine);
  const os::MemoryWatch watch(child_.pid(), *most,
                              [this](ByteSize) { child_.send_signal(SIGKILL); });
  try {
    wait_until_it_answers(run);
  } catch (const Error&) {
    if (const auto taken = watch.excess()) throw inference::load_too_large(*taken, *most);
    throw;
  }
}

void ServerProcess::wait_until_it_answers(const RunContext& run) {
  // It announces itself only by answering. Asking is cheap, and its death ends each pause at once.
  for (auto pause = 2ms; !answers(run); pause = std::min(pause * 2, 20ms)) {
    if (const auto status = child_.wait(Deadline::in(pause).earlier(run.deadline))) {
      throw log_.load_error(os::to_string(*status));
    }
  }
}

std::string ServerProcess::get(const std::string& target, const RunContext& run) try {
  const StallGuard::Request awaited(guard_);
  net::ClientResponse response = client_.send({.target = target}, run, kMaxReply);
  if (response.status != kOk) throw parse_error(response.body);
  return std::move(response.body);
} catch (const net::ConnectionError&) {
  throw_why_gone();
}

std::string ServerProcess::post(const std::string& target, std::string body,
                                const RunContext& run) try {
  const StallGuard::Request awaited(guard_);
  net::ClientResponse response = client_.send(request_for(target, std::move(body)), run, kMaxReply);
  if (response.status != kOk) throw parse_error(response.body);
  return std::move(response.body);
} catch (const net::ConnectionError&) {
  throw_why_gone();
}

void ServerProcess::stream(const std::string& target, std::string body,
                           const std::function<void(std::string_view)>& on_data,
                           const RunContext& run) try {
  int status = 0;
  std::string error;
  EventStream events(on_data);
  StallGuard::Request awaited(guard_);
  client_.stream(
      request_for(target, std::move(body)),
      [&](const net::ResponseHead& head) { status = head.status; },
      [&](std::string_view piece) {
        awaited.take();
        if (status == kOk) {
          events.feed(piece);
        } else {
          error.append(piece.substr(0, kMaxErrorBody - std::min(error.size(), kMaxErrorBody)));
        }
        awaited.await();
      },
      run);
  if (status != kOk) throw parse_error(error);
} catch (const net::ConnectionError&) {
  throw_why_gone();
}

void ServerProcess::kill_stuck() {
  log::warning("llama", "stuck server killed",
               {{"pid", std::to_string(child_.pid())}, {"why", *guard_.verdict()}});
  child_.send_signal(SIGKILL);
}

void ServerProcess::throw_why_gone() {
  // The end closes the connection a moment before the process is reaped.
  const auto status = child_.wait(Deadline::in(500ms));
  if (const auto verdict = guard_.verdict()) {
    throw Error(ErrorCode::kEngineFailed, "the llama engine hung and was stopped: " + *verdict);
  }
  if (status) {
    throw Error(ErrorCode::kEngineFailed,
                "the llama engine crashed (" + os::to_string(*status) + ")");
  }
  throw Error(ErrorCode::kEngineFailed, "the llama engine hung up");
}

bool ServerProcess::alive() const noexcept {
  return !child_.exited();
}

ByteSize ServerProcess::memory() const {
  const auto memory = os::find_process_memory(child_.pid());
  const auto group = group_ ? group_->memory() : std::nullopt;
  return std::max(memory ? memory->pss : ByteSize(), group.value_or(ByteSize()));
}

}  // namespace hailstone::engines::llama
