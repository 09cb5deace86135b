// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/hosted_engine.hpp"

#include <utility>

namespace hailstone::hosting {
namespace {

/// For reading a file's header, not for loading it.
constexpr auto kQuestionLimit = std::chrono::minutes(1);

Frame result_or_throw(Frame frame) {
  if (frame.type != FrameType::kResult) throw parse_error(frame).error;
  return frame;
}

/// Counts as a crash what is not disarmed.
class CrashOnFailure {
 public:
  explicit CrashOnFailure(Backoff& backoff) noexcept : backoff_(&backoff) {}
  ~CrashOnFailure() {
    if (backoff_ != nullptr) backoff_->note_crash();
  }
  CrashOnFailure(const CrashOnFailure&) = delete;
  CrashOnFailure& operator=(const CrashOnFailure&) = delete;
  void disarm() noexcept { backoff_ = nullptr; }

 private:
  Backoff* backoff_;
};

}  // namespace

HostedEngine::HostedEngine(std::string name, HostCommand command, HostScope scope,
                           HostOptions options, const Clock& clock)
    : name_(std::move(name)),
      command_(std::move(command)),
      scope_(scope),
      options_(options),
      backoff_(clock) {}

std::shared_ptr<Host> HostedEngine::start(const RunContext& run) const {
  auto host = std::make_shared<Host>(name_, command_, options_, run);
  if (host->welcome().engine != name_) {
    throw Error(ErrorCode::kEngineFailed, "the host of the " + name_ + " engine is one of the " +
                                              host->welcome().engine + " engine");
  }
  return host;
}

std::shared_ptr<Host> HostedEngine::acquire_host(const RunContext& run) const {
  if (scope_ == HostScope::kPerModel) return start(run);
  std::unique_lock lock(start_mutex_, std::defer_lock);
  if (run.deadline.is_never()) {
    lock.lock();
  } else if (!lock.try_lock_until(run.deadline.time())) {
    run.check();
  }
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
  CrashOnFailure guard(backoff_);
  shared_host_ = start(run);
  guard.disarm();
  backoff_.note_start();
  return shared_host_;
}

inference::Availability HostedEngine::probe() const {
  if (is_known_usable_) return {true, {}};
  try {
    const auto host = acquire_host({Deadline::in(options_.start_limit), {}});
    is_known_usable_ = host->welcome().availability.usable;
    return host->welcome().availability;
  } catch (const Error& error) {  // probe() answers, it does not throw
    return {false, error.what()};
  }
}

Frame HostedEngine::ask(const std::string& doing, const Body& question) const {
  const RunContext run{Deadline::in(kQuestionLimit), {}};
  return result_or_throw(acquire_host(run)->call(doing, question, run));
}

inference::Footprint HostedEngine::estimate(const inference::ModelSpec& spec,
                                            const inference::LoadOptions& options) const {
  return parse_footprint(ask("estimating " + spec.name, encode_estimate({}, spec, options)));
}

inference::ModelFacts HostedEngine::describe(const inference::ModelSpec& spec,
                                             inference::FactDetail detail) const {
  return parse_facts(ask("describing " + spec.name, encode_describe({}, spec, detail)));
}

std::unique_ptr<inference::Model> HostedEngine::load(const inference::ModelSpec& spec,
                                                     const inference::LoadOptions& options,
                                                     const RunContext& run) {
  auto calls = std::make_unique<RemoteCalls>(acquire_host(run), ++next_model_, spec.name);
  Frame loaded = calls->call("loading", encode_load(calls->head(run), spec, options), run);
  return make_remote_model(std::move(calls), parse_loaded(loaded), scope_);
}

}  // namespace hailstone::hosting
