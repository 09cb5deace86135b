// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/worker_pool.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::http {
namespace {

PoolLimits filled(PoolLimits limits) noexcept {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (limits.max_fresh <= 0) limits.max_fresh = std::max(1, cores - 1);
  return limits;
}

}  // namespace

WorkerPool::WorkerPool(PoolLimits limits) : limits_(filled(limits)) {}

void WorkerPool::stop() {
  UniqueLock lock(mutex_);
  is_stopping_ = true;
  auto dropped = std::exchange(quick_, {});
  auto dropped_work = std::exchange(work_, {});
  for (auto* idle : std::exchange(idle_, {})) {
    idle->is_woken = true;
    idle->wake.notify_one();
  }
  while (!threads_.empty() || !ended_.empty()) {
    auto& from = ended_.empty() ? threads_ : ended_;
    Threads last;
    last.splice(last.begin(), from, from.begin());
    lock.unlock();
    last.front().join();
    lock.lock();
  }
  lock.unlock();
  dropped.clear();
  dropped_work.clear();
}

WorkerPool::Admission WorkerPool::submit(std::shared_ptr<Job> job, Cost cost) {
  UniqueLock lock(mutex_);
  if (is_stopping_) return Admission::kQueueFull;
  if (cost == Cost::kWork) {
    if (work_count_ >= limits_.max_work) return Admission::kQueueFull;
    ++work_count_;
    work_.push_back({std::move(job), cost});
  } else {
    quick_.push_back({std::move(job), cost});
  }
  wake_if_useful();
  join_ended(lock);
  return Admission::kTaken;
}

bool WorkerPool::withdraw(const Job* job) {
  std::shared_ptr<Job> taken;  // destroyed after the lock is
  const MutexLock lock(mutex_);
  for (auto* items : {&quick_, &work_}) {
    const auto found = std::find_if(items->begin(), items->end(),
                                    [job](const Item& item) { return item.job.get() == job; });
    if (found == items->end()) continue;
    if (found->cost == Cost::kWork) --work_count_;
    taken = std::move(found->job);
    items->erase(found);
    return true;
  }
  return false;
}

std::size_t WorkerPool::size() const {
  const MutexLock lock(mutex_);
  return threads_.size();
}

// Also where no job may begin yet: somebody has to look again.
void WorkerPool::wake_if_useful() {
  if (may_begin() || (has_ready() && !is_watched_)) wake_one();
}

// One at a time: the woken worker wakes the next one if it finds more than it takes. A burst of
// quick requests is then served by few threads instead of waking a crowd.
void WorkerPool::wake_one() {
  if (is_waking_) return;
  if (!idle_.empty()) {
    auto* idle = idle_.back();
    idle_.pop_back();
    idle->is_woken = true;
    is_waking_ = true;
    idle->wake.notify_one();
  } else if (static_cast<int>(threads_.size()) < limits_.max_workers) {
    const auto self = threads_.emplace(threads_.end());
    const auto name = limits_.thread_name + "-" + std::to_string(++started_);
    is_waking_ = true;
    try {
      *self = std::thread([this, self, name] {
        os::set_thread_name(name.c_str());
        work(self);
      });
    } catch (const std::system_error&) {  // no more threads here: the others will get to it
      threads_.erase(self);
      is_waking_ = false;
      if (threads_.empty()) throw;
    }
  }
}

WorkerPool::Item WorkerPool::take_next() {
  const bool is_work = !work_.empty() && (is_turn_of_work_ || quick_.empty());
  is_turn_of_work_ = !is_work;
  auto& items = is_work ? work_ : quick_;
  Item item = std::move(items.front());
  items.pop_front();
  return item;
}

void WorkerPool::find_waiting_jobs() {
  const auto now = system_clock().now();
  for (auto* job : running_) {
    if (!job->is_fresh || now - job->begun < limits_.fresh_time) continue;
    job->is_fresh = false;
    --fresh_;
  }
}

bool WorkerPool::wait_for_item(UniqueLock& lock) {
  while (!may_begin() && !is_stopping_) {
    Idle self;
    idle_.push_back(&self);
    const bool is_watching = has_ready() && !is_watched_;
    if (is_watching) is_watched_ = true;
    const bool is_woken =
        self.wake.wait_for(lock.native(), is_watching ? limits_.fresh_time : limits_.idle_time,
                           [&self] { return self.is_woken; });
    if (is_watching) {
      is_watched_ = false;
      find_waiting_jobs();
    }
    if (is_woken) {
      is_waking_ = false;
    } else {
      idle_.erase(std::find(idle_.begin(), idle_.end(), &self));
      if (!is_watching) return false;
    }
  }
  return !is_stopping_;
}

void WorkerPool::run_next(UniqueLock& lock) {
  auto item = take_next();
  Running running{system_clock().now()};
  running_.push_back(&running);
  ++fresh_;
  wake_if_useful();
  lock.unlock();
  item.job->run();
  item.job.reset();
  lock.lock();
  if (running.is_fresh) --fresh_;
  running_.erase(std::find(running_.begin(), running_.end(), &running));
  if (item.cost == Cost::kWork) --work_count_;
}

void WorkerPool::work(Threads::iterator self) {
  UniqueLock lock(mutex_);
  is_waking_ = false;
  while (wait_for_item(lock)) run_next(lock);
  // stop() may be joining this thread already; then it is in neither list.
  if (!is_stopping_) ended_.splice(ended_.end(), threads_, self);
}

void WorkerPool::join_ended(UniqueLock& lock) {
  if (ended_.empty()) return;
  auto ended = std::exchange(ended_, {});
  lock.unlock();
  for (auto& thread : ended) thread.join();
}

}  // namespace hailstone::http
