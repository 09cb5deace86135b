// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/hosted_engine.hpp"

#include <utility>

#include "os/memory/memory_watch.hpp"
#include "os/process_memory.hpp"

namespace hailstone::hosting {
namespace {

/// For reading a file's header, not for loading it.
constexpr auto kQuestionLimit = std::chrono::minutes(1);
/// Devices and libraries come and go, but not every moment.
constexpr auto kNoLasts = std::chrono::seconds(10);
/// A host that does not answer for this long, nor when it is called off, is killed.
constexpr auto kTemperatureLimit = std::chrono::seconds(10);

Frame result_or_throw(Frame frame) {
  if (frame.type != FrameType::kResult) throw parse_error(frame).error;
  return frame;
}

/// Counts a start as a crash unless it is disarmed or was called off.
class CrashOnFailure {
 public:
  CrashOnFailure(Backoff& backoff, const RunContext& run) noexcept
      : backoff_(&backoff), run_(run) {}
  ~CrashOnFailure() {
    const bool called_off = run_.stop.stop_requested() || run_.deadline.has_passed();
    if (backoff_ != nullptr && !called_off) backoff_->note_crash();
  }
  CrashOnFailure(const CrashOnFailure&) = delete;
  CrashOnFailure& operator=(const CrashOnFailure&) = delete;
  void disarm() noexcept { backoff_ = nullptr; }

 private:
  Backoff* backoff_;
  const RunContext& run_;
};

}  // namespace

HostedEngine::HostedEngine(std::string name, HostCommand command, HostScope scope,
                           HostOptions options, const Clock& clock)
    : name_(std::move(name)),
      command_(std::move(command)),
      scope_(scope),
      options_(options),
      clock_(clock),
      backoff_(clock) {}

/// Who holds it may start the shared host; the others wait, as long as their run allows.
class HostedEngine::StartTurn {
 public:
  StartTurn(const HostedEngine& engine, const RunContext& run) : engine_(engine) {
    std::unique_lock lock(engine_.mutex_);
    const auto is_free = [this] { return !engine_.is_starting_; };
    if (run.deadline.is_never()) {
      engine_.turn_ended_.wait(lock, run.stop, is_free);
    } else {
      engine_.turn_ended_.wait_until(lock, run.stop, run.deadline.time(), is_free);
    }
    run.check();
    engine_.is_starting_ = true;
  }
  ~StartTurn() {
    {
      const std::lock_guard lock(engine_.mutex_);
      engine_.is_starting_ = false;
    }
    engine_.turn_ended_.notify_all();
  }
  StartTurn(const StartTurn&) = delete;
  StartTurn& operator=(const StartTurn&) = delete;

