// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/model_access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_daemon.hpp"

namespace hailstone::services {
namespace {

using test_support::FakeDaemon;
using testing::ElementsAre;
using testing::HasSubstr;

ErrorCode code_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

TEST(ModelAccess, FindsAModelHoweverItIsWritten) {
  FakeDaemon daemon;
  daemon.files.add({.name = "Echo:1b"});
  for (const char* text : {"Echo:1b", "echo:1B", "library/echo:1b"}) {
    EXPECT_EQ(daemon.models.choose(text, {}).name, "Echo:1b") << text;
  }
  EXPECT_EQ(code_of([&] { daemon.models.choose("echo", {}); }), ErrorCode::kNotFound);
}

TEST(ModelAccess, RefusesNamesThatAreNone) {
  FakeDaemon daemon;
  for (const char* text : {"../../etc/passwd", "/etc/passwd", "a/../b", "a b", "", "%2e%2e"}) {
    EXPECT_EQ(code_of([&] { daemon.models.choose(text, {}); }), ErrorCode::kBadRequest) << text;
  }
}

TEST(ModelAccess, PutsTheRequestOverTheManifestOverTheDefaults) {
  FakeDaemon daemon;
  daemon.files.add({.layers = {{"params", R"({"temperature":0.1,"top_k":3,"stop":["x"]})"}}});
  ModelOptions asked;
  asked.sampling.temperature = 0.9;
  const auto model = daemon.models.choose("echo", asked);
  EXPECT_EQ(model.options.sampling.temperature, 0.9);
  EXPECT_EQ(model.options.sampling.top_k, 3);
  EXPECT_EQ(model.options.sampling.top_p, 0.9);
  EXPECT_THAT(model.options.stop.value(), ElementsAre("x"));
}

TEST(ModelAccess, TellsCapabilitiesByTheStoresTemplate) {
  using inference::Capability;
  FakeDaemon daemon;
  daemon.files.add({.settings = {{"capabilities", "completion,thinking"}},
                    .layers = {{"template", "{{ .System }}{{ .Prompt }}{{ .Tools }}"}}});
  const auto model = daemon.models.choose("echo", {});
  EXPECT_THAT(model.facts->capabilities, ElementsAre(Capability::kCompletion, Capability::kTools));
  EXPECT_THAT(daemon.models.find_facts(model.stored)->capabilities,
              ElementsAre(Capability::kCompletion, Capability::kTools));
  ASSERT_NE(model.prompts.made, nullptr);
}

TEST(ModelAccess, KnowsWhyATemplateInTheStoreCannotBeUsed) {
  FakeDaemon daemon;
  daemon.files.add({.layers = {{"template", "a\n{{ if .Prompt }}"}}});
  const auto model = daemon.models.choose("echo", {});
  EXPECT_EQ(model.prompts.made, nullptr);
  EXPECT_THAT(model.prompts.fault, HasSubstr("line 2"));
}

TEST(ModelAccess, LeavesPromptsToEnginesThatMakeThem) {
  FakeDaemon daemon;
  daemon.files.add({});
  const auto model = daemon.models.choose("echo", {});
  EXPECT_EQ(model.prompts.made, nullptr);
  EXPECT_EQ(model.prompts.fault, "");
}

TEST(ModelAccess, GivesTheEngineItsFilesAndSettings) {
  FakeDaemon daemon;
  daemon.files.add(
      {.settings = {{"reply", "yes"}},
       .layers = {{"projector", "p"}, {"adapter", "a"}, {"adapter", "b"}, {"recogniser", "r"}}});
  const auto spec = make_spec(daemon.models.choose("echo", {}).stored);
  EXPECT_EQ(spec.name, "echo:latest");
  EXPECT_EQ(spec.engine, "fake");
  EXPECT_TRUE(std::filesystem::exists(spec.weights));
  EXPECT_EQ(spec.projectors.size(), 1U);
  EXPECT_EQ(spec.adapters.size(), 2U);
  EXPECT_TRUE(std::filesystem::exists(spec.networks.at("recogniser")));
  EXPECT_EQ(spec.settings.at("reply"), "yes");
}

TEST(ModelAccess, AModelWithoutAnEngineIsRefusedByName) {
  core::StoredModel stored;
  stored.name.model = "odd";
  try {
    make_spec(stored);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("odd:latest"));
    EXPECT_THAT(error.what(), HasSubstr("no engine"));
  }
}

TEST(ModelAccess, TheOperatorsContextHoldsWhereNobodyNamesAnother) {
  FakeDaemon daemon({.context_length = 512});
  daemon.files.add({});
  const auto options_after = [&](std::optional<int> num_ctx) {
    ModelOptions asked;
    asked.num_ctx = num_ctx;
    daemon.models.acquire(daemon.models.choose("echo", asked), std::nullopt, {});
    return daemon.runtime.residents().at(0).options;
  };
  EXPECT_EQ(options_after(std::nullopt).context_length, 512);
  EXPECT_EQ(options_after(1024).context_length, 1024);
  EXPECT_EQ(options_after(1 << 30).context_length, 2048) << "what the model was trained for";
}

TEST(ModelAccess, NoRequestGetsMoreThreadsThanThereAreCores) {
  FakeDaemon daemon;
  daemon.files.add({});
  ModelOptions asked;
  asked.num_thread = 1 << 20;
  daemon.models.acquire(daemon.models.choose("echo", asked), std::nullopt, {});
  EXPECT_LE(daemon.runtime.residents().at(0).options.threads, 4096);
}

TEST(ModelAccess, KeepsFactsAndForgetsThemWithTheDigest) {
  FakeDaemon daemon;
  daemon.files.add({.settings = {{"architecture", "one"}}});
  const auto first = daemon.models.choose("echo", {});
  EXPECT_EQ(first.facts->architecture, "one");
  EXPECT_EQ(daemon.models.choose("echo", {}).facts, first.facts);
  daemon.files.add({.settings = {{"architecture", "another"}}});
  EXPECT_EQ(daemon.models.choose("echo", {}).facts->architecture, "another");
}

TEST(ModelAccess, HasNoFactsOfAModelThatCannotBeRead) {
  FakeDaemon daemon;
  daemon.files.add({.name = "broken", .weights = "broken"});
  daemon.files.add({.name = "foreign", .engine = "elsewhere"});
  for (const auto& stored : daemon.store.list()) {
    EXPECT_EQ(daemon.models.find_facts(stored), nullptr) << stored.name.display();
    EXPECT_EQ(daemon.models.find_projector_facts(stored), nullptr);
  }
  EXPECT_EQ(code_of([&] { daemon.models.choose("broken", {}); }), ErrorCode::kBadRequest);
  EXPECT_EQ(code_of([&] { daemon.models.choose("foreign", {}); }), ErrorCode::kEngineFailed);
}

TEST(ModelAccess, WarnsOfAnUnknownOptionOnce) {
  FakeDaemon daemon;
  daemon.files.add({});
  ModelOptions asked;
  asked.unknown = {"mirostat"};
  testing::internal::CaptureStderr();
  daemon.models.choose("echo", asked);
  daemon.models.choose("echo", asked);
  const std::string log = testing::internal::GetCapturedStderr();
  const auto first = log.find("mirostat");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("mirostat", first + 1), std::string::npos);
}

}  // namespace
}  // namespace hailstone::services
