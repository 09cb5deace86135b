// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "services/system/status/pace.hpp"
#include "services/system/status/routes.hpp"
#include "services/system/status/service.hpp"
#include "services/system/status/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::status {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

TEST(HealthWire, IsExact) {
  Health health;
  health.loaded = {"m:latest"};
  health.memory = ByteSize::kib(1536);
  health.budget = {{ByteSize::bytes(8), ByteSize::bytes(4)}, {ByteSize::bytes(5), {}}};
  health.engines = {{"llama", {true, ""}, true}, {"hailo", {false, "no device"}, false}};
  health.uptime = std::chrono::seconds(7);
  health.version = "1.2.3";
  EXPECT_EQ(write_health(health),
            R"({"status":"ok","models_loaded":["m:latest"],"memory_used_mb":1.5,)"
            R"("memory":{"host":{"limit_bytes":8,"used_bytes":5,"free_bytes":3},)"
            R"("npu":{"limit_bytes":4,"used_bytes":0,"free_bytes":4}},"engines":[)"
            R"({"name":"llama","usable":true,"needed":true},)"
            R"({"name":"hailo","usable":false,"needed":false,"reason":"no device"}],)"
            R"("inference":{"running":0,"silent_s":0.0,"last_success_s":null,"stuck":[]},)"
            R"("host":{"heat":"cool","temperature_c":null,"cpu_load":null,"loaded":false},)"
            R"("npu":{"present":false},)"
            R"("uptime_s":7,"version":"1.2.3"})");
  health.degraded = true;
  health.reasons = {"loading models"};
  const Json degraded = Json::parse(write_health(health));
  EXPECT_EQ(degraded["status"], "degraded");
  EXPECT_EQ(degraded["reasons"], Json::array({"loading models"}));
}

TEST(ResourcesWire, IsExact) {
  Resources resources;
  core::Resident model;
  model.name = "m:latest";
  model.engine = "llama";
  model.footprint = {ByteSize::bytes(10), ByteSize::bytes(5)};
  model.context_length = 2048;
  model.leases = 2;
  resources.models = {model};
  resources.total = model.footprint;
  resources.budget = {{ByteSize::bytes(80), ByteSize::bytes(40)}, model.footprint};
  resources.faults = {{"bad:latest", "it died", 3, std::chrono::seconds(9)}};
  resources.daemon = ByteSize::bytes(7);
  resources.machine_total = ByteSize::bytes(100);
  resources.machine_available = ByteSize::bytes(50);
  EXPECT_EQ(
      write_resources(resources),
      R"({"models":[{"name":"m:latest","engine":"llama","host_bytes":10,"npu_bytes":5,)"
      R"("context_length":2048,"leases":2,"loading":false,"pinned":false,"expires_at":null}],)"
      R"("total":{"host_bytes":10,"npu_bytes":5},)"
      R"("memory":{"host":{"limit_bytes":80,"used_bytes":10,"free_bytes":70},)"
      R"("npu":{"limit_bytes":40,"used_bytes":5,"free_bytes":35}},)"
      R"("faulted":[{"name":"bad:latest","reason":"it died","crashes":3,"retry_after_s":9}],)"
      R"("daemon":{"host_bytes":7},)"
      R"("machine":{"total_bytes":100,"available_bytes":50,"heat":"cool","cpu_load":null,)"
      R"("thermometers":[]},"engines":[],"workers":[],"places":[],"environment":{}})");
}

