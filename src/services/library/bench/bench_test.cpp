// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "services/library/bench/routes.hpp"
#include "services/library/bench/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::bench {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;
using Settings = std::map<std::string, std::string>;

class BenchTest : public testing::Test {
 protected:
  BenchTest() { add_bench_routes(daemon_.router, service_); }

  void add(const std::string& name, const std::string& engine, const std::string& task,
           Settings settings = {}) {
    test_support::TestModel model;
    model.name = name;
    model.engine = engine;
    model.task = task;
    model.settings = std::move(settings);
    daemon_.files.add(model);
  }

  Result measure(const Task& task) {
    return service_.measure(
        task, [this](const Progress& progress) { progress_.push_back(progress); }, {});
  }
  core::Speed speed_of(const std::string& model) {
    return measure({model, "", 0, Scope::kOne}).rows.at(0).measurement.value().speed.value();
  }
  /// The lines of POST /api/bench.
  std::vector<Json> post(const std::string& body) {
    std::vector<Json> out;
    const auto answer = daemon_.post("/api/bench", body);
    for (const auto& line : split(answer->reply.body(), '\n')) {
      if (!line.empty()) out.push_back(Json::parse(line));
    }
    return out;
  }

  const test_support::TempStore folder_;
  core::Measurements measurements_{folder_.root() / "measurements.json", "box"};
  test_support::FakeDaemon daemon_{{0, 0, &measurements_},
                                   engines::fake::make_fake_engine("other")};
  BenchService service_{daemon_.models, measurements_, {folder_.root()}};
  std::vector<Progress> progress_;
};

TEST_F(BenchTest, MeasuresEachKindOfModelInItsOwnUnit) {
  const std::pair<const char*, core::SpeedKind> kinds[] = {
      {"chat", core::SpeedKind::kTokens},         {"embed", core::SpeedKind::kPromptTokens},
      {"detect", core::SpeedKind::kRuns},         {"ocr", core::SpeedKind::kRuns},
      {"transcribe", core::SpeedKind::kAudio},    {"speak", core::SpeedKind::kAudio},
      {"rerank", core::SpeedKind::kPromptTokens},
  };
  for (const auto& [task, kind] : kinds) {
    add(task, "fake", task);
    const auto speed = speed_of(task);
    EXPECT_EQ(speed.kind, kind) << task;
    EXPECT_EQ(speed.runs, std::string(task) == "detect" ? 20 : 3);
    EXPECT_GT(speed.per_second, 0);
    EXPECT_LE(speed.median, speed.p90);
  }
}

TEST_F(BenchTest, AFigureIsWhatTheModelTakes) {
  add("slow", "fake", "chat", {{"token_ms", "4"}, {"tokens", "10"}, {"prompt_ms", "20"}});
  const auto speed = speed_of("slow");
  EXPECT_GE(speed.median, std::chrono::milliseconds(60));
  EXPECT_LE(speed.per_second, 250);
  EXPECT_GT(*speed.prompt_per_second, 0);
  EXPECT_LE(*speed.prompt_per_second, 129 / 0.02);
}

TEST_F(BenchTest, AModelWithOneSessionIsMeasuredWhateverItIsFor) {
  for (const std::string session : {"text", "tensor", "hear", "say", "read"}) {
    add(session, "fake", "upscale", {{"sessions", session}});
    EXPECT_GT(speed_of(session).per_second, 0) << session;
  }
}

TEST_F(BenchTest, APictureHasTheSizeOfTheManifest) {
  add("net", "fake", "detect", {{"input", R"({"width":64,"height":32})"}});
  EXPECT_GT(speed_of("net").per_second, 0);
}

TEST_F(BenchTest, TellsOfEachRunAndLeavesTheMemoryAsItWas) {
  add("net", "fake", "detect");
  const auto result = measure({"net", "", 2, Scope::kOne});
  ASSERT_THAT(progress_, SizeIs(4));
  EXPECT_EQ(progress_[0].status, "loading net:latest");
  EXPECT_EQ(progress_[3].status, "measuring net:latest");
  EXPECT_EQ(progress_[3].run, 2);
  EXPECT_TRUE(result.rows[0].is_new);
  EXPECT_TRUE(result.rows[0].measurement->load_time);
  EXPECT_THAT(daemon_.runtime.residents(), SizeIs(0));
  { const auto lease = daemon_.models.acquire(daemon_.models.choose("net", {}), {}, {}); }
  measure({"net", "", 1, Scope::kOne});
  EXPECT_THAT(daemon_.runtime.residents(), SizeIs(1));
}

