// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "os/child_process.hpp"
#include "os/process_activity.hpp"
#include "os/process_memory.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::os {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kLong = 60s;  // a bound for what should take milliseconds

ChildOptions shell(const std::string& script) {
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", script};
  return options;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    (void)entry;
    ++count;
  }
  return count;
}

TEST(ChildProcess, TellsHowItEnded) {
  ChildProcess child(shell("exit 3"));
  const auto status = child.wait(Deadline::in(kLong));
  ASSERT_TRUE(status);
  EXPECT_EQ(to_string(*status), "exited with status 3");
  EXPECT_EQ(child.exited(), status);
}

TEST(ChildProcess, TellsWhichSignalKilledIt) {
  ChildProcess child(shell("kill -SEGV $$"));
  const auto status = child.wait(Deadline::in(kLong));
  ASSERT_TRUE(status);
  EXPECT_EQ(to_string(*status), "killed by signal 11, Segmentation fault");
}

TEST(ChildProcess, GivesLinesEnvironmentFolderAndNothingElse) {
  std::vector<std::string> out;
  std::vector<std::string> err;
  ChildOptions options = shell("echo \"$NAME $HOME\"; pwd; echo oops >&2; printf tail");
  options.environment = {"NAME=value"};
  options.working_directory = "/";
  std::promise<void> ended;
  options.on_stdout = [&](std::string_view line) { out.emplace_back(line); };
  options.on_stderr = [&](std::string_view line) { err.emplace_back(line); };
  options.on_exit = [&](const ExitStatus&) { ended.set_value(); };
  ChildProcess child(std::move(options));
  ASSERT_EQ(ended.get_future().wait_for(kLong), std::future_status::ready);
  EXPECT_THAT(out, ElementsAre("value ", "/", "tail"));
  EXPECT_THAT(err, ElementsAre("oops"));
}

TEST(ChildProcess, HandsOverExactlyTheGivenDescriptors) {
  auto [ours, theirs] = make_socket_pair();
  const UniqueFd other(::open("/dev/null", O_RDONLY));  // not closed on exec
  std::string seen;
  ChildOptions options = shell("echo hello >&3; for f in /proc/self/fd/*; do echo $f; done");
  options.fds = {theirs.get()};
  std::promise<void> ended;
  options.on_stdout = [&](std::string_view line) { seen += std::string(line.substr(14)) + " "; };
  options.on_exit = [&](const ExitStatus&) { ended.set_value(); };
  ChildProcess child(std::move(options));
  theirs.reset();
  ended.get_future().get();
  char bytes[16] = {};
  EXPECT_EQ(::read(ours.get(), bytes, sizeof(bytes)), 6);
  EXPECT_STREQ(bytes, "hello\n");
  EXPECT_EQ(::read(ours.get(), bytes, sizeof(bytes)), 0);
  EXPECT_THAT(seen, testing::StartsWith("0 1 2 3 "));
  EXPECT_LE(seen.size(), 10U) << seen;  // at most the one that lists the folder
}