 private:
  const HostedEngine& engine_;
};

HostCommand HostedEngine::command_for(const inference::ModelSpec& spec) const {
  HostCommand command = command_;
  for (auto& file : inference::files_of(spec)) command.cage.read.push_back(std::move(file));
  return command;
}

std::shared_ptr<Host> HostedEngine::start(const HostCommand& command, const RunContext& run) const {
  if (!command.missing.empty()) throw Error(ErrorCode::kUnsupported, command.missing);
  auto host = std::make_shared<Host>(name_, command, options_, run);
  if (host->welcome().engine != name_) {
    throw Error(ErrorCode::kEngineFailed, "the host of the " + name_ + " engine is one of the " +
                                              host->welcome().engine + " engine");
  }
  return host;
}

std::shared_ptr<Host> HostedEngine::acquire_host(const inference::ModelSpec* spec,
                                                 const RunContext& run) const {
  if (scope_ == HostScope::kPerModel) return start(spec ? command_for(*spec) : command_, run);
  const StartTurn turn(*this, run);
  if (shared_host_ && shared_host_->alive()) return shared_host_;
  if (shared_host_) backoff_.note_crash();
  shared_host_.reset();
  if (const auto wait = backoff_.wait(); wait > wait.zero()) {
    Error busy(ErrorCode::kBusy,
               "the " + name_ + " engine crashed " + std::to_string(backoff_.crashes()) +
                   " times in a row",
               "it is started again after a pause");
    throw busy.set_retry_after(std::chrono::ceil<std::chrono::seconds>(wait));
  }
  CrashOnFailure guard(backoff_, run);
  shared_host_ = start(command_, run);
  guard.disarm();
  backoff_.note_start();
  return shared_host_;
}

std::shared_ptr<Host> HostedEngine::find_shared_host() const {
  const std::lock_guard lock(mutex_);
  const bool is_there = !is_starting_ && shared_host_ != nullptr && shared_host_->alive();
  return is_there ? shared_host_ : nullptr;
}

std::optional<Celsius> HostedEngine::chip_temperature() const {
  const auto host = find_shared_host();
  if (!host) return std::nullopt;
  try {
    const RunContext run{Deadline::in(kTemperatureLimit), {}};
    return parse_temperature(result_or_throw(
        host->call("reading the chip's temperature", encode_read_temperature({}), run)));
  } catch (const Error&) {  // it has died, or it does not know the operation
    return std::nullopt;
  }
}

inference::Availability HostedEngine::probe() const {
  {
    const std::lock_guard lock(mutex_);
    if (availability_ && clock_.now() < availability_end_) return *availability_;
  }
  const auto answer = ask_host();
  const std::lock_guard lock(mutex_);
  availability_ = answer;
  availability_end_ = answer.usable ? SteadyTime::max() : clock_.now() + kNoLasts;
  return answer;
}

inference::Availability HostedEngine::ask_host() const {
  try {
    return acquire_host(nullptr, {Deadline::in(options_.start_limit), {}})->welcome().availability;
  } catch (const Error& error) {  // probe() answers, it does not throw
    return {false, error.what()};
  }
}

inference::Footprint HostedEngine::estimate(const inference::ModelSpec& spec,
                                            const inference::LoadOptions& options) const {
  const RunContext run{Deadline::in(kQuestionLimit), {}};
  const auto host = acquire_host(&spec, run);
  inference::Footprint footprint = parse_footprint(result_or_throw(
      host->call("estimating " + spec.name, encode_estimate({}, spec, options), run)));
  // A process takes something without any model, too. What it shares with others now it may have
  // alone later, so all of it counts.
  const auto own = os::find_process_memory(host->pid());
  if (scope_ == HostScope::kPerModel && own) footprint.host += own->rss;
  return footprint;
}

inference::ModelFacts HostedEngine::describe(const inference::ModelSpec& spec,
                                             inference::FactDetail detail) const {
  const RunContext run{Deadline::in(kQuestionLimit), {}};
  return parse_facts(result_or_throw(
      acquire_host(&spec, run)
          ->call("describing " + spec.name, encode_describe({}, spec, detail), run)));
}

std::unique_ptr<inference::Model> HostedEngine::load(const inference::ModelSpec& spec,
                                                     const inference::LoadOptions& options,
                                                     const RunContext& run) {
  auto calls = std::make_unique<RemoteCalls>(acquire_host(&spec, run), ++next_model_, spec.name);
  return finish_load(std::move(calls), spec, options, run);
}

std::unique_ptr<inference::Model> HostedEngine::load_within(ByteSize most,
                                                            const inference::ModelSpec& spec,
                                                            const inference::LoadOptions& options,
                                                            const RunContext& run) {
  // A shared host has other models, too: nobody knows whose memory it is.
  if (scope_ == HostScope::kShared) return load(spec, options, run);
  const auto host = acquire_host(&spec, run);
  const os::MemoryWatch watch(host->pid(), most,
                              [&host](ByteSize) { host->kill("took too much memory"); });
  try {
    auto calls = std::make_unique<RemoteCalls>(host, ++next_model_, spec.name);
    return finish_load(std::move(calls), spec, options, run);
  } catch (const Error&) {
    if (const auto taken = watch.excess()) throw inference::load_too_large(*taken, most);
    throw;
  }
}

std::unique_ptr<inference::Model> HostedEngine::finish_load(std::unique_ptr<RemoteCalls> calls,
                                                            const inference::ModelSpec& spec,
                                                            const inference::LoadOptions& options,
                                                            const RunContext& run) {
  Frame loaded = calls->call("loading", encode_load(calls->head(run), spec, options), run);
  return make_remote_model(std::move(calls), parse_loaded(loaded), scope_);
}

}  // namespace hailstone::hosting