TEST_F(BenchTest, TheFasterVariantIsTakenFromThenOn) {
  add("net:fake", "fake", "detect", {{"prompt_ms", "30"}});
  add("net:other", "other", "detect");
  EXPECT_EQ(daemon_.models.choose("net", {}).name, "net:fake");
  const auto result = measure({"net", "", 2, Scope::kAll});
  ASSERT_THAT(result.rows, SizeIs(2));
  EXPECT_EQ(result.model, "net:latest");
  EXPECT_FALSE(result.rows[0].is_chosen);
  EXPECT_TRUE(result.rows[1].is_chosen);
  EXPECT_EQ(daemon_.models.choose("net", {}).name, "net:other");
}

TEST_F(BenchTest, OneVariantMayBeNamedByItsEngine) {
  add("net:fake", "fake", "detect");
  add("net:other", "other", "detect");
  const auto result = measure({"net", "other", 1, Scope::kOne});
  EXPECT_FALSE(result.rows[0].is_new);
  EXPECT_TRUE(result.rows[1].is_new);
  try {
    measure({"net", "hailo", 1, Scope::kOne});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_EQ(error.detail(), "installed: fake, other");
  }
  EXPECT_THROW(measure({"nothing", "", 1, Scope::kOne}), Error);
}

TEST_F(BenchTest, AVariantThatFailsDoesNotHideTheOthers) {
  add("net:fake", "fake", "detect", {{"refuse_load", "no memory"}});
  add("net:other", "other", "detect");
  const auto result = measure({"net", "", 1, Scope::kAll});
  EXPECT_THAT(result.rows[0].failure, HasSubstr("no memory"));
  EXPECT_TRUE(result.rows[1].is_new);
  EXPECT_THROW(measure({"net:fake", "", 1, Scope::kOne}), Error);
}

TEST_F(BenchTest, AModelThatGeneratesNothingHasNoSpeed) {
  add("mute", "fake", "chat", {{"reply", ""}});
  try {
    measure({"mute", "", 1, Scope::kOne});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  }
  EXPECT_THAT(measurements_.list(), SizeIs(0));
}

TEST_F(BenchTest, VariantsOfTheCatalogueThatAreNotInstalledAreNamed) {
  std::ofstream(folder_.root() / "mine.toml") << R"([[model]]
name = "net"
task = "detect"
licence = "MIT"
variant = [
  { engine = "fake", format = "onnx", file = [{ url = "https://example.com/e", size = 5 }] },
  { engine = "hailo", format = "hef", file = [{ url = "https://example.com/y" }] },
]
)";
  add("net:fake", "fake", "detect");
  const auto result = measure({"net:fake", "", 1, Scope::kAll});
  ASSERT_THAT(result.missing, SizeIs(1));
  EXPECT_EQ(result.missing[0].engine, "hailo");
  EXPECT_EQ(result.missing[0].model, "net:hailo");
}

TEST_F(BenchTest, StreamsLinesAndListsWhatItKnows) {
  add("net", "fake", "detect");
  const auto lines = post(R"({"model":"net","runs":1})");
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines.front()["status"], "loading net:latest");
  EXPECT_EQ(lines.back()["status"], "success");
  EXPECT_EQ(lines.back()["variants"][0]["speed"]["unit"], "runs/s");
  const Json list = Json::parse(daemon_.get("/api/bench")->reply.body());
  EXPECT_EQ(list["machine"], "box");
  EXPECT_EQ(list["measurements"][0]["model"], "net:latest");
  EXPECT_EQ(daemon_.router.find(http::Method::kPost, "/api/bench").route->lane, Lane::kBatch);
}

TEST_F(BenchTest, AClientThatLeavesEndsIt) {
  add("net", "fake", "detect", {{"prompt_ms", "1"}});
  const auto answer =
      daemon_.call(http::Method::kPost, "/api/bench", R"({"model":"net","runs":1000})", {}, 3);
  ASSERT_TRUE(answer->error);
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
  EXPECT_THAT(measurements_.list(), SizeIs(0));
}

}  // namespace
}  // namespace hailstone::bench
