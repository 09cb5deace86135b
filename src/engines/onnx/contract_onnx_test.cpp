// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The contract of all engines, with the real ONNX Runtime in its host, on networks that the test
// writes.

#include "engines/onnx/testing/real_host.hpp"
#include "formats/testing/micro_onnx.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

namespace onnx = engines::onnx;
namespace micro = formats::testing;
using micro::Type;

ContractSetup setup_of(std::string name, const std::string& bytes) {
  // As long as the tests.
  static std::vector<std::unique_ptr<micro::TempModel>> files;
  files.push_back(std::make_unique<micro::TempModel>("contract-" + name, bytes));
  ModelSpec spec;
  spec.name = name;
  spec.engine = "onnx";
  spec.weights = files.back()->path();
  ContractSetup setup;
  setup.name = std::move(name);
  setup.has_own_process = true;
  setup.make_engine = onnx::testing::make_hosted_onnx;
  setup.tensor = spec;
  setup.options.threads = 1;
  return setup;
}

ContractSetup pair_setup() {
  ContractSetup setup = setup_of("Pair", micro::identity_model(Type::kFloat, {1, 3, 8, 8}));
  const ContractSetup other = setup_of("Other", micro::sum_model({-1, 5}));
  setup.networks = setup.tensor;
  setup.networks->networks["recogniser"] = other.tensor->weights;
  return setup;
}

std::vector<ContractSetup> setups() {
  return {pair_setup(),
          setup_of("Identity", micro::identity_model(Type::kFloat, {1, 3, 8, 8})),
          setup_of("Bytes", micro::identity_model(Type::kUint8, {1, 8, 8, 3})),
          setup_of("Half", micro::identity_model(Type::kHalf, {-1, 3, -1, -1})),
          setup_of("Convolution", micro::convolution_model(8)),
          setup_of("TwoInputs", micro::sum_model({-1, 5}))};
}

const auto kSetups = testing::ValuesIn(setups());

INSTANTIATE_TEST_SUITE_P(Onnx, EngineContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Onnx, TensorContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Onnx, NetworksContract, testing::Values(pair_setup()), contract_name);

TEST(OnnxEngine, WorksWhereTheEngineRuntimeIs) {
  if (!onnx::testing::find_runtime()) GTEST_SKIP() << "there is no engine runtime";
  const auto availability = onnx::testing::make_hosted_onnx()->probe();
  EXPECT_TRUE(availability.usable) << availability.reason;
}

}  // namespace
}  // namespace hailstone::inference
