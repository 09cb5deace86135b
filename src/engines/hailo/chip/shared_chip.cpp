// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/shared_chip.hpp"

#include <algorithm>
#include <utility>

#include "engines/hailo/chip/status.hpp"
#include "inference/run_wait.hpp"
#include "os/thread_name.hpp"

namespace hailstone::engines::hailo {
namespace {

using namespace std::chrono_literals;

/// The chip itself frees a client that has gone after some five seconds.
constexpr auto kPatience = 12s;
constexpr auto kBetweenTries = 1s;
constexpr auto kOpenLimit = 60s;
/// Asking for figures is a message there and back.
constexpr auto kFiguresLimit = 30s;
constexpr auto kMonitorPeriod = 5s;
constexpr auto kFresh = 30s;
/// For the replies of those that have seen it go.
constexpr auto kFarewell = 300ms;

}  // namespace

Turns::Turn::Turn(Turns& turns, const RunContext& run) : turns_(turns) {
  std::unique_lock lock(turns_.mutex_);
  const auto ticket = turns_.next_ticket_++;
  turns_.waiting_[ticket] = true;
  struct Leave {
    Turns& turns;
    std::uint64_t ticket;
    ~Leave() {
      turns.waiting_.erase(ticket);
      turns.changed_.notify_all();
    }
  } leave{turns_, ticket};  // with the lock held
  wait_for(turns_.changed_, lock, run,
           [&] { return !turns_.is_taken_ && turns_.waiting_.begin()->first == ticket; });
  turns_.is_taken_ = true;
}

Turns::Turn::~Turn() {
  {
    const std::lock_guard lock(turns_.mutex_);
    turns_.is_taken_ = false;
  }
  turns_.changed_.notify_all();
}

SharedChip::SharedChip(EndProcess end_process)
    : end_process_(std::move(end_process)),
      watch_([this](const std::string& what) { lose("HailoRT has not returned from " + what); }),
      ender_([this](const std::stop_token& stop) {
        os::set_thread_name("hailo-end");
        await_loss(stop);
      }) {}

SharedChip::~SharedChip() = default;  // the threads are stopped and joined first

Chip& SharedChip::ensure_open(HailoRt& runtime, const RunContext& run) {
  {
    const std::lock_guard lock(mutex_);
    if (is_lost_) {
      throw Error(ErrorCode::kBusy, "the Hailo was lost and is being opened anew")
          .set_retry_after(2s);
    }
    if (chip_) return *chip_;
  }
  auto opened = open_patiently(runtime, run);
  const std::lock_guard lock(mutex_);
  if (!chip_) {
    chip_ = std::move(opened);
    monitor_ = std::jthread([this](const std::stop_token& stop) {
      os::set_thread_name("hailo-monitor");
      monitor(stop);
    });
  }
  return *chip_;
}

std::unique_ptr<Chip> SharedChip::open_patiently(HailoRt& runtime, const RunContext& run) {
  const Deadline patience = run.deadline.earlier(Deadline::in(kPatience));
  for (;;) {
    try {
      const CallWatch::Call call(watch_, "opening the Hailo", kOpenLimit);
      return runtime.open_chip();
    } catch (const ChipError& error) {
      const std::string doing = "opening the chip";
      if (!means_taken(error.status())) throw explain_status(error.status(), doing, error.what());
      // The status does not tell whether it is taken or absent.
      if (runtime.scan().empty()) {
        throw Error(ErrorCode::kUnsupported, "there is no Hailo in this machine",
                    "`hailstone doctor` looks for it");
      }
      if (Deadline::in(kBetweenTries).time() >= patience.time()) {
        throw explain_status(error.status(), doing, error.what());
      }
    }
    pause(kBetweenTries, run);
  }
}

Error SharedChip::explain(const ChipError& error, const std::string& doing) {
  if (means_lost(error.status())) lose(std::string(error.what()) + " while " + doing);
  return explain_status(error.status(), doing, error.what());
}

void SharedChip::lose(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (is_lost_) return;
    is_lost_ = true;
    loss_ = why;
  }
  changed_.notify_all();
}

void SharedChip::await_loss(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [this] { return is_lost_.load(); })) return;
  changed_.wait_for(lock, stop, kFarewell, [] { return false; });
  const std::string why = loss_;
  lock.unlock();
  end_process_(why);
}

bool SharedChip::answers() {
  try {
    return read_figures().has_value();
  } catch (const ChipError&) {
    return false;
  }
}

std::optional<ChipFigures> SharedChip::read_figures() {
  Chip* const chip = [this] {
    const std::lock_guard lock(mutex_);
    return chip_.get();
  }();
  if (chip == nullptr) return std::nullopt;
  const CallWatch::Call call(watch_, "asking for the chip's memory", kFiguresLimit);
  return chip->find_figures();
}

void SharedChip::monitor(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested() && !is_lost_) {
    Chip& chip = *chip_;
    lock.unlock();
    std::optional<ChipFigures> figures;
    std::optional<double> celsius;
    try {
      const CallWatch::Call call(watch_, "reading the chip's temperature", kFiguresLimit);
      figures = chip.find_figures();
      celsius = chip.find_celsius();
    } catch (const ChipError& error) {  // the top of this thread
      explain(error, "reading the chip's figures");
    }
    lock.lock();
    figures_ = figures;
    celsius_ = celsius ? std::optional(Celsius{*celsius}) : std::nullopt;
    heard_ = system_clock().now();
    changed_.wait_for(lock, stop, kMonitorPeriod, [this] { return is_lost_.load(); });
  }
}

std::optional<ChipFigures> SharedChip::figures() const {
  const std::lock_guard lock(mutex_);
  if (system_clock().now() - heard_ > kFresh) return std::nullopt;
  return figures_;
}

std::optional<Celsius> SharedChip::temperature() const {
  const std::lock_guard lock(mutex_);
  if (system_clock().now() - heard_ > kFresh) return std::nullopt;
  return celsius_;
}

}  // namespace hailstone::engines::hailo