TEST(ChildProcess, NamesTheProgramThatCannotBeStarted) {
  const auto before = open_descriptors();
  for (const char* program : {"/no/such/program", "/etc/passwd"}) {
    ChildOptions options;
    options.argv = {program};
    try {
      ChildProcess child(std::move(options));
      FAIL() << program << " started";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
      EXPECT_THAT(error.what(), HasSubstr(std::string("cannot start ") + program));
    }
  }
  ChildOptions options = shell("true");
  options.working_directory = "/no/such/folder";
  EXPECT_THROW(ChildProcess{std::move(options)}, Error);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(ChildProcess, AMachineThatIsFullIsNoFaultOfTheProgram) {
  const pid_t full = ::fork();
  if (full == 0) {
    const rlimit none{1, 1};
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(1);
    ::setrlimit(RLIMIT_NPROC, &none);
    try {
      ChildProcess child(shell("true"));
    } catch (const Error& error) {
      const bool says_so = std::string(error.what()).find("cannot start /bin/sh") == 0;
      ::_exit(error.code() == ErrorCode::kBusy && error.retry_after() && says_so ? 0 : 2);
    }
    ::_exit(3);
  }
  int status = -1;
  ::waitpid(full, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(ChildProcess, IsKilledWhenItIgnoresSigterm) {
  std::promise<void> ready;
  ChildOptions options = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
  options.environment = {"PATH=/usr/bin:/bin"};
  options.on_stdout = [&](std::string_view) { ready.set_value(); };
  ChildProcess child(std::move(options));
  ready.get_future().get();
  EXPECT_EQ(child.terminate(50ms).signal, SIGKILL);
}

TEST(ChildProcess, GoesQuietlyOnSigterm) {
  ChildProcess child(shell("exec sleep 100"));
  EXPECT_EQ(child.terminate(kLong).signal, SIGTERM);
}

TEST(ChildProcess, TakesItsOwnChildrenAlong) {
  std::promise<pid_t> grandchild;
  ChildOptions options = shell("sleep 100 & echo $!; wait");
  options.environment = {"PATH=/usr/bin:/bin"};
  options.on_stdout = [&](std::string_view line) {
    grandchild.set_value(std::stoi(std::string(line)));
  };
  auto child = std::make_unique<ChildProcess>(std::move(options));
  const pid_t pid = grandchild.get_future().get();
  const auto memory = find_process_memory(child->pid());
  ASSERT_TRUE(memory);
  EXPECT_GT(memory->rss, find_process_memory(pid)->rss);  // both together
  child.reset();
  // The grandchild is init's to reap now; killed it is.
  for (int i = 0; i < 1000 && ::kill(pid, 0) == 0; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(stat, line);
    if (line.find(") Z ") != std::string::npos) break;
    ::usleep(10'000);
    ASSERT_LT(i, 999);
  }
}

TEST(ChildProcess, LeavesNoZombieAndNoDescriptorBehind) {
  const auto before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    ChildOptions options = shell("exec sleep 100");
    options.on_stderr = [](std::string_view) {};
    ChildProcess child(std::move(options));
    pollfd ended{child.pidfd(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, 0), 0);
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ChildProcess, SurvivesTheThreadThatMadeIt) {
  std::unique_ptr<ChildProcess> child;
  std::jthread([&] { child = std::make_unique<ChildProcess>(shell("exec sleep 100")); }).join();
  EXPECT_FALSE(child->wait(Deadline::in(100ms)));
}

TEST(ChildProcess, DiesWithUs) {
  // A process in between makes a child and is killed; the child's end of the pipe must close.
  auto [ours, theirs] = make_socket_pair();
  const pid_t between = ::fork();
  if (between == 0) {
    ChildOptions options = shell("echo up >&3; exec sleep 100");
    options.environment = {"PATH=/usr/bin:/bin"};
    options.fds = {theirs.get()};
    ChildProcess child(std::move(options));
    theirs.reset();
    ::pause();
  }
  theirs.reset();
  char bytes[8];
  EXPECT_EQ(::read(ours.get(), bytes, sizeof(bytes)), 3);
  ::kill(between, SIGKILL);
  ::waitpid(between, nullptr, 0);
  EXPECT_EQ(::read(ours.get(), bytes, sizeof(bytes)), 0);
}

TEST(ProcessMemory, MeasuresThisProcessAndTheMachine) {
  const auto mine = find_process_memory(::getpid());
  ASSERT_TRUE(mine);
  EXPECT_GT(mine->pss, ByteSize());
  EXPECT_GE(mine->rss, mine->pss);
  EXPECT_GT(own_rss(), ByteSize::kib(100));
  EXPECT_FALSE(find_process_memory(0x7FFFFFFF));
  const auto machine = read_machine_memory();
  EXPECT_GT(machine.available, ByteSize());
  EXPECT_GT(machine.total, machine.available);
}

TEST(ProcessActivity, GrowsWhileAProcessComputesAndNotWhileItSleeps) {
  const auto cpu_time = [](pid_t pid) { return find_process_activity(pid)->cpu_time; };
  const auto before = cpu_time(::getpid());
  const auto busy_until = before + 50ms;
  while (cpu_time(::getpid()) < busy_until) {
  }
  // A shell that waits for its child: what the child computes counts.
  const ChildProcess busy(shell("/bin/sh -c 'while :; do :; done'; true"));
  while (cpu_time(busy.pid()) < 200ms) {
  }
  const ChildProcess asleep(shell("sleep 60"));
  EXPECT_LT(cpu_time(asleep.pid()), 1s);
  EXPECT_FALSE(find_process_activity(0x3FFFFF));
}

TEST(RuntimeDirectory, IsPrivateAndGoesAway) {
  std::filesystem::path path;
  {
    const RuntimeDirectory directory("/tmp");
    path = directory.path();
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    EXPECT_EQ(directory.socket_path("a.sock"), path / "a.sock");
    EXPECT_THROW(directory.socket_path(std::string(100, 'x')), Error);
    std::ofstream(path / "file") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(RuntimeDirectory, TakesAwayWhatAKilledProcessLeft) {
  const RuntimeDirectory parent("/tmp");
  const auto make = [&](const char* name) {
    const auto folder = parent.path() / name;
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "socket") << "x";
    return folder;
  };
  const auto age = [](const std::filesystem::path& folder) {
    std::filesystem::last_write_time(folder, std::filesystem::file_time_type::clock::now() - 1h);
  };
  const auto left = make("hailstone-run-killed");
  const auto fresh = make("hailstone-run-fresh0");
  const auto others = make("hailstone-other0");
  const RuntimeDirectory living(parent.path());
  for (const auto& folder : {left, others, living.path()}) age(folder);
  const RuntimeDirectory next(parent.path());
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_TRUE(std::filesystem::exists(fresh));
  EXPECT_TRUE(std::filesystem::exists(others));
  EXPECT_TRUE(std::filesystem::exists(living.path()));
}

TEST(UnixSocket, RemovesOnlyWhatIsStale) {
  const RuntimeDirectory directory("/tmp");
  const auto path = directory.socket_path("s");
  EXPECT_NO_THROW(remove_stale_socket(path));
  {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof(address.sun_path) - 1);
    const UniqueFd server(::socket(AF_UNIX, SOCK_STREAM, 0));
    ASSERT_EQ(::bind(server.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ASSERT_EQ(::listen(server.get(), 1), 0);
    EXPECT_TRUE(connect_unix(path));
    EXPECT_THROW(remove_stale_socket(path), Error);
  }
  EXPECT_FALSE(connect_unix(path));
  remove_stale_socket(path);
  EXPECT_FALSE(std::filesystem::exists(path));
  std::ofstream(path) << "a file";
  EXPECT_THROW(remove_stale_socket(path), Error);
}

}  // namespace
}  // namespace hailstone::os