TEST(Places, TellWhatTheyHoldOrWhyTheyAreNotRead) {
  test_support::TempStore files;
  files.add({.name = "tiny:v2"});
  const auto models = look_into({PlaceKind::kModels, files.root(), "a test"});
  EXPECT_TRUE(models.readable) << models.reason;
  EXPECT_EQ(models.count, 1U);
  EXPECT_THAT(models.names, testing::ElementsAre("tiny:v2"));
  const auto absent = look_into({PlaceKind::kLabels, files.root() / "absent", "a test"});
  EXPECT_FALSE(absent.readable);
  EXPECT_THAT(absent.reason, HasSubstr("No such file"));
  std::ofstream(files.root() / "eng.traineddata") << "x";
  std::ofstream(files.root() / "notes.md") << "x";
  const auto languages = look_into({PlaceKind::kLanguages, files.root(), "a test"});
  EXPECT_THAT(languages.names, testing::ElementsAre("eng"));
  EXPECT_THAT(look_into({PlaceKind::kCatalog, files.root() / "notes.md", "a test"}).reason,
              testing::Not(testing::IsEmpty()));
  Resources resources;
  resources.places = {models, absent};
  resources.environment = {{"HOME", "/home/ann"}, {"OLLAMA_MODELS", std::nullopt}};
  resources.engines = {{"hailo", {false, "no device"}, true}};
  const Json json = Json::parse(write_resources(resources));
  EXPECT_EQ(json["places"][0]["kind"], "models");
  EXPECT_EQ(json["places"][0]["names"], Json({"tiny:v2"}));
  EXPECT_EQ(json["places"][1]["readable"], false);
  EXPECT_EQ(json["environment"], Json({{"HOME", "/home/ann"}, {"OLLAMA_MODELS", nullptr}}));
  EXPECT_EQ(json["engines"][0]["reason"], "no device");
}

