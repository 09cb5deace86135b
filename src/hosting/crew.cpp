// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/crew.hpp"

#include <algorithm>
#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::hosting {

Crew::Crew(CrewSize size, const char* thread_name, std::function<std::optional<Job>()> read)
    : size_(size), thread_name_(thread_name), read_(std::move(read)) {}

void Crew::run() {
  serve();
  std::vector<std::jthread> ended;
  {
    const MutexLock lock(mutex_);
    ended.swap(threads_);
  }
  ended.clear();  // joins them
  const MutexLock lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

void Crew::serve() {
  while (auto job = next()) {
    job->work();
    job->work = nullptr;  // what it held goes before the next turn
    const MutexLock lock(mutex_);
    end(job->lane);
  }
}

/// What waits, or else the turn at reading; nothing at the end.
std::optional<Job> Crew::next() {
  UniqueLock lock(mutex_);
  changed_.wait(lock.native(), [this] {
    mutex_.assert_held();
    return has_ended_ || !has_reader_ || find_waiting() != backlog_.end();
  });
  std::optional<Job> job;
  if (const auto waiting = find_waiting(); waiting != backlog_.end()) {
    job = std::move(*waiting);
    backlog_.erase(waiting);
  } else if (!has_ended_) {
    job = take_turn(lock);
  }
  if (job) begin(*job);
  return job;
}

/// Reads until there is somebody to read on.
std::optional<Job> Crew::take_turn(UniqueLock& lock) {
  has_reader_ = true;
  while (auto job = read_one(lock)) {
    if (has_room(job->lane) && ensure_idle()) {
      has_reader_ = false;
      changed_.notify_one();
      return job;
    }
    backlog_.push_back(std::move(*job));  // a cancel may come: reading must go on
  }
  has_ended_ = true;
  changed_.notify_all();
  return std::nullopt;
}

std::optional<Job> Crew::read_one(UniqueLock& lock) {
  lock.unlock();
  std::optional<Job> job;
  std::exception_ptr failure;
  try {
    job = read_();
  } catch (...) {  // for whoever called run()
    failure = std::current_exception();
  }
  lock.lock();
  failure_ = failure;
  return job;
}

/// The first job that waits and may be done.
std::deque<Job>::iterator Crew::find_waiting() {
  return std::find_if(backlog_.begin(), backlog_.end(), [this](const Job& job) {
    mutex_.assert_held();
    return has_room(job.lane);
  });
}

bool Crew::has_room(std::uint32_t lane) const {
  const auto busy = busy_lanes_.find(lane);
  return busy == busy_lanes_.end() || busy->second < size_.per_lane;
}

void Crew::begin(const Job& job) {
  ++working_;
  ++busy_lanes_[job.lane];
}

void Crew::end(std::uint32_t lane) {
  --working_;
  if (--busy_lanes_[lane] == 0) busy_lanes_.erase(lane);
}

/// Whether there is a thread besides the reader that does not work.
bool Crew::ensure_idle() {
  if (threads_.size() > working_) return true;
  if (threads_.size() + 1 >= size_.threads) return false;
  threads_.emplace_back([this] {
    os::set_thread_name(thread_name_);
    serve();
  });
  return true;
}

}  // namespace hailstone::hosting
