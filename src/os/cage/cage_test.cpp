// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Cages from inside: a child of ours tries each forbidden thing and reports.

#include "os/cage/cage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/error.hpp"
#include "os/cage/landlock.hpp"
#include "os/cage/system_calls.hpp"
#include "os/child_process.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::os {
namespace {

using Report = std::map<std::string, std::string>;

constexpr int kKnowsTheRest = 6;  // of Landlock's versions: signals

class InACage : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(own_) << "weights";
    std::ofstream(other_) << "somebody else's";
    std::filesystem::create_directory(run_);
    cage_.read = {own_, directory_.path() / "missing"};
    cage_.write = {run_};
  }

  Report report_of(std::optional<Cage> cage) {
    Report report;
    ChildOptions options;
    // A path of the command line may be read: these are none, at first sight.
    options.argv = {HAILSTONE_PRISONER, own_, "=" + other_.string(), "=" + run_.string()};
    options.cage = std::move(cage);
    options.on_stdout = [&report](std::string_view line) {
      const auto space = line.find(' ');
      report[std::string(line.substr(0, space))] = line.substr(space + 1);
    };
    ChildProcess child(std::move(options));
    EXPECT_TRUE(child.wait(Deadline::in(std::chrono::seconds(20)))->is_success());
    return report;
  }

  const RuntimeDirectory directory_{"/tmp"};
  const std::filesystem::path own_ = directory_.path() / "own";
  const std::filesystem::path other_ = directory_.path() / "other";
  const std::filesystem::path run_ = directory_.path() / "run";
  Cage cage_;
};

void expect(const Report& report, const Report& expected) {
  for (const auto& [what, outcome] : expected) {
    const auto found = report.find(what);
    EXPECT_EQ(found == report.end() ? "nothing" : found->second, outcome) << what;
  }
}

TEST_F(InACage, AChildSeesItsOwnFilesAndNoOthers) {
  if (landlock_version() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  expect(report_of(cage_), {{"read-own", "done"},
                            {"write-own", "EACCES"},
                            {"read-other", "EACCES"},
                            {"read-passwords", "EACCES"},
                            {"read-libraries", "done"},
                            {"list-root", "EACCES"},
                            {"make-file", "done"},
                            {"execute-what-it-made", "EACCES"},
                            {"remove-file", "done"},
                            {"make-elsewhere", "EACCES"},
                            {"remove-own", "EACCES"},
                            {"discard", "done"},
                            {"read-own-memory-map", "done"},
                            {"read-parents-environment", "EACCES"}});
  if (landlock_version() < kKnowsTheRest) return;
  expect(report_of(cage_), {{"signal-parent", "EPERM"}});
}

TEST_F(InACage, AChildCannotReachOtherProcessesNorChangeTheKernel) {
  if (!has_call_filters()) GTEST_SKIP() << "this kernel filters no system calls";
  expect(report_of(cage_), {{"parents-limits", "EPERM"},
                            {"own-limits", "done"},
                            {"thread", "done"},
                            {"mount", "EPERM"},
                            {"namespace", "EPERM"},
                            {"namespace-by-clone", "EPERM"},
                            {"bpf", "EPERM"},
                            {"keys", "EPERM"},
                            {"performance", "EPERM"},
                            {"uring", "EPERM"},
                            {"Seccomp:", "2"}});
#if !defined(__SANITIZE_ADDRESS__)
  expect(report_of(cage_), {{"trace", "EPERM"}});
#endif
}

TEST_F(InACage, AChildHasTheSocketsThatItIsGiven) {
  if (!has_call_filters()) GTEST_SKIP() << "this kernel filters no system calls";
  expect(report_of(cage_), {{"internet", "EAFNOSUPPORT"},
                            {"internet6", "EAFNOSUPPORT"},
                            {"netlink", "EAFNOSUPPORT"},
                            {"listen-unix", "done"},
                            {"connect-unix", "EACCES"},
                            {"datagram", "EPROTONOSUPPORT"},
                            {"socket-pair", "done"}});
  std::filesystem::remove(run_ / "socket");
  cage_.network = Network::kLocal;
  expect(report_of(cage_), {{"internet", "EAFNOSUPPORT"},
                            {"connect-unix", "ECONNREFUSED"},  // nobody listens
                            {"datagram", "done"}});
  std::filesystem::remove(run_ / "socket");
  cage_.network = Network::kAny;
  expect(report_of(cage_), {{"internet", "done"}, {"netlink", "done"}, {"mount", "EPERM"}});
}

TEST_F(InACage, AChildHasNoPrivilegesAndLeavesNoDumps) {
  expect(report_of(cage_), {{"NoNewPrivs:", "1"}, {"core", "1"}, {"oom", "600"}});
  // Nothing, or of root's powers the one to read what is others'.
  EXPECT_THAT(report_of(cage_)["CapEff:"],
              ::testing::AnyOf("0000000000000000", "0000000000000004"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(InACage, AChildHasTheMemoryThatItIsGiven) {
  EXPECT_EQ(report_of(cage_)["much-memory"], "done");
  cage_.memory = ByteSize::mib(256);
  EXPECT_EQ(report_of(cage_)["much-memory"], "ENOMEM");
}
#endif

TEST_F(InACage, WithoutACageAllOfThatIsPossible) {  // or the others would prove nothing
  const auto report = report_of(std::nullopt);
  expect(report, {{"read-other", "done"},
                  {"read-passwords", "done"},
                  {"signal-parent", "done"},
                  {"read-parents-environment", "done"},
                  {"internet", "done"},
                  {"connect-unix", "ECONNREFUSED"},
                  {"NoNewPrivs:", "0"}});
}

TEST(Cage, SaysWhatTheKernelLacks) {
  const bool has_all = landlock_version() >= kKnowsTheRest && has_call_filters();
  EXPECT_EQ(missing_protections().empty(), has_all);
}

}  // namespace
}  // namespace hailstone::os
