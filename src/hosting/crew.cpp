// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/crew.hpp"

#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::hosting {

Crew::Crew(std::size_t max_threads, const char* thread_name,
           std::function<std::optional<Frame>()> read, std::function<void(Frame&&)> work)
    : max_threads_(max_threads),
      thread_name_(thread_name),
      read_(std::move(read)),
      work_(std::move(work)) {}

void Crew::run() {
  serve();
  threads_.clear();  // joins them
  if (failure_) std::rethrow_exception(failure_);
}

void Crew::serve() {
  while (auto frame = next()) {
    work_(std::move(*frame));
    const std::lock_guard lock(mutex_);
    --working_;
  }
}

/// What waits, or else the turn at reading; nothing at the end.
std::optional<Frame> Crew::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return has_ended_ || !has_reader_ || !backlog_.empty(); });
  std::optional<Frame> frame;
  if (!backlog_.empty()) {
    frame = std::move(backlog_.front());
    backlog_.pop_front();
  } else if (!has_ended_) {
    frame = take_turn(lock);
  }
  if (frame) ++working_;
  return frame;
}

/// Reads until there is somebody to read on.
std::optional<Frame> Crew::take_turn(std::unique_lock<std::mutex>& lock) {
  has_reader_ = true;
  while (auto frame = read_one(lock)) {
    if (ensure_idle()) {
      has_reader_ = false;
      changed_.notify_one();
      return frame;
    }
    backlog_.push_back(std::move(*frame));  // a cancel may come: reading must go on
  }
  has_ended_ = true;
  changed_.notify_all();
  return std::nullopt;
}

std::optional<Frame> Crew::read_one(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  std::optional<Frame> frame;
  std::exception_ptr failure;
  try {
    frame = read_();
  } catch (...) {  // for whoever called run()
    failure = std::current_exception();
  }
  lock.lock();
  failure_ = failure;
  return frame;
}

/// Whether there is a thread besides the reader that does not work.
bool Crew::ensure_idle() {
  if (threads_.size() > working_) return true;
  if (threads_.size() + 1 >= max_threads_) return false;
  threads_.emplace_back([this] {
    os::set_thread_name(thread_name_);
    serve();
  });
  return true;
}

}  // namespace hailstone::hosting
