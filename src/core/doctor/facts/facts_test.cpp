// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "core/doctor/facts/accounts.hpp"
#include "core/doctor/facts/box.hpp"
#include "core/doctor/facts/npu.hpp"
#include "core/doctor/facts/packages.hpp"
#include "core/doctor/facts/processes.hpp"
#include "core/doctor/facts/service.hpp"
#include "core/doctor/facts/version.hpp"

namespace hailstone::doctor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

/// A copy of a machine, in a folder that goes with it.
class Copy : public testing::Test {
 protected:
  Copy() : folder_(fs::temp_directory_path() / ("hailstone-facts-" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "own");
  }
  ~Copy() override { fs::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) const {
    const auto file = folder_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  void link(const std::string& path, const std::string& target) const {
    const auto file = folder_ / path;
    fs::create_directories(file.parent_path());
    fs::create_symlink(target, file);
  }
  Box box() const { return recorded_box(folder_ / "own"); }

  fs::path folder_;
};

TEST(Version, IsFoundInWhatPackagesFilesAndProgramsSay) {
  EXPECT_THAT(find_version("libhailort.so.5.3.0"), Optional(Version{5, 3, 0}));
  EXPECT_THAT(find_version("1:5.1.1-1+rpt1"), Optional(Version{5, 1, 1}));
  EXPECT_THAT(find_version("Firmware Version: 5.10.0 (release,app)"), Optional(Version{5, 10, 0}));
  EXPECT_THAT(find_version("h10-hailort"), testing::Eq(std::nullopt));
  EXPECT_THAT(find_version("5.3"), testing::Eq(std::nullopt));
  EXPECT_LT((Version{5, 3, 0}), (Version{5, 10, 0}));
}

TEST_F(Copy, HasWhatItsBaseHasButForWhatIsGone) {
  write("own/base.txt", "../base\n");
  write("own/gone.txt", "/dev/hailo0\n/sys/module/hailo1x_pci\n");
  write("own/etc/os-release", "ID=new\n");
  write("base/etc/os-release", "ID=old\n");
  write("base/etc/hosts", "127.0.0.1 localhost\n");
  write("base/dev/hailo0", "");
  write("base/dev/hailo01", "");
  write("base/sys/module/hailo1x_pci/version", "5.1.1\n");
  const auto own = box();
  EXPECT_EQ(own.line("/etc/os-release"), "ID=new");
  EXPECT_EQ(own.line("/etc/hosts"), "127.0.0.1 localhost");
  EXPECT_FALSE(own.has("/dev/hailo0"));
  EXPECT_FALSE(own.has("/sys/module/hailo1x_pci/version"));
  EXPECT_THAT(own.names("/dev"), ElementsAre("hailo01"));
  EXPECT_THAT(own.names("/etc"), ElementsAre("hosts", "os-release"));
}

TEST_F(Copy, KnowsOwnersThatACopyCannotHave) {
  write("own/dev/hailo0", "");
  write("own/owners.txt", "crw-rw---- 0 991 /dev/hailo0\n");
  const auto status = box().status("/dev/hailo0");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, 'c');
  EXPECT_EQ(status->mode, 0660U);
  EXPECT_EQ(status->group, 991U);
}

TEST_F(Copy, ReplaysCommandsWithTheirStatus) {
  write("own/commands.txt", "$ getconf PAGESIZE\n16384\n$ false\n? 1\n$ gone\n? 127\n");
  const auto own = box();
  EXPECT_EQ(own.run({"getconf", "PAGESIZE"})->text, "16384\n");
  EXPECT_EQ(own.run({"false"})->status, 1);
  EXPECT_FALSE(own.run({"gone"}));
  EXPECT_FALSE(own.run({"never", "recorded"}));
}

TEST_F(Copy, RefusesLinesThatItCannotRead) {
  write("own/owners.txt", "rw /dev/hailo0\n");
  try {
    box();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_THAT(error.what(), HasSubstr("owners.txt"));
  }
  EXPECT_THROW(recorded_box(folder_ / "nowhere"), Error);
}

TEST_F(Copy, DoesNotOpenWhatIsNoFile) {
  ASSERT_EQ(::mkfifo((folder_ / "own/pipe").c_str(), 0600), 0);
  EXPECT_FALSE(box().text("/pipe"));  // would wait for ever
}

TEST(LiveBox, RunsProgramsAndKnowsThoseThatAreNotThere) {
  const auto here = live_box();
  const auto output = here.run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->status, 3);
  EXPECT_THAT(output->text, HasSubstr("out\n"));
  EXPECT_THAT(output->text, HasSubstr("err\n"));
  EXPECT_FALSE(here.run({"hailstone-no-such-program"}));
  EXPECT_TRUE(here.has("/proc/self/environ"));
}

