// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/registry/testing/registry_double.hpp"
#include "services/library/library/routes.hpp"
#include "services/library/library/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::library {
namespace {

using Json = nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

class CreateFromRegistry : public ::testing::Test {
 protected:
  CreateFromRegistry() { add_library_routes(daemon_.router, service_); }

  /// The steps that were told, and the error if one ended them.
  std::vector<std::string> create(const Json& body) {
    std::vector<std::string> out;
    const auto answer = daemon_.post("/api/create", body.dump());
    for (const auto& piece : answer->reply.pieces()) out.push_back(Json::parse(piece)["status"]);
    if (answer->error) out.emplace_back(answer->message());
    return out;
  }
  bool has(const std::string& name) {
    return daemon_.store.find(core::parse_model_name(name)).has_value();
  }

  core::testing::RegistryDouble double_;
  test_support::FakeDaemon daemon_;
  core::StoreWriter writer_{daemon_.store};
  core::Registry registry_{writer_, {}};
  LibraryService service_{daemon_.models, writer_, registry_, {}};
};

TEST_F(CreateFromRegistry, FetchesWhatIsNotThereAndGoesOn) {
  const std::string base = double_.add_model("me/base:latest", "weights of the base");
  const auto said = create({{"model", "child"}, {"from", base}, {"system", "Be brief."}});
  EXPECT_EQ(said.front(), "pulling manifest");
  EXPECT_THAT(said, IsSupersetOf({"verifying sha256 digest", "writing manifest"}));
  EXPECT_THAT(said, Contains(StartsWith("using existing layer sha256:")));
  EXPECT_THAT(said, Contains("success").Times(1));
  EXPECT_EQ(said.back(), "success");
  EXPECT_TRUE(has(base));
  const auto child = daemon_.store.require("child");
  EXPECT_EQ(core::read_layer(*child.find_layer("system")), "Be brief.");
  EXPECT_EQ(child.find_layer("model")->digest, "sha256:" + core::sha256_hex("weights of the base"));
}

TEST_F(CreateFromRegistry, AsksNobodyForWhatIsThere) {
  const std::string base = double_.add_model("me/base:latest", "weights");
  create({{"model", "one"}, {"from", base}});
  const auto asked = double_.stats()["requests"].size();
  EXPECT_EQ(create({{"model", "two"}, {"from", base}}).back(), "success");
  EXPECT_EQ(double_.stats()["requests"].size(), asked);
}

TEST_F(CreateFromRegistry, SaysWhatTheRegistrySaysOfAModelThatNobodyHas) {
  EXPECT_EQ(create({{"model", "child"}, {"from", double_.host() + "/me/nothing"}}).back(),
            "pull model manifest: file does not exist");
  EXPECT_FALSE(has("child"));
}

TEST_F(CreateFromRegistry, AFaultInTheNewNameIsToldBeforeAnythingIsFetched) {
  const std::string base = double_.add_model("me/base:latest", "weights");
  EXPECT_EQ(create({{"model", "../x"}, {"from", base}}).back(), "invalid model name");
  EXPECT_FALSE(has(base));
}

/// YOLOv8's table for 32 x 32 pixels, all of its 21 rows with that score, as the fake says it.
std::string network_config(const std::string& score) {
  std::string values;
  for (const std::string& value : {std::string("16"), std::string("16"), std::string("8"),
                                   std::string("8"), std::string("0.1"), score}) {
    for (int i = 0; i < 21; ++i) values += " " + value;
  }
  const Json input{{"width", 32}, {"height", 32}, {"layout", "nchw"}};
  const Json settings{{"outputs", "output0[1,6,21]=" + values}, {"input", input}};
  return Json{
      {"model_format", "onnx"},
      {"hailstone",
       {{"task", "detect"}, {"engine", "fake"}, {"decoder", "yolov8"}, {"settings", settings}}}}
      .dump();
}

class PullOfANetwork : public CreateFromRegistry {
 protected:
  /// The steps of the pull, and the error if one ended them.
  std::vector<std::string> pull(const std::string& score) {
    const auto config = double_.add_blob("application/x-config", network_config(score));
    const auto net = double_.add_blob("application/vnd.ollama.image.model", "a network");
    const auto name = double_.add_manifest("me/net:latest", core::make_manifest(config, {net}));
    std::vector<std::string> out;
    const auto answer = daemon_.post("/api/pull", Json{{"model", name}}.dump());
    for (const auto& piece : answer->reply.pieces()) out.push_back(Json::parse(piece)["status"]);
    if (answer->error) out.emplace_back(answer->message());
    return out;
  }
  std::string name() const { return double_.host() + "/me/net:latest"; }
};

TEST_F(PullOfANetwork, RunsItOnceBeforeItIsListed) {
  const auto said = pull("0.9");
  EXPECT_THAT(said, Contains("trying the network"));
  EXPECT_EQ(said.back(), "success");
  EXPECT_TRUE(has(name()));
}

TEST_F(PullOfANetwork, ThatDoesNotAnswerAsItShouldIsRefusedAndReplacesNothing) {
  EXPECT_THAT(pull("7").back(), HasSubstr("does not answer as one for detect with the decoder"));
  EXPECT_FALSE(has(name()));
  ASSERT_EQ(pull("0.9").back(), "success");
  const auto good = daemon_.store.require(name()).config->digest;
  EXPECT_THAT(pull("7").back(), HasSubstr("does not answer"));
  EXPECT_EQ(daemon_.store.require(name()).config->digest, good);
}

}  // namespace
}  // namespace hailstone::library
