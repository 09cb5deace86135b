// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/measurements/measurements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "core/measurements/machine.hpp"
#include "core/measurements/wire.hpp"
#include "support/temp_store.hpp"

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

const Speed kSpeed{SpeedKind::kTokens, 12.5, 80.25, 640ms, 700ms, 3};
const inference::Footprint kMemory{ByteSize::mib(40), ByteSize::mib(2)};

MeasuredModel model(const std::string& name = "m:onnx") {
  return {name, "abc", "onnx", "1.2"};
}

class MeasurementsTest : public testing::Test {
 protected:
  Measurements open(const std::string& machine = "box, 4 cores") const {
    return Measurements(file(), machine);
  }
  std::filesystem::path file() const { return folder_.root() / "measurements.json"; }

  const test_support::TempStore folder_;
};

TEST_F(MeasurementsTest, KeepsWhatItWasToldOverARestart) {
  {
    Measurements measurements = open();
    measurements.note_load(model(), 1500ms);
    measurements.note_speed(model(), kSpeed, kMemory);
  }
  const auto found = open().find(model());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->load_time, 1500ms);
  EXPECT_EQ(found->speed, kSpeed);
  EXPECT_EQ(found->memory, kMemory);
}

TEST_F(MeasurementsTest, AFigureOfAnythingElseDoesNotCount) {
  open().note_speed(model(), kSpeed, kMemory);
  const Measurements same = open();
  MeasuredModel other = model();
  other.digest = "def";
  EXPECT_FALSE(same.find(other));
  other = model();
  other.engine_version = "1.3";
  EXPECT_FALSE(same.find(other));
  other = model();
  other.engine = "hailo";
  EXPECT_FALSE(same.find(other));
  EXPECT_FALSE(open("another box").find(model()));
  EXPECT_THAT(open("another box").list(), SizeIs(0));
  EXPECT_TRUE(open().find(model())) << "what another machine has looked at is still there";
}

TEST_F(MeasurementsTest, ANewContentReplacesTheOldOne) {
  Measurements measurements = open();
  measurements.note_speed(model(), kSpeed, kMemory);
  MeasuredModel newer = model();
  newer.digest = "def";
  measurements.note_load(newer, 1s);
  EXPECT_THAT(measurements.list(), SizeIs(1));
  EXPECT_FALSE(measurements.find(newer)->speed);
}

TEST_F(MeasurementsTest, ForgetsByName) {
  Measurements measurements = open();
  measurements.note_load(model("a:latest"), 1s);
  measurements.note_load(model("b:latest"), 1s);
  measurements.forget("a:latest");
  measurements.forget("c:latest");
  EXPECT_FALSE(open().find(model("a:latest")));
  EXPECT_TRUE(open().find(model("b:latest")));
}

TEST_F(MeasurementsTest, ALoadThatTookAboutAsLongIsNotWrittenAgain) {
  Measurements measurements = open();
  measurements.note_load(model(), 1000ms);
  measurements.note_load(model(), 1100ms);
  EXPECT_EQ(open().find(model())->load_time, 1000ms);
  measurements.note_load(model(), 400ms);
  EXPECT_EQ(open().find(model())->load_time, 400ms);
}

TEST_F(MeasurementsTest, OfTooManyTheOldestGo) {
  {
    std::vector<Measurement> many(Measurements::kMost);
    for (std::size_t i = 0; i < many.size(); ++i) {
      many[i].model = model("m" + std::to_string(i) + ":latest");
      many[i].machine = "box, 4 cores";
    }
    std::ofstream(file()) << write_measurements(many);
  }
  Measurements measurements = open();
  measurements.note_load(model("m0:latest"), 1s);  // the newest now
  measurements.note_load(model("new:latest"), 1s);
  EXPECT_THAT(measurements.list(), SizeIs(Measurements::kMost));
  EXPECT_TRUE(measurements.find(model("m0:latest")));
  EXPECT_FALSE(measurements.find(model("m1:latest")));
}

TEST_F(MeasurementsTest, ABrokenFileIsSetAside) {
  std::ofstream(file()) << "{\"format\":1,";
  Measurements measurements = open();
  EXPECT_THAT(measurements.list(), SizeIs(0));
  EXPECT_TRUE(std::filesystem::exists(file().native() + ".bad"));
  measurements.note_load(model(), 1s);
  EXPECT_TRUE(open().find(model()));
}

TEST_F(MeasurementsTest, AFolderThatCannotBeWrittenIsNoFailure) {
  Measurements measurements("/proc/no/such/folder/m.json", "box");
  measurements.note_load(model(), 1s);
  EXPECT_TRUE(measurements.find(model()));
}

TEST_F(MeasurementsTest, WhatAKilledProcessHasLeftIsNoObstacle) {
  std::ofstream(file().native() + ".new") << "half";
  open().note_load(model(), 1s);
  EXPECT_TRUE(open().find(model()));
}

TEST_F(MeasurementsTest, SeveralThreadsLoseNothing) {
  Measurements measurements = open();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&measurements, i] {
        for (int k = 0; k < 5; ++k) {
          measurements.note_load(model(std::to_string(i) + ":" + std::to_string(k)), 1s);
        }
      });
    }
  }
  EXPECT_THAT(open().list(), SizeIs(40));
}

TEST(MeasurementsWire, RefusesFiguresThatNothingCanHave) {
  const auto parse = [](std::string what, const std::string& with) {
    Measurement measurement;
    measurement.model = model();
    measurement.speed = kSpeed;
    std::string text = write_measurements({measurement});
    EXPECT_EQ(parse_measurements(text), std::vector{measurement});
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
    return parse_measurements(text);
  };
  EXPECT_THROW(parse("12.5", "0"), Error);
  EXPECT_THROW(parse("12.5", "-1"), Error);
  EXPECT_THROW(parse("12.5", "\"fast\""), Error);
  EXPECT_THROW(parse("640000", "1e30"), Error);
  EXPECT_THROW(parse("640000", "9223372036854775807"), Error);
  EXPECT_THROW(parse("\"format\": 1", "\"format\": 2"), Error);
  EXPECT_THROW(parse("tokens/s", "parsecs"), Error);
  EXPECT_THROW(parse_measurements("[]"), Error);
}

TEST(Machine, IsNamedByItsProcessorOrItsBoard) {
  EXPECT_EQ(processor_in("processor\t: 0\nmodel name\t: AMD EPYC 7B13\nmodel name\t: x\n"),
            "AMD EPYC 7B13");
  EXPECT_EQ(processor_in("processor\t: 0\nCPU part\t: 0xd0b\n\n"
                         "Revision\t: c04170\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"),
            "Raspberry Pi 5 Model B Rev 1.0");
  EXPECT_EQ(processor_in("CPU part\t: 0xd0b\nCPU part\t: 0xd05\n"), "CPU part 0xd05, 0xd0b");
  EXPECT_EQ(processor_in(""), "processor");
  EXPECT_THAT(machine_name(), HasSubstr(" cores"));
}

}  // namespace
}  // namespace hailstone::core
