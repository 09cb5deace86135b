// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The host protocol from the other side, written in another language from its documentation: it
// does what the contract says.

#include "hosting/hosted_engine.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

ContractSetup python_host() {
  ContractSetup setup;
  setup.name = "Python";
  ModelSpec spec;
  spec.name = "upper";
  spec.engine = "upper";
  setup.tensor = setup.hear = setup.call = spec;
  setup.has_own_process = true;
  setup.make_engine = [] {
    hosting::HostCommand command{{"/usr/bin/python3", HAILSTONE_UPPER_HOST},
                                 hosting::host_environment()};
    return std::make_unique<hosting::HostedEngine>("upper", command);
  };
  return setup;
}

const auto kSetup = testing::Values(python_host());

INSTANTIATE_TEST_SUITE_P(Upper, EngineContract, kSetup, contract_name);
INSTANTIATE_TEST_SUITE_P(Upper, TensorContract, kSetup, contract_name);
INSTANTIATE_TEST_SUITE_P(Upper, HearContract, kSetup, contract_name);
INSTANTIATE_TEST_SUITE_P(Upper, CallContract, kSetup, contract_name);

}  // namespace
}  // namespace hailstone::inference
