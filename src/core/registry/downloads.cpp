// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/downloads.hpp"

#include "base/error.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{60};

}  // namespace

/// Everything but the constants is guarded by Downloads::mutex_.
struct Downloads::Download {
  explicit Download(std::string its_key) : key(std::move(its_key)) {}

  const std::string key;
  int waiters = 0;
  std::uint64_t total = 0;
  std::uint64_t completed = 0;
  std::uint64_t news = 0;  ///< counts what waiters have to be told
  SteadyTime told{};
  bool finished = false;
  std::optional<Blob> blob;
  std::optional<Error> failure;
  std::stop_source stop;
  std::jthread thread;
};

Downloads::~Downloads() {
  Lock lock(mutex_);
  for (const auto& [key, download] : table_) download->stop.request_stop();
  changed_.wait(lock, [this] { return table_.empty(); });
}  // the threads are joined without the lock: done_ goes after this

void Downloads::await(Lock& lock, const RunContext& run, const std::function<bool()>& condition) {
  if (run.deadline.is_never()) {
    changed_.wait(lock, run.stop, condition);
  } else {
    changed_.wait_until(lock, run.stop, run.deadline.time(), condition);
  }
  if (!condition()) run.check();
}

std::shared_ptr<Downloads::Download> Downloads::join_or_begin(Lock& lock, const std::string& key,
                                                              const Work& work,
                                                              const RunContext& run) {
  for (;;) {
    const auto found = table_.find(key);
    if (found == table_.end()) break;
    if (!found->second->stop.stop_requested()) return found->second;
    // It is ending; its files are still in use.
    await(lock, run, [&, ending = found->second] { return ending->finished; });
  }
  done_.clear();  // joins threads that have nothing left to do
  auto download = std::make_shared<Download>(key);
  table_[key] = download;
  download->thread = std::jthread([this, download, work]() mutable {
    os::set_thread_name("download");
    perform(std::move(download), work);
  });
  return download;
}

void Downloads::perform(std::shared_ptr<Download> download, const Work& work) {
  const auto report = [&](std::uint64_t total, std::uint64_t completed) {
    const SteadyTime now = system_clock().now();
    const Lock lock(mutex_);
    download->total = total;
    download->completed = completed;
    if (now - download->told < kProgressEvery) return;
    download->told = now;
    ++download->news;
    changed_.notify_all();
  };
  std::optional<Blob> blob;
  std::optional<Error> failure;
  try {
    blob = work(report, {Deadline::never(), download->stop.get_token()});
  } catch (...) {  // the top of this thread: whoever waits for the download gets it
    failure = current_error();
  }
  const Lock lock(mutex_);
  download->blob = std::move(blob);
  download->failure = std::move(failure);
  download->finished = true;
  done_.push_back(std::move(download->thread));
  table_.erase(download->key);
  download.reset();  // what is left of it belongs to those who waited
  changed_.notify_all();
}

Blob Downloads::fetch(const std::string& key, const Work& work, const OnBytes& on_bytes,
                      const RunContext& run) {
  Lock lock(mutex_);
  const auto download = join_or_begin(lock, key, work, run);
  struct Waiting {
    Download& download;
    Lock& lock;
    Waiting(Download& its, Lock& held) : download(its), lock(held) { ++download.waiters; }
    ~Waiting() {
      if (!lock.owns_lock()) lock.lock();
      if (--download.waiters == 0) download.stop.request_stop();
    }
  };
  const Waiting waiting(*download, lock);
  std::uint64_t heard = 0;
  while (!download->finished) {
    await(lock, run, [&] { return download->finished || download->news != heard; });
    if (download->finished) break;
    heard = download->news;
    const auto total = download->total;
    const auto completed = download->completed;
    lock.unlock();
    on_bytes(total, completed);
    lock.lock();
  }
  if (download->failure) throw Error(*download->failure);
  return *download->blob;
}

}  // namespace hailstone::core
