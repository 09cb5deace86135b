// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// A fake that lies is caught here: it passes the same contract as the real engines, in our process
// and in a host.

#include "engines/fake/engine.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

ContractSetup make_setup(std::string name) {
  ModelSpec spec;
  spec.name = "tiny";
  spec.engine = "fake";
  spec.settings = {{"token_ms", "1"}};
  ContractSetup setup;
  setup.name = std::move(name);
  setup.text = setup.embedding = setup.ranking = setup.tensor = setup.hear = setup.say =
      setup.read = setup.call = spec;
  ModelSpec pair = spec;
  pair.networks = {{"recogniser", ""}};
  pair.settings["shape.recogniser"] = "4,8,3";
  setup.networks = pair;
  return setup;
}

ContractSetup in_process() {
  ContractSetup setup = make_setup("InProcess");
  setup.make_engine = [] { return engines::fake::make_fake_engine(); };
  return setup;
}

ContractSetup hosted(std::string name, hosting::HostScope scope) {
  ContractSetup setup = make_setup(std::move(name));
  setup.has_own_process = scope == hosting::HostScope::kPerModel;
  setup.make_engine = [scope] {
    const hosting::HostCommand command{{HAILSTONE_HOST_FAKE}, hosting::host_environment()};
    return std::make_unique<hosting::HostedEngine>("fake", command, scope);
  };
  return setup;
}

const auto kSetups = testing::Values(in_process(), hosted("Hosted", hosting::HostScope::kPerModel));

INSTANTIATE_TEST_SUITE_P(Fake, EngineContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, TextContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, TensorContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, NetworksContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, HearContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, SayContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, ReadContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, CallContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Fake, ProcessContract,
                         testing::Values(hosted("Hosted", hosting::HostScope::kPerModel)),
                         contract_name);

// One host for all models stays when a model goes; the rest of the contract is the same.
const auto kShared = testing::Values(hosted("SharedHost", hosting::HostScope::kShared));

INSTANTIATE_TEST_SUITE_P(FakeShared, TextContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, TensorContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, NetworksContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, HearContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, SayContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, ReadContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, CallContract, kShared, contract_name);
INSTANTIATE_TEST_SUITE_P(FakeShared, ProcessContract, kShared, contract_name);

}  // namespace
}  // namespace hailstone::inference
