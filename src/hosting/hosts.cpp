// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/hosts.hpp"

#include <utility>

#include "inference/loads/bounded_loads.hpp"
#include "os/thread_name.hpp"

namespace hailstone::hosting {
namespace {

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

HostOptions for_many(HostOptions options) {
  options.serves_many = true;
  return options;
}

std::vector<std::filesystem::path> files_to_read(const inference::ModelSpec* spec) {
  std::vector<std::filesystem::path> files;
  if (spec != nullptr) files = inference::files_of(*spec);
  std::erase(files, std::filesystem::path());  // what needs no weights names none
  return files;
}

void require_usable(const std::string& engine, const Host& host) {
  const auto& availability = host.welcome().availability;
  if (availability.usable) return;
  throw Error(ErrorCode::kUnsupported,
              "the " + engine + " engine cannot be used here: " + availability.reason);
}

}  // namespace

Hosts::Hosts(std::string engine, HostCommand command, HostScope scope, HostOptions options,
             const Clock& clock)
    : engine_(std::move(engine)),
      command_(std::move(command)),
      scope_(scope),
      options_(options),
      backoff_(clock) {}

Hosts::~Hosts() = default;  // the lingerer is stopped and joined first

std::shared_ptr<Host> Hosts::start(const Files& files, const RunContext& run,
                                   HostOptions options) const {
  if (!command_.missing.empty()) throw Error(ErrorCode::kUnsupported, command_.missing);
  HostCommand command = command_;
  command.cage.read.insert(command.cage.read.end(), files.begin(), files.end());
  options.number = ++started_;
  auto host = std::make_shared<Host>(engine_, command, options, run);
  if (host->welcome().engine != engine_) {
    throw Error(ErrorCode::kEngineFailed, "the host of the " + engine_ +
                                              " engine says that it is one of the engine '" +
                                              host->welcome().engine + "'");
  }
  return host;
}

std::shared_ptr<Host> Hosts::acquire(const inference::ModelSpec& spec, const RunContext& run) {
  std::shared_ptr<Host> host;
  if (scope_ == HostScope::kShared) {
    host = acquire_shared(run);
  } else {
    const Files files = files_to_read(&spec);
    host = take_questioned(files);
    if (!host) host = start(files, run, options_);
  }
  require_usable(engine_, *host);
  return host;
}

/// Who has looked at a model's files may as well run it: one start less.
std::shared_ptr<Host> Hosts::take_questioned(const Files& files) {
  std::shared_ptr<Host> taken;
  {
    const MutexLock lock(mutex_);
    const bool may_take =
        for_questions_ && for_questions_.use_count() == 1 && files == question_files_;
    if (!may_take || !for_questions_->alive() || for_questions_->is_congested()) return nullptr;
    taken = std::exchange(for_questions_, nullptr);
  }
  asked_.notify_all();
  return taken;
}

std::shared_ptr<Host> Hosts::acquire_shared(const RunContext& run) {
  const Turns::Turn turn(shared_turns_, run);
  std::shared_ptr<Host> host = [this] {
    const MutexLock lock(mutex_);
    return shared_;
  }();
  if (host && host->alive()) return host;
  if (host) backoff_.note_crash();
  {
    const MutexLock lock(mutex_);
    shared_.reset();  // not the last: host is one
  }
  host.reset();
  if (const auto wait = backoff_.wait(); wait > wait.zero()) {
    Error busy(ErrorCode::kBusy,
               "the " + engine_ + " engine crashed " + std::to_string(backoff_.crashes()) +
                   " times in a row",
               "it is started again after a pause");
    throw busy.set_retry_after(std::chrono::ceil<std::chrono::seconds>(wait));
  }
  CrashOnFailure guard(backoff_, run);
  host = start({}, run, for_many(options_));
  guard.disarm();
  backoff_.note_start();
  const MutexLock lock(mutex_);
  shared_ = host;
  return host;
}

std::shared_ptr<Host> Hosts::acquire_for_questions(const inference::ModelSpec* spec,
                                                   const RunContext& run) {
  Files files = files_to_read(spec);
  if (options_.question_linger <= options_.question_linger.zero()) {
    return start(files, run, options_);
  }
  const Turns::Turn turn(question_turns_, run);
  {
    const MutexLock lock(mutex_);
    questioned_ = system_clock().now();
    const bool may_answer = files.empty() || files == question_files_;
    if (may_answer && for_questions_ && for_questions_->alive()) return for_questions_;
  }
  if (spec == nullptr) return start(files, run, options_);  // it could answer nothing about files
  lingerer_ = {};                                           // joins the one before
  auto host = start(files, run, options_);
  {
    const MutexLock lock(mutex_);
    for_questions_ = host;
    question_files_ = std::move(files);
    questioned_ = system_clock().now();
  }
  lingerer_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("host-linger");
    linger(stop);
  });
  return host;
}

void Hosts::linger(const std::stop_token& stop) {
  std::shared_ptr<Host> idle;  // destroyed after the lock
  UniqueLock lock(mutex_);
  while (!stop.stop_requested() && for_questions_ && for_questions_->alive()) {
    const SteadyTime end = questioned_ + options_.question_linger;
    if (system_clock().now() >= end) break;
    asked_.wait_until(lock.native(), stop, end, [] { return false; });
  }
  idle = std::exchange(for_questions_, nullptr);
  lock.unlock();
}

std::shared_ptr<Host> Hosts::find_shared() const {
  const MutexLock lock(mutex_);
  return shared_ != nullptr && shared_->alive() ? shared_ : nullptr;
}

}  // namespace hailstone::hosting
