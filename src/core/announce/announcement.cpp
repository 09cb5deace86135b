// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/announce/announcement.hpp"

#include <systemd/sd-bus.h>

#include <cstring>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace {

constexpr const char* kAvahi = "org.freedesktop.Avahi";
constexpr const char* kServer = "org.freedesktop.Avahi.Server";
constexpr const char* kGroup = "org.freedesktop.Avahi.EntryGroup";
/// Avahi's words for every interface and protocol.
constexpr std::int32_t kAny = -1;
constexpr std::uint64_t kCallMicroseconds = 2'000'000;
constexpr int kMostNames = 9;

struct CloseBus {
  void operator()(sd_bus* bus) const noexcept { sd_bus_flush_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, CloseBus>;

struct Unref {
  void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, Unref>;

/// A call's answer, or why there is none.
struct Answer {
  Message message;
  std::string error;  ///< D-Bus's name of it; empty: none
};

Message new_call(sd_bus* bus, const char* path, const char* interface, const char* method) {
  sd_bus_message* message = nullptr;
  if (sd_bus_message_new_method_call(bus, &message, kAvahi, path, interface, method) < 0) return {};
  // Nobody shall start an Avahi that the operator does not want.
  sd_bus_message_set_auto_start(message, 0);
  return Message(message);
}

Answer call(sd_bus* bus, const Message& message) {
  if (!message) return {{}, "no memory"};
  sd_bus_error error = SD_BUS_ERROR_NULL;
  sd_bus_message* reply = nullptr;
  Answer answer;
  const int result = sd_bus_call(bus, message.get(), kCallMicroseconds, &error, &reply);
  answer.message.reset(reply);
  if (result < 0) answer.error = error.name != nullptr ? error.name : std::strerror(-result);
  sd_bus_error_free(&error);
  return answer;
}

/// One connection to Avahi; what it told goes with the connection.
class Told {
 public:
  /// Throws Error(kUnsupported) where it cannot be told, with the reason.
  explicit Told(const Announced& what) {
    sd_bus* bus = nullptr;
    const int opened = sd_bus_open_system(&bus);
    bus_.reset(bus);
    if (opened < 0) throw Error(ErrorCode::kUnsupported, std::strerror(-opened));
    const auto group = call(bus, new_call(bus, "/", kServer, "EntryGroupNew"));
    const char* path = nullptr;
    require(group);
    if (sd_bus_message_read(group.message.get(), "o", &path) < 0) {
      throw Error(ErrorCode::kUnsupported, "Avahi gives no group");
    }
    group_ = path;
    add(what);
    require(call(bus, new_call(bus, group_.c_str(), kGroup, "Commit")));
  }

  /// False once Avahi has gone, or has forgotten it.
  bool is_good() const {
    return call(bus_.get(), new_call(bus_.get(), group_.c_str(), kGroup, "GetState")).error.empty();
  }

 private:
  static void require(const Answer& answer) {
    if (!answer.error.empty()) throw Error(ErrorCode::kUnsupported, answer.error);
  }

  /// Another machine may have the name.
  void add(const Announced& what) {
    for (int i = 1;; ++i) {
      const std::string name = i == 1 ? what.name : what.name + " #" + std::to_string(i);
      const auto message = new_call(bus_.get(), group_.c_str(), kGroup, "AddService");
      if (message) {
        sd_bus_message_append(message.get(), "iiussssq", kAny, kAny, std::uint32_t{0}, name.c_str(),
                              what.type.c_str(), "", "", what.port);
        sd_bus_message_append(message.get(), "aay", 0);  // no further words
      }
      const auto answer = call(bus_.get(), message);
      const bool is_taken = answer.error == "org.freedesktop.Avahi.CollisionError";
      if (is_taken && i < kMostNames) continue;
      return require(answer);
    }
  }

  Bus bus_;
  std::string group_;
};

}  // namespace

Announcement::Announcement(Announced what, std::chrono::milliseconds patience)
    : what_(std::move(what)), patience_(patience), thread_([this](const auto& stop) {
        os::set_thread_name("announce");
        keep(stop);
      }) {}

Announcement::~Announcement() = default;

void Announcement::keep(const std::stop_token& stop) {
  std::unique_ptr<Told> told;
  bool has_complained = false;
  while (!stop.stop_requested()) {
    try {
      if (told && !told->is_good()) told.reset();
      if (!told) {
        told = std::make_unique<Told>(what_);
        log::info("announce", "the network is told", {{"name", what_.name}, {"type", what_.type}});
      }
    } catch (...) {  // the top of this thread: without Avahi all else works
      if (!has_complained) {
        log::info("announce", "the network is not told", {{"why", current_error().what()}});
      }
      has_complained = true;
    }
    UniqueLock lock(mutex_);
    wake_.wait_for(lock.native(), stop, patience_, [] { return false; });
  }
}

}  // namespace hailstone::core
