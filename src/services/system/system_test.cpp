// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/system/routes.hpp"
#include "services/system/service.hpp"
#include "services/system/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::system {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

TEST(HealthWire, IsExact) {
  Health health;
  health.loaded = {"m:latest"};
  health.memory = ByteSize::kib(1536);
  health.engines = {{"llama", {true, ""}, true}, {"hailo", {false, "no device"}, false}};
  health.uptime = std::chrono::seconds(7);
  health.version = "1.2.3";
  EXPECT_EQ(write_health(health),
            R"({"status":"ok","models_loaded":["m:latest"],"memory_used_mb":1.5,"engines":[)"
            R"({"name":"llama","usable":true,"needed":true},)"
            R"({"name":"hailo","usable":false,"needed":false,"reason":"no device"}],)"
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
  resources.daemon = ByteSize::bytes(7);
  resources.machine_total = ByteSize::bytes(100);
  resources.machine_available = ByteSize::bytes(50);
  EXPECT_EQ(write_resources(resources),
            R"({"models":[{"name":"m:latest","engine":"llama","host_bytes":10,"npu_bytes":5,)"
            R"("context_length":2048,"leases":2,"loading":false,"expires_at":null}],)"
            R"("total":{"host_bytes":10,"npu_bytes":5},"daemon":{"host_bytes":7},)"
            R"("machine":{"total_bytes":100,"available_bytes":50}})");
}

class System : public testing::Test {
 protected:
  System() { add_system_routes(daemon_.router, service_); }

  test_support::FakeDaemon daemon_;
  std::optional<std::string> not_ready_;
  SystemService service_{daemon_.store, daemon_.runtime, daemon_.metrics, "1.2.3",
                         [this] { return not_ready_; }};
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
}  // namespace hailstone::system
