// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A mutex and its locks as clang's -Wthread-safety understands them: a member that says which mutex
// guards it cannot be touched without that, and a function that must not be called with it held
// cannot be. Other compilers see plain types of the standard library. tests/lint/thread_safety.py
// compiles the rooms that use this.

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define HAILSTONE_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define HAILSTONE_THREAD_ATTRIBUTE(x)
#endif

/// Of a member: only with that mutex held.
#define HAILSTONE_GUARDED_BY(mutex) HAILSTONE_THREAD_ATTRIBUTE(guarded_by(mutex))
/// Of a function: its caller holds that mutex.
#define HAILSTONE_REQUIRES(...) HAILSTONE_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
/// Of a function: its caller does not hold that mutex, because it takes it or calls out.
#define HAILSTONE_EXCLUDES(...) HAILSTONE_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
/// Of a class that can be held, of one that holds as long as it lives, and of their functions.
#define HAILSTONE_CAPABILITY(name) HAILSTONE_THREAD_ATTRIBUTE(capability(name))
#define HAILSTONE_SCOPED_CAPABILITY HAILSTONE_THREAD_ATTRIBUTE(scoped_lockable)
#define HAILSTONE_ACQUIRE(...) HAILSTONE_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define HAILSTONE_RELEASE(...) HAILSTONE_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
/// Of a function: what it returns is that mutex.
#define HAILSTONE_RETURNS(mutex) HAILSTONE_THREAD_ATTRIBUTE(lock_returned(mutex))
/// Of a function that says to the compiler what it cannot see.
#define HAILSTONE_ASSERT_HELD(...) HAILSTONE_THREAD_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define HAILSTONE_UNCHECKED HAILSTONE_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace hailstone {

class HAILSTONE_CAPABILITY("mutex") Mutex {
 public:
  void lock() HAILSTONE_ACQUIRE() { mutex_.lock(); }
  void unlock() HAILSTONE_RELEASE() { mutex_.unlock(); }
  /// For code that runs with it held where the compiler does not see that: a condition's predicate.
  void assert_held() const HAILSTONE_ASSERT_HELD() {}

  /// For locks alone.
  std::mutex& native() noexcept { return mutex_; }

 private:
  std::mutex mutex_;
};

/// std::lock_guard.
class HAILSTONE_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) HAILSTONE_ACQUIRE(mutex) : lock_(mutex.native()) {}
  ~MutexLock() HAILSTONE_RELEASE() = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  const std::lock_guard<std::mutex> lock_;
};

/// std::unique_lock, held at first: for conditions, and for calls without it in between.
class HAILSTONE_SCOPED_CAPABILITY UniqueLock {
 public:
  explicit UniqueLock(Mutex& mutex) HAILSTONE_ACQUIRE(mutex) : lock_(mutex.native()) {}
  ~UniqueLock() HAILSTONE_RELEASE() = default;
  UniqueLock(const UniqueLock&) = delete;
  UniqueLock& operator=(const UniqueLock&) = delete;

  void lock() HAILSTONE_ACQUIRE() { lock_.lock(); }
  void unlock() HAILSTONE_RELEASE() { lock_.unlock(); }

  /// For the wait functions of conditions, which give it up meanwhile and have it again at the end.
  std::unique_lock<std::mutex>& native() noexcept { return lock_; }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace hailstone
