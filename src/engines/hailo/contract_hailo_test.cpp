// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/testing/stand_in.hpp"
#include "inference/contract_test.hpp"

// In the host that all models share, as hailstone serve runs it, with the stand-in for the chip.

namespace hailstone::inference {
namespace {

namespace hailo = engines::hailo;

ContractSetup hosted_setup() {
  ContractSetup setup;
  setup.name = "Hailo";
  setup.make_engine = [] { return hailo::make_hosted_stand_in(); };
  setup.text = hailo::stand_in_model("llm", "kind = llm\ntoken_ms = 1\nload_ms = 5\n");
  setup.tensor = hailo::stand_in_model("detector", hailo::kDetector);
  setup.networks = setup.tensor;
  setup.networks->networks["recogniser"] =
      hailo::stand_in_model("reader", "input = strip 48 320 3 uint8\noutput = text 1 40 97 uint8\n")
          .weights;
  setup.hear = hailo::stand_in_model("ears", "kind = whisper\nsecond_ms = 1\n");
  setup.has_own_process = true;
  setup.process_stays = true;
  setup.has_logprobs = false;
  return setup;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Hailo, EngineContract, testing::Values(hosted_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Hailo, TextContract, testing::Values(hosted_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Hailo, ProcessContract, testing::Values(hosted_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Hailo, TensorContract, testing::Values(hosted_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Hailo, NetworksContract, testing::Values(hosted_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Hailo, HearContract, testing::Values(hosted_setup()), contract_name);

}  // namespace hailstone::inference
