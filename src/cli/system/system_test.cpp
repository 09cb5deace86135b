// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "cli/client/stub_service.hpp"
#include "cli/system/logs.hpp"
#include "cli/system/status.hpp"
#include "core/doctor/facts/box.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHealth = R"({"status":"degraded","models_loaded":["echo:latest"],
  "memory":{"host":{"limit_bytes":6000000000,"used_bytes":61000000},
            "npu":{"limit_bytes":8000000000,"used_bytes":2000000000}},
  "engines":[{"name":"llama","usable":true,"version":"0.7.0"},
             {"name":"hailo","usable":false,"reason":"no device"}],
  "host":{"heat":"warm","temperature_c":76.2,"cpu_load":0.5},
  "npu":{"present":true,"chip":"Hailo-10H","node":"/dev/h1x-0","driver":"5.3.0","trouble":null},
  "reasons":["model bad is faulted"],"uptime_s":3725,"version":"1.2.3"})";
constexpr const char* kRunning = R"({"models":[],"queue":{"interactive":{"waiting":3,"running":2},
  "live":{"waiting":0,"running":0},"batch":{"waiting":1,"running":0}}})";
constexpr const char* kResources = R"({"models":[{"name":"echo:latest","engine":"llama",
  "host_bytes":61000000,"npu_bytes":0,"leases":2,"loading":false,"pinned":true,"expires_at":null}]})";

std::string answer(const StubRequest& request) {
  if (request.line == "GET /api/health") return reply_with(200, kHealth);
  if (request.line == "GET /api/ps") return reply_with(200, kRunning);
  return reply_with(200, kResources);
}

class SystemCommands : public testing::Test {
 protected:
  SystemCommands()
      : folder_(fs::temp_directory_path() / ("hailstone-status-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~SystemCommands() override { fs::remove_all(folder_); }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  doctor::Box box() const { return doctor::recorded_box(folder_); }
  ServiceState status(const Endpoint& endpoint, StatusRequest request = {}) {
    Service service(endpoint, "", [](std::chrono::seconds, const std::string&) {});
    const core::Environment environment;
    return show_status({console_.console, environment, service}, request, box());
  }
  std::string out() const { return console_.out.str(); }

  fs::path folder_;
  TestConsole console_;
};

TEST_F(SystemCommands, StatusShowsTheServiceAtAGlance) {
  const StubService stub(answer);
  EXPECT_EQ(status(stub.endpoint()), ServiceState::kDegraded);
  EXPECT_THAT(out(), HasSubstr("hailstone 1.2.3 at http://127.0.0.1:"));
  EXPECT_THAT(out(), HasSubstr(": degraded, up for 1 h 2 min\n"));
  EXPECT_THAT(out(), HasSubstr("! model bad is faulted\n"));
  EXPECT_THAT(out(), HasSubstr("memory   61 MB of 6.0 GB for models, NPU 2.0 GB of 8.0 GB\n"));
  EXPECT_THAT(out(), HasSubstr("heat     warm, 76 \u00B0C, processor 50 % busy\n"));
  EXPECT_THAT(out(), HasSubstr("batch: 0 running, 1 waiting"));
  EXPECT_THAT(out(), HasSubstr("interactive: 2 running, 3 waiting"));
  EXPECT_THAT(out(), HasSubstr("engines  llama 0.7.0; not here: hailo (`hailstone doctor`"));
  EXPECT_THAT(out(), HasSubstr("npu      Hailo-10H, /dev/h1x-0, driver 5.3.0\n"));
  EXPECT_THAT(out(), HasSubstr("    echo:latest    llama    61 MB    2 requests    pinned\n"));
}

TEST_F(SystemCommands, StatusTellsOfTheUnitWhereTheServiceIsNot) {
  const std::string show =
      "$ systemctl show hailstone.service --no-pager "
      "--property=LoadState,ActiveState,SubState,Result,NRestarts,User,Group,MainPID,"
      "ExecMainStatus,WorkingDirectory,Environment,PrivateDevices,DevicePolicy,DeviceAllow,"
      "ProtectHome,StateDirectory,FragmentPath\n";
  write("commands.txt", show +
                            "LoadState=loaded\nActiveState=failed\nSubState=failed\nNRestarts=5\n"
                            "$ journalctl -u hailstone.service -n 5 -o short --no-pager --quiet\n"
                            "May 01 pi hailstone[1]: app: cannot listen\n");
  EXPECT_EQ(status({"127.0.0.1", 1}), ServiceState::kAbsent);
  EXPECT_THAT(out(), HasSubstr("no service at http://127.0.0.1:1 (`hailstone doctor` tells why)"));
  EXPECT_THAT(out(), HasSubstr("unit     failed (failed), started anew 5 times\n"));
  EXPECT_THAT(out(), HasSubstr("app: cannot listen\n"));
  console_.out.str({});
  EXPECT_EQ(status({"127.0.0.1", 1}, {true, 5}), ServiceState::kAbsent);
  const Json json = Json::parse(out());
  EXPECT_EQ(json["reached"], false);
  EXPECT_EQ(json["unit"]["NRestarts"], "5");
}

TEST(Logs, AreAskedOfJournalctlByOurFields) {
  LogsRequest request;
  request.follow = true;
  request.priority = "warning";
  request.model = "starter-chat:latest";
  request.request = "req_1";
  EXPECT_THAT(journal_command(request),
              ElementsAre("/usr/bin/journalctl", "--no-pager", "-o", "short-iso", "-u",
                          "hailstone.service", "-n", "50", "-f", "-p", "warning",
                          "MODEL=starter-chat:latest", "REQUEST_ID=req_1"));
}

TEST_F(SystemCommands, LogsSayWhereTheLinesAreWithoutAJournal) {
  const auto refusal = [&] {
    try {
      show_logs(console_.console, {}, box());
    } catch (const Error& error) {
      return std::string(error.what()) + "|" + error.detail();
    }
    return std::string("nothing was thrown");
  };
  EXPECT_THAT(refusal(), HasSubstr("no journal on this machine: journalctl is not installed"));
  EXPECT_THAT(refusal(), HasSubstr("standard error"));
  write("usr/bin/journalctl", "");
  EXPECT_THAT(refusal(), HasSubstr("there is no journal on this machine|"));
}

}  // namespace
}  // namespace hailstone::cli
