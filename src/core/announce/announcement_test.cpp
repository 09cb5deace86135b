// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/announce/announcement.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace hailstone::core {
namespace {

/// A bus of our own, with somebody on it who speaks as Avahi does.
class FakeAvahi : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::unique_ptr<FILE, int (*)(FILE*)> output(
        ::popen("dbus-daemon --session --fork --print-address=1 --print-pid=1 2>/dev/null", "r"),
        ::pclose);
    std::array<char, 512> address{};
    std::array<char, 64> pid{};
    if (!output || std::fgets(address.data(), address.size(), output.get()) == nullptr ||
        std::fgets(pid.data(), pid.size(), output.get()) == nullptr) {
      GTEST_SKIP() << "dbus-daemon is not there";
    }
    address_ = address.data();
    address_.erase(address_.find('\n'));
    pid_ = std::atoi(pid.data());
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", address_.c_str(), 1);
  }
  void TearDown() override {
    stop_avahi();
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    if (pid_ > 0) ::kill(pid_, SIGTERM);
  }

  void start_avahi() {
    group_path_ = "/group" + std::to_string(++starts_);  // a new one knows nothing of the old
    sd_bus* bus = nullptr;
    ASSERT_GE(sd_bus_open_system(&bus), 0);
    static const sd_bus_vtable server[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("EntryGroupNew", "", "o", make_group, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END};
    static const sd_bus_vtable group[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("AddService", "iiussssqaay", "", add_service, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("Commit", "", "", commit, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("GetState", "", "i", get_state, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END};
    sd_bus_add_object_vtable(bus, nullptr, "/", "org.freedesktop.Avahi.Server", server, this);
    sd_bus_add_object_vtable(bus, nullptr, group_path_.c_str(), "org.freedesktop.Avahi.EntryGroup",
                             group, this);
    ASSERT_GE(sd_bus_request_name(bus, "org.freedesktop.Avahi", 0), 0);
    avahi_ = std::jthread([bus](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        while (sd_bus_process(bus, nullptr) > 0) {
        }
        sd_bus_wait(bus, 10'000);
      }
      sd_bus_flush_close_unref(bus);
    });
  }
  void stop_avahi() { avahi_ = {}; }

  static FakeAvahi& self(void* data) { return *static_cast<FakeAvahi*>(data); }
  static int make_group(sd_bus_message* message, void* data, sd_bus_error*) {
    return sd_bus_reply_method_return(message, "o", self(data).group_path_.c_str());
  }
  static int add_service(sd_bus_message* message, void* data, sd_bus_error* error) {
    std::int32_t interface = 0;
    std::int32_t protocol = 0;
    std::uint32_t flags = 0;
    const char* name = nullptr;
    const char* type = nullptr;
    const char* domain = nullptr;
    const char* host = nullptr;
    std::uint16_t port = 0;
    sd_bus_message_read(message, "iiussssq", &interface, &protocol, &flags, &name, &type, &domain,
                        &host, &port);
    if (std::strcmp(name, "Taken") == 0) {
      sd_bus_error_set_const(error, "org.freedesktop.Avahi.CollisionError", "taken");
      return -EEXIST;
    }
    const MutexLock lock(self(data).mutex_);
    self(data).added_ = std::string(name) + "|" + type + "|" + std::to_string(port);
    return sd_bus_reply_method_return(message, "");
  }
  static int commit(sd_bus_message* message, void* data, sd_bus_error*) {
    ++self(data).commits_;
    return sd_bus_reply_method_return(message, "");
  }
  static int get_state(sd_bus_message* message, void*, sd_bus_error*) {
    return sd_bus_reply_method_return(message, "i", 2);
  }

  bool await_commits(int count) const {
    for (int i = 0; i < 2000 && commits_ < count; ++i) ::usleep(10'000);
    return commits_ >= count;
  }
  std::string added() {
    const MutexLock lock(mutex_);
    return added_;
  }

 private:
  std::string address_;
  int pid_ = 0;
  int starts_ = 0;
  std::string group_path_;  // changes only while nobody serves
  std::jthread avahi_;
  std::atomic<int> commits_{0};
  Mutex mutex_;
  std::string added_ HAILSTONE_GUARDED_BY(mutex_);
};

constexpr std::chrono::milliseconds kSoon{20};

TEST_F(FakeAvahi, IsToldOfTheService) {
  start_avahi();
  const Announcement announcement({"Hailstone", "_wyoming._tcp", 10300}, kSoon);
  ASSERT_TRUE(await_commits(1));
  EXPECT_EQ(added(), "Hailstone|_wyoming._tcp|10300");
}

TEST_F(FakeAvahi, IsToldOfAnotherNameWhereOneIsTaken) {
  start_avahi();
  const Announcement announcement({"Taken", "_wyoming._tcp", 1}, kSoon);
  ASSERT_TRUE(await_commits(1));
  EXPECT_EQ(added(), "Taken #2|_wyoming._tcp|1");
}

TEST_F(FakeAvahi, MayComeLaterAndComeBack) {
  const Announcement announcement({"Hailstone", "_wyoming._tcp", 10300}, kSoon);
  start_avahi();
  ASSERT_TRUE(await_commits(1));
  stop_avahi();
  start_avahi();
  EXPECT_TRUE(await_commits(2));
}

TEST(Announcement, DoesWithoutABus) {
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all", 1);
  { const Announcement announcement({"Hailstone", "_wyoming._tcp", 10300}, kSoon); }
  ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

}  // namespace
}  // namespace hailstone::core
