// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The contract of all engines, with a real llama-server: on a model that the test writes, on the
// starter model, and on a downloaded one where there is any.

#include <cstdlib>

#include "engines/llama/engine.hpp"
#include "engines/llama/testing/micro_gguf.hpp"
#include "engines/llama/testing/micro_reranker.hpp"
#include "engines/llama/testing/real_server.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

namespace llama = engines::llama;

ModelSpec spec_of(const std::filesystem::path& weights) {
  ModelSpec spec;
  spec.name = weights.stem();
  spec.engine = "llama";
  spec.weights = weights;
  return spec;
}

ContractSetup setup_of(std::string name) {
  ContractSetup setup;
  setup.name = std::move(name);
  setup.has_own_process = true;
  setup.make_engine = [] { return llama::make_llama_engine(llama::testing::real_server()); };
  return setup;
}

ContractSetup micro() {
  static const llama::testing::TempFile text("text.gguf", llama::testing::micro_gguf());
  static const llama::testing::TempFile embedding("embedding.gguf",
                                                  llama::testing::micro_gguf({.pooling = 1}));
  ContractSetup setup = setup_of("Micro");
  setup.text = spec_of(text.path());
  setup.embedding = spec_of(embedding.path());
  static const llama::testing::TempFile ranking("ranking.gguf", llama::testing::micro_reranker());
  setup.ranking = spec_of(ranking.path());
  return setup;
}

std::vector<ContractSetup> setups() {
  std::vector<ContractSetup> result = {micro()};
  const std::filesystem::path starter = HAILSTONE_STARTER_CHAT;
  if (std::filesystem::exists(starter)) {
    result.push_back(setup_of("Starter"));
    result.back().text = result.back().embedding = spec_of(starter);
  }
  if (const char* assets = std::getenv("HAILSTONE_TEST_ASSETS")) {
    const auto stories = std::filesystem::path(assets) / "models/llm/stories260K-f32.gguf";
    if (std::filesystem::exists(stories)) {
      result.push_back(setup_of("Stories"));
      result.back().text = result.back().embedding = spec_of(stories);
    }
  }
  return result;
}

const auto kSetups = testing::ValuesIn(setups());

INSTANTIATE_TEST_SUITE_P(Llama, EngineContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Llama, TextContract, kSetups, contract_name);
INSTANTIATE_TEST_SUITE_P(Llama, ProcessContract, kSetups, contract_name);

}  // namespace
}  // namespace hailstone::inference