TEST_F(Copy, JudgesPermissionsForAnotherUser) {
  write("own/etc/passwd", "root:x:0:0:r:/root:/bin/sh\nsvc:x:990:990:s:/var/lib/svc:/bin/false\n");
  write("own/etc/group", "root:x:0:\nsvc:x:990:\nhailo:x:991:svc,other\n");
  write("own/dev/hailo0", "");
  write("own/home/pi/models/a", "");
  write("own/owners.txt",
        "crw-rw---- 0 991 /dev/hailo0\ndrwx------ 1000 1000 /home/pi\ndrwxr-xr-x 1000 1000 "
        "/home/pi/models\n");
  const auto own = box();
  const auto account = find_account(own, "svc");
  ASSERT_TRUE(account);
  EXPECT_THAT(account->groups, ElementsAre(990U, 991U));
  EXPECT_TRUE(may(*account, *own.status("/dev/hailo0"), Want::kReadWrite));
  EXPECT_THAT(find_obstacle(own, *account, "/home/pi/models", Want::kList),
              Optional(std::string("/home/pi")));
  EXPECT_FALSE(find_obstacle(own, *find_account(own, 0U), "/home/pi/models", Want::kList));
  EXPECT_EQ(describe(own, *own.status("/dev/hailo0")), "crw-rw---- root hailo");
}

TEST(Permissions, AreTheOwnersAloneWhereItIsTheOwner) {
  // The owner's bits count even where the group's would give more.
  const Account owner{"o", 5, 6, {6}, {}};
  EXPECT_FALSE(may(owner, {'-', 0060, 5, 6, 0}, Want::kRead));
  EXPECT_TRUE(may(owner, {'-', 0400, 5, 6, 0}, Want::kRead));
}

TEST_F(Copy, ReadsTheChipWithoutOpeningIt) {
  const std::string chip = "own/sys/bus/pci/devices/0001:01:00.0/";
  write(chip + "vendor", "0x1e60\n");
  write(chip + "device", "0x45c4\n");
  write(chip + "current_link_speed", "8.0 GT/s PCIe\n");
  link(chip + "driver", "../../../bus/pci/drivers/hailo1x");
  write("own/sys/bus/pci/devices/0000:00:00.0/vendor", "0x14e4\n");
  write("own/sys/module/hailo1x_pci/version", "5.3.0\n");
  write("own/usr/lib/libhailort.so.5.3.0", "");
  write("own/usr/local/lib/libhailort.so.5.3.0", "");
  write("own/dev/h1x-0", "");
  write("own/dev/hailo_notes", "");
  write("own/proc/devices", "Character devices:\n236 hailo1x\n");
  const auto npu = read_npu(box());
  ASSERT_NE(npu.find_10h(), nullptr);
  EXPECT_EQ(npu.find_10h()->id, "1e60:45c4");
  EXPECT_EQ(npu.find_10h()->driver, "hailo1x");
  EXPECT_THAT(npu.driver, Optional(Version{5, 3, 0}));
  EXPECT_THAT(npu.libraries, ElementsAre(Version{5, 3, 0}));
  ASSERT_EQ(npu.nodes.size(), 1U);
  EXPECT_EQ(npu.nodes[0].path, "/dev/h1x-0");
  EXPECT_TRUE(npu.has_device_class);
}

TEST_F(Copy, ReadsPackagesThatAreInstalled) {
  write("own/var/lib/dpkg/status",
        "Package: h10-hailort\nStatus: install ok installed\nVersion: 5.1.1\n\n"
        "Package: hailo-all\nStatus: deinstall ok config-files\nVersion: 5.1.1\n\n"
        "Package: bash\nStatus: install ok installed\nVersion: 5.2\n");
  EXPECT_THAT(read_packages(box()), ElementsAre(testing::Pair("h10-hailort", "5.1.1")));
}

TEST_F(Copy, FindsWhoListensAndWhoHoldsAFile) {
  write("own/proc/net/tcp",
        "  sl  local_address rem_address   st\n"
        "   0: 0100007F:2CAA 00000000:0000 0A 0:0 00:0 0 0 0 77 1\n"
        "   1: 00000000:0016 00000000:0000 0A 0:0 00:0 0 0 0 78 1\n"
        "   2: 0100007F:2CAA 0100007F:8000 01 0:0 00:0 0 0 0 79 1\n");
  write("own/proc/42/comm", "ollama\n");
  write("own/proc/42/status", "Name:\tollama\nPPid:\t1\n");
  write("own/proc/42/cgroup", "0::/system.slice/ollama.service\n");
  link("own/proc/42/fd/3", "socket:[77]");
  const auto own = box();
  const auto listeners = read_listeners(own);
  ASSERT_EQ(listeners.size(), 2U);
  EXPECT_EQ(listeners[0].port, 11434);
  EXPECT_TRUE(listeners[0].is_loopback);
  EXPECT_FALSE(listeners[1].is_loopback);
  const auto owner = find_owner(own, read_processes(own), listeners[0].inode);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->describe(), "ollama.service (process 42)");
}

TEST_F(Copy, FindsAServiceThatSystemdDoesNotRun) {
  write("own/proc/7/comm", "hailstone\n");
  write("own/proc/7/cmdline", std::string("/opt/bin/hailstone\0serve\0--listen\0:1\0", 37));
  write("own/proc/7/environ", std::string("HOME=/home/pi\0XDG_DATA_DIRS=/a:/b\0", 34));
  const auto own = box();
  const auto service = read_service(own, read_processes(own));
  EXPECT_FALSE(service.has_unit);
  EXPECT_THAT(service.pid, Optional(7));
  EXPECT_TRUE(service.is_environment_seen);
  EXPECT_EQ(service.environment.at("XDG_DATA_DIRS"), "/a:/b");
}

}  // namespace
}  // namespace hailstone::doctor