TEST(InferenceWire, TellsSuccessAndStuckRuns) {
  Health health;
  health.engines = {{"llama", {true, ""}, true}, {"fake", {true, ""}, false}};
  health.inference.running = 2;
  health.inference.longest_silence = std::chrono::milliseconds(901'234);
  health.inference.stuck = {"m:latest"};
  health.inference.since_success = {{"llama", std::chrono::milliseconds(1249)},
                                    {"onnx", std::chrono::seconds(90)}};
  const Json json = Json::parse(write_health(health));
  EXPECT_EQ(json["inference"], Json::parse(R"({"running":2,"silent_s":901.2,"last_success_s":1.2,)"
                                           R"("stuck":["m:latest"]})"));
  EXPECT_EQ(json["engines"][0]["last_success_s"], 1.2);
  EXPECT_FALSE(json["engines"][1].contains("last_success_s"));
  EXPECT_EQ(write_live({"", health.inference}),
            R"({"status":"stuck","last_success_s":1.2,"stuck":1})");
  EXPECT_EQ(write_live({"the runtime has not answered for 12 s", {}}),
            R"({"status":"stuck","last_success_s":null,"stuck":0,)"
            R"("reason":"the runtime has not answered for 12 s"})");
  EXPECT_EQ(write_live({}), R"({"status":"ok","last_success_s":null,"stuck":0})");
}

core::MachineStatus hot_host() {
  core::MachineStatus host;
  host.heat = core::Heat::kHot;
  host.heat_reason = "cpu-thermal has 82.5 \u00B0C, the limit is 80.0 \u00B0C";
  host.reading.thermometers = {{"cpu-thermal", {82.46}}, {"x86_pkg_temp", {91}, false}};
  host.reading.throttling = core::Throttling{0x80004};
  host.reading.cpu_load = 0.917;
  return host;
}

TEST(HealthWire, TellsOfTheChipInShort) {
  Health health;
  health.chip = {true, "Hailo-10H", "0001:01:00.0", "/dev/h1x-0", "5.3.0", "", "not for this user"};
  EXPECT_EQ(Json::parse(write_health(health))["npu"],
            Json::parse(R"({"present":true,"chip":"Hailo-10H","address":"0001:01:00.0",)"
                        R"("node":"/dev/h1x-0","driver":"5.3.0","library":null,)"
                        R"("trouble":"not for this user"})"));
}

TEST(HostWire, TellsHeatAndLoad) {
  Health health;
  health.host = hot_host();
  EXPECT_EQ(Json::parse(write_health(health))["host"],
            Json::parse(R"({"heat":"hot","temperature_c":82.5,"cpu_load":0.92,"loaded":false,)"
                        R"("reason":"cpu-thermal has 82.5 \u00B0C, the limit is 80.0 \u00B0C"})"));
  Resources resources;
  resources.host = hot_host();
  const Json machine = Json::parse(write_resources(resources))["machine"];
  EXPECT_EQ(machine["thermometers"],
            Json::parse(R"([{"name":"cpu-thermal","celsius":82.5,"limited":true},)"
                        R"({"name":"x86_pkg_temp","celsius":91.0,"limited":false}])"));
  EXPECT_EQ(machine["throttled"]["now"], Json::array({"throttled"}));
  EXPECT_EQ(machine["throttled"]["since_start"],
            Json::array({"throttled", "soft temperature limit"}));
}

TEST(Pace, HeatStopsBatchWorkAndThenAll) {
  core::MachineStatus host;
  EXPECT_EQ(choose_pace(host).pace, core::Pace::kFull);
  host.is_loaded = true;
  EXPECT_EQ(choose_pace(host).pace, core::Pace::kLessBatch);
  host.heat = core::Heat::kWarm;
  EXPECT_EQ(choose_pace(host).pace, core::Pace::kNoBatch);
  EXPECT_FALSE(choose_pace(host).refusal);
  const auto hot = choose_pace(hot_host());
  EXPECT_EQ(hot.pace, core::Pace::kNoWork);
  ASSERT_TRUE(hot.refusal);
  EXPECT_EQ(hot.refusal->code(), ErrorCode::kBusy);
  EXPECT_EQ(hot.refusal->retry_after(), std::chrono::seconds(30));
  EXPECT_THAT(hot.refusal->what(), HasSubstr("82.5"));
  EXPECT_EQ(hot.refusal->detail(), "82.5 \u00B0C now; work is taken again below 75.0 \u00B0C");
}

class System : public testing::Test {
 protected:
  System() { add_system_routes(daemon_.router, service_); }

  test_support::FakeDaemon daemon_;
  std::optional<std::string> not_ready_;
  core::MachineMonitor host_{{.root = daemon_.files.root(), .limits = {}}, daemon_.metrics};
  Pulse pulse_{{}};
  SystemService service_{
      daemon_.store, daemon_.runtime, host_, daemon_.metrics, pulse_, "1.2.3", [this] {
        return not_ready_;
      }};
};

TEST_F(System, IsReadyOnlyWhenItIs) {
  not_ready_ = "loading models";
  EXPECT_EQ(daemon_.get("/health/ready")->reply.status(), 503);
  EXPECT_EQ(daemon_.get("/health/ready")->reply.body(),
            R"({"ready":false,"reason":"loading models"})");
  EXPECT_EQ(daemon_.get("/health")->reply.status(), 503);
  EXPECT_THAT(daemon_.get("/health")->reply.body(), HasSubstr("unavailable_error"));
  EXPECT_EQ(daemon_.get("/health/live")->reply.status(), 200);
  EXPECT_EQ(Json::parse(daemon_.get("/api/health")->reply.body())["status"], "degraded");
  not_ready_.reset();
  EXPECT_EQ(daemon_.get("/health/ready")->reply.body(), R"({"ready":true})");
  EXPECT_EQ(daemon_.get("/health")->reply.body(), R"({"status":"ok"})");
  EXPECT_EQ(Json::parse(daemon_.get("/api/health")->reply.body())["status"], "ok");
}

TEST_F(System, HealthCountsTheDaemonAndItsModels) {
  daemon_.files.add({.settings = {{"footprint_mb", "1000"}}});
  const auto memory = [&] {
    return Json::parse(daemon_.get("/api/health")->reply.body())["memory_used_mb"].get<double>();
  };
  const double before = memory();
  EXPECT_GT(before, 1);
  const auto lease = daemon_.models.acquire(daemon_.models.choose("echo", {}), std::nullopt, {});
  EXPECT_GE(memory(), 1000);
  const Json health = Json::parse(daemon_.get("/api/health")->reply.body());
  EXPECT_EQ(health["models_loaded"], Json::array({"echo:latest"}));
  EXPECT_EQ(health["version"], "1.2.3");
  EXPECT_EQ(health["engines"][0]["name"], "fake");
  EXPECT_EQ(health["engines"][0]["usable"], true);
  EXPECT_EQ(health["engines"][0]["needed"], true);
}

TEST_F(System, SaysWhichPinnedModelsAreNotInstalled) {
  daemon_.files.add({.name = "echo"});
  service_.set_settings({}, {"Echo", "nobody:7b"});
  EXPECT_THAT(service_.missing_pins(), testing::ElementsAre("nobody:7b"));
  const Json health = Json::parse(daemon_.get("/api/health")->reply.body());
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["reasons"], Json::array({"pinned model nobody:7b is not installed"}));
}

