// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The contract test: what every engine must do, run on the fake in and out of process, and on each
// real engine with a real model. To use it: one *_test.cpp of the engine includes this header and
// says
//
//   INSTANTIATE_TEST_SUITE_P(Llama, EngineContract, testing::Values(setup), contract_name);
//   INSTANTIATE_TEST_SUITE_P(Llama, TextContract, testing::Values(setup), contract_name);
//   INSTANTIATE_TEST_SUITE_P(Llama, ProcessContract, testing::Values(setup), contract_name);
//
// inside namespace hailstone::inference. ProcessContract is for engines out of our process,
// TensorContract, NetworksContract, HearContract, SayContract, ReadContract and CallContract for
// engines that have such sessions. No test expects a certain text.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/engine.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "support/child_processes.hpp"

namespace hailstone::inference {

using test_support::child_processes;
using test_support::comes_true;

struct ContractSetup {
  std::string name;  ///< letters and digits
  std::function<std::unique_ptr<Engine>()> make_engine;
  /// Models by what they are used for; the same spec may stand in several. A text model must be
  /// able to say at least some ten tokens.
  std::optional<ModelSpec> text;
  std::optional<ModelSpec> embedding;
  std::optional<ModelSpec> ranking;
  std::optional<ModelSpec> tensor;
  std::optional<ModelSpec> networks;  ///< has further ones
  std::optional<ModelSpec> hear;
  std::optional<ModelSpec> say;
  std::optional<ModelSpec> read;
  std::optional<ModelSpec> call;  ///< has the method "echo"
  LoadOptions options;
  /// Each model is a child process of ours.
  bool has_own_process = false;
  bool has_logprobs = true;
  /// That process stays as long as the engine, for the models to come.
  bool process_stays = false;
};

inline std::string contract_name(const testing::TestParamInfo<ContractSetup>& info) {
  return info.param.name;
}

/// GoogleTest looks for this name.
inline void PrintTo(const ContractSetup& setup, std::ostream* out) {  // NOLINT
  *out << setup.name;
}

class EngineContract : public testing::TestWithParam<ContractSetup> {
 protected:
  void SetUp() override {
    engine_ = GetParam().make_engine();
    const Availability availability = engine_->probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }

  std::unique_ptr<Model> load(const ModelSpec& spec) {
    return engine_->load(spec, GetParam().options, RunContext{Deadline::in(kLong), {}});
  }

  /// Throws where the setup has none.
  static ModelSpec any_model() {
    const auto& p = GetParam();
    for (const auto& spec : {p.text, p.embedding, p.tensor, p.hear, p.say, p.read}) {
      if (spec) return *spec;
    }
    throw std::logic_error("the setup has no model");
  }

  /// The code of the Error that action throws.
  template <typename Action>
  static std::optional<ErrorCode> code_of(Action&& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_STRNE(error.what(), "");
      return error.code();
    }
    return std::nullopt;
  }

  static void kill_child_processes() {
    for (const pid_t child : child_processes()) ::kill(child, SIGKILL);
  }

  /// A bound for what should be quick, on a busy machine under a sanitizer too.
  static constexpr std::chrono::seconds kLong{60};
  static constexpr const char* kNothingToTest = "this setup has no model for it";

  std::unique_ptr<Engine> engine_;
};

TEST_P(EngineContract, HasANameAndEstimatesWhatItDescribes) {
  EXPECT_FALSE(engine_->name().empty());
  const ModelSpec spec = any_model();
  EXPECT_NO_THROW(engine_->estimate(spec, GetParam().options));
  const ModelFacts brief = engine_->describe(spec, FactDetail::kBrief);
  EXPECT_FALSE(brief.architecture.empty());
  EXPECT_TRUE(brief.tensors.empty());
  const ModelFacts full = engine_->describe(spec, FactDetail::kFull);
  EXPECT_EQ(full.architecture, brief.architecture);
  EXPECT_EQ(full.parameters, brief.parameters);
  EXPECT_EQ(full.capabilities, brief.capabilities);
}

TEST_P(EngineContract, AMissingFileIsNotFound) {
  ModelSpec spec = any_model();
  spec.weights = testing::TempDir() + "no-such-model.bin";
  EXPECT_EQ(code_of([&] { engine_->estimate(spec, {}); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { engine_->describe(spec, FactDetail::kFull); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { load(spec); }), ErrorCode::kNotFound);
}

TEST_P(EngineContract, ABrokenFileIsABadRequest) {
  ModelSpec spec = any_model();
  spec.weights = testing::TempDir() + "broken-" + GetParam().name + std::to_string(::getpid());
  std::ofstream(spec.weights) << "broken: neither this nor any other engine's format";
  EXPECT_EQ(code_of([&] { engine_->describe(spec, FactDetail::kBrief); }), ErrorCode::kBadRequest);
  EXPECT_EQ(code_of([&] { load(spec); }), ErrorCode::kBadRequest);
  std::filesystem::remove(spec.weights);
}

TEST_P(EngineContract, ALoadIsCalledOff) {
  const ModelSpec spec = any_model();
  const RunContext late{Deadline::in(std::chrono::seconds(-1)), {}};
  EXPECT_EQ(code_of([&] { engine_->load(spec, GetParam().options, late); }), ErrorCode::kTimeout);
  std::stop_source stop;
  stop.request_stop();
  const RunContext stopped{Deadline::never(), stop.get_token()};
  EXPECT_EQ(code_of([&] { engine_->load(spec, GetParam().options, stopped); }),
            ErrorCode::kCancelled);
  EXPECT_TRUE(comes_true([] { return child_processes().empty(); }));
}

TEST_P(EngineContract, AModelLivesUntilItIsDestroyedAndLeavesNoProcess) {
  const ModelSpec spec = any_model();
  auto model = load(spec);
  EXPECT_TRUE(model->alive());
  EXPECT_NO_THROW(model->footprint());
  if (GetParam().has_own_process) {
    EXPECT_GT(model->footprint().host, ByteSize());
    EXPECT_FALSE(child_processes().empty());
  }
  model.reset();
  if (GetParam().process_stays) engine_.reset();
  EXPECT_TRUE(comes_true([] { return child_processes().empty(); }));
}

}  // namespace hailstone::inference

#include "inference/contract_media.hpp"
#include "inference/contract_text.hpp"
