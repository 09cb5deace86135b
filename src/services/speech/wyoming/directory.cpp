// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/directory.hpp"

#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::wyoming {
namespace {

using std::chrono::milliseconds;

/// A model that is pulled shows up with the second question.
constexpr milliseconds kFresh{1000};
/// Who asks while the first look-up runs gets its result where it comes soon.
constexpr milliseconds kPatience{30};

}  // namespace

Directory::Directory(Info first, std::function<Info()> look_up)
    : look_up_(std::move(look_up)), frame_(write_info(first)), thread_([this](const auto& stop) {
        os::set_thread_name("wyoming-info");
        keep(stop);
      }) {}

std::string Directory::info() {
  UniqueLock lock(mutex_);
  const bool is_old = has_looked_ && looked_ + kFresh < system_clock().now();
  if (is_old) {
    is_wanted_ = true;
    changed_.notify_all();
  }
  changed_.wait_for(lock.native(), has_looked_ ? milliseconds(0) : kPatience, [this] {
    mutex_.assert_held();
    return has_looked_;
  });
  return frame_;
}

void Directory::keep(const std::stop_token& stop) {
  UniqueLock lock(mutex_);
  for (;;) {
    const bool goes_on = changed_.wait(lock.native(), stop, [this] {
      mutex_.assert_held();
      return is_wanted_;
    });
    if (!goes_on) return;
    is_wanted_ = false;
    lock.unlock();
    std::optional<std::string> frame;
    try {
      frame = write_info(look_up_());
    } catch (...) {  // the top of this thread's work: the last answer stands
      log::warning("wyoming", "what there is cannot be looked up",
                   {{"why", current_error().what()}});
    }
    lock.lock();
    if (frame) frame_ = *std::move(frame);
    has_looked_ = true;
    looked_ = system_clock().now();
    changed_.notify_all();
  }
}

}  // namespace hailstone::wyoming