TEST_F(System, TellsTheSettingsThatItWasStartedWith) {
  service_.set_settings({"/etc/hailstone/hailstone.toml",
                         {{"threads", "3", "flag --threads"}, {"api_key", "***", "default"}},
                         {"no Landlock"}},
                        {});
  EXPECT_EQ(Json::parse(daemon_.get("/api/config")->reply.body()),
            Json::parse(R"({"file":"/etc/hailstone/hailstone.toml","settings":{)"
                        R"("threads":{"value":"3","source":"flag --threads"},)"
                        R"("api_key":{"value":"***","source":"default"
}
},)"
                        R"("kernel_lacks":["no Landlock"]})"));
}

TEST_F(System, IsDegradedWhileItIsTooHot) {
  host_.sample([] { return std::vector<core::Thermometer>{{"chip", {90}}}; });
  Json health = Json::parse(daemon_.get("/api/health")->reply.body());
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["host"]["heat"], "hot");
  EXPECT_EQ(health["host"]["temperature_c"], 90);
  EXPECT_THAT(health["reasons"][0].get<std::string>(), HasSubstr("90.0"));
  const Json machine = Json::parse(daemon_.get("/api/list-resources")->reply.body())["machine"];
  EXPECT_EQ(machine["thermometers"][0]["name"], "chip");
  host_.sample([] { return std::vector<core::Thermometer>{{"chip", {50}}}; });
  health = Json::parse(daemon_.get("/api/health")->reply.body());
  EXPECT_EQ(health["status"], "ok");
}

TEST_F(System, ListsWhatEachModelHolds) {
  daemon_.files.add({.settings = {{"footprint_mb", "3"}}});
  const auto lease =
      daemon_.models.acquire(daemon_.models.choose("echo", {}), std::chrono::minutes(5), {});
  const Json reply = Json::parse(daemon_.get("/api/list-resources")->reply.body());
  ASSERT_THAT(reply["models"], SizeIs(1));
  EXPECT_EQ(reply["models"][0]["leases"], 1);
  EXPECT_EQ(reply["models"][0]["host_bytes"], 3 << 20);
  EXPECT_EQ(reply["total"]["host_bytes"], 3 << 20);
  EXPECT_GT(reply["daemon"]["host_bytes"], 0);
  EXPECT_GT(reply["machine"]["total_bytes"], reply["machine"]["available_bytes"]);
}

TEST_F(System, MetricsAreInPrometheusFormat) {
  daemon_.metrics.counter("hailstone_test_total", "help").add();
  const auto answer = daemon_.get("/metrics");
  EXPECT_EQ(answer->reply.content_type(), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(answer->reply.body(), HasSubstr("# TYPE hailstone_test_total counter"));
}

}  // namespace
}  // namespace hailstone::status
