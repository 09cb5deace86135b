// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "services/library/models/modelfile.hpp"
#include "services/library/models/routes.hpp"
#include "services/library/models/service.hpp"
#include "services/library/models/wire_ollama.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::models {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const WallTime kNow{std::chrono::seconds(1795424400)};  // 2026-11-23T09:00:00Z

core::StoredModel stored_model() {
  core::StoredModel stored;
  stored.name.model = "m";
  stored.digest = std::string(64, 'a');
  stored.size = ByteSize::bytes(1234);
  stored.modified = kNow;
  stored.format = "gguf";
  stored.family = "llama";
  stored.families = {"llama"};
  stored.parameter_size = "1.2B";
  stored.quantization = "Q4_K_M";
  return stored;
}

std::shared_ptr<inference::ModelFacts> model_facts() {
  auto facts = std::make_shared<inference::ModelFacts>();
  facts->architecture = "llama";
  facts->parameters = 4'720'000;
  facts->quantization = "Q8_0";
  facts->capabilities = {inference::Capability::kCompletion, inference::Capability::kTools};
  return facts;
}

const char* const kDetails =
    R"({"parent_model":"","format":"gguf","family":"llama","families":["llama"],)"
    R"("parameter_size":"1.2B","quantization_level":"Q4_K_M"})";

TEST(TagsWire, WritesTheObjectOfTheContract) {
  EXPECT_EQ(write_tags({{stored_model(), model_facts(), true, {}}}),
            R"({"models":[{"name":"m:latest","model":"m:latest",)"
            R"("modified_at":"2026-11-23T09:00:00.000000000Z","size":1234,"digest":")" +
                std::string(64, 'a') + R"(","details":)" + kDetails +
                R"(,"capabilities":["completion","tools"],"loaded":true}]})");
  EXPECT_EQ(write_tags({}), R"({"models":[]})");
}

TEST(TagsWire, WhatTheConfigDoesNotSayTheFileDoes) {
  core::StoredModel bare;
  bare.name.model = "m";
  const Json details =
      Json::parse(write_tags({{bare, model_facts(), false, {}}}))["models"][0]["details"];
  EXPECT_EQ(details["family"], "llama");
  EXPECT_EQ(details["families"], Json::array({"llama"}));
  EXPECT_EQ(details["parameter_size"], "4.72M");
  EXPECT_EQ(details["quantization_level"], "Q8_0");
  const Json unknown = Json::parse(write_tags({{bare, nullptr, false, {}}}))["models"][0];
  EXPECT_EQ(unknown["details"]["families"], Json::array());
  EXPECT_EQ(unknown["capabilities"], Json::array());
}

TEST(PsWire, WritesTheObjectOfTheContract) {
  RunningModel model{{}, stored_model(), model_facts()};
  model.resident.name = "m:latest";
  model.resident.footprint = {ByteSize::bytes(100), ByteSize::bytes(23)};
  model.resident.context_length = 4096;
  model.resident.expires = kNow;
  const core::MemoryUse memory{{ByteSize::bytes(500), ByteSize::bytes(50)},
                               {ByteSize::bytes(200), ByteSize::bytes(23)}};
  const core::Fault fault{"bad:latest", "it died", 3, std::chrono::milliseconds(1500)};
  EXPECT_EQ(write_ps({{model}, memory, {fault}}, {{{1, 2}, {3, 4}, {5, 6}}}),
            R"({"models":[{"name":"m:latest","model":"m:latest","size":123,"digest":")" +
                std::string(64, 'a') + R"(","details":)" + kDetails +
                R"(,"expires_at":"2026-11-23T09:00:00.000000000Z","size_vram":23,)"
                R"("context_length":4096}],"queue":{"interactive":{"waiting":1,"running":2},)"
                R"("live":{"waiting":3,"running":4},"batch":{"waiting":5,"running":6}},)"
                R"("memory":{"host":{"limit_bytes":500,"used_bytes":200,"free_bytes":300},)"
                R"("npu":{"limit_bytes":50,"used_bytes":23,"free_bytes":27}},)"
                R"("faulted":[{"name":"bad:latest","reason":"it died","crashes":3,)"
                R"("retry_after_s":2}]})");
  model.resident.expires.reset();
  model.stored.reset();
  const Json reply = Json::parse(write_ps({{model}, {}, {}}, {}))["models"][0];
  EXPECT_EQ(reply["expires_at"].get<std::string>().substr(0, 4), "2262") << "far future";
  EXPECT_EQ(reply["details"], Json::object());
}

TEST(ShowWire, ListsAreNullUnlessAskedFor) {
  auto facts = model_facts();
  inference::FactList list;
  list.length = 2;
  list.values = {std::string("a"), std::int64_t{-1}};
  facts->metadata = {{"general.architecture", std::string("llama")},
                     {"llama.block_count", std::uint64_t{22}},
                     {"llama.rope.freq_base", 1e6},
                     {"tokenizer.ggml.add_bos_token", true},
                     {"tokenizer.ggml.tokens", list},
                     {"tokenizer.chat_template", std::string("{{ x }}")}};
  facts->tensors = {{"token_embd.weight", "Q4_K", {2048, 32000}}};
  ShownModel model;
  model.stored = stored_model();
  model.facts = facts;
  const Json brief = Json::parse(write_show({}, model));
  EXPECT_EQ(brief["model_info"],
            Json::parse(R"({"general.architecture":"llama","general.parameter_count":4720000,
                            "llama.block_count":22,"llama.rope.freq_base":1000000.0,
                            "tokenizer.ggml.add_bos_token":true,"tokenizer.ggml.tokens":null})"));
  EXPECT_FALSE(brief.contains("tensors"));
  ShowTask verbose;
  verbose.verbose = true;
  const Json full = Json::parse(write_show(verbose, model));
  EXPECT_EQ(full["model_info"]["tokenizer.ggml.tokens"], Json::parse(R"(["a",-1])"));
  EXPECT_EQ(full["tensors"],
            Json::parse(R"([{"name":"token_embd.weight","type":"Q4_K","shape":[2048,32000]}])"));
}

TEST(ShowWire, ModelInfoIsNeverNull) {
  ShownModel model;
  model.stored = stored_model();
  const Json reply = Json::parse(write_show({}, model));
  EXPECT_EQ(reply["model_info"], Json::object());
  EXPECT_EQ(reply["capabilities"], Json::array());
}

TEST(ShowWire, ParametersAreOneLineEachAndTheRequestsWin) {
  ShownModel model;
  model.stored = stored_model();
  model.params = R"({"temperature":0.7,"stop":["<|a|>","\n"],"num_ctx":4096})";
  ShowTask task;
  task.options = R"({"temperature":0})";
  const Json reply = Json::parse(write_show(task, model));
  EXPECT_EQ(reply["parameters"],
            "num_ctx                        4096\n"
            "stop                           \"<|a|>\"\n"
            "stop                           \"\\n\"\n"
            "temperature                    0");
}

TEST(Modelfile, SaysAllThatTheManifestSays) {
  ShownModel model;
  model.stored = stored_model();
  model.stored_template = "T";
  model.template_text = "{% for m in messages %}";
  model.system = "S";
  model.license = "L";
  model.messages = {inference::make_message(inference::Role::kUser, "hi")};
  EXPECT_EQ(write_modelfile(model, {{"num_ctx", "4096"}, {"stop", R"("a\nb")", "a\nb"}}),
            "# Modelfile generated by Hailstone\n\nFROM m:latest\nTEMPLATE \"\"\"T\"\"\"\n"
            "SYSTEM \"\"\"S\"\"\"\nPARAMETER num_ctx 4096\nPARAMETER stop \"a\nb\"\nMESSAGE user "
            "\"\"\"hi\"\"\"\n"
            "LICENSE \"\"\"L\"\"\"\n");
}

std::string refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST(ModelsWire, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(parse_show(R"({"name":"m"})").model, "m");
  EXPECT_EQ(parse_show(R"({"model":"m","name":"n"})").model, "m");
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "missing request body"},
           {"{}", "model is required"},
           {R"({"model":""})", "model is required"},
           {R"({"name":7})", "name must be a string"},
           {R"({"model":"m","verbose":1})", "verbose must be a boolean"},
           {R"({"model":"m","system":1})", "system must be a string"},
           {R"({"model":"m","options":{"num_ctx":"1"}})", "option \"num_ctx\""}}) {
    EXPECT_THAT(refusal_of([&body = body] { parse_show(body); }), HasSubstr(words)) << body;
  }
  EXPECT_EQ(parse_unload("").model, std::nullopt);
  EXPECT_EQ(parse_unload(" {} ").model, std::nullopt);
  EXPECT_EQ(parse_unload(R"({"model":"m"})").model, "m");
  EXPECT_THAT(refusal_of([] { parse_unload(R"({"model":""})"); }), HasSubstr("model is required"));
  EXPECT_THAT(refusal_of([] { parse_unload(R"({"model":[]})"); }), HasSubstr("model must be"));
}

class Models : public testing::Test {
 protected:
  Models() { add_models_routes(daemon_.router, service_, "1.2.3"); }

  static Json json(const std::unique_ptr<test_support::Answer>& answer) {
    EXPECT_FALSE(answer->error) << answer->message();
    return Json::parse(answer->reply.body());
  }
  static std::vector<std::string> names(const Json& reply) {
    std::vector<std::string> out;
    for (const auto& model : reply["models"]) out.push_back(model["name"]);
    return out;
  }
  core::Lease load(const std::string& name, std::optional<core::KeepAlive> keep_alive = {}) {
    return daemon_.models.acquire(daemon_.models.choose(name, {}), keep_alive, {});
  }

  test_support::FakeDaemon daemon_;
  ModelsService service_{daemon_.models};
};

TEST_F(Models, TheRootAndTheVersionAreWhatClientsLookFor) {
  const auto root = daemon_.get("/");
  EXPECT_EQ(root->reply.body(), "Ollama is running");
  EXPECT_EQ(root->reply.content_type(), "text/plain; charset=utf-8");
  EXPECT_EQ(daemon_.get("/api/version")->reply.body(),
            R"({"version":"0.33.0","hailstone":"1.2.3"})");
}

TEST_F(Models, TagsListsEverythingAndKnowsWhatIsLoaded) {
  EXPECT_EQ(daemon_.get("/api/tags")->reply.body(), R"({"models":[]})");
  daemon_.files.add({.name = "one"});
  daemon_.files.add({.name = "two:1b"});
  daemon_.files.add({.name = "broken", .weights = "broken"});
  daemon_.files.add({.name = "foreign", .engine = "elsewhere"});
  const auto lease = load("two:1b");
  const Json reply = json(daemon_.get("/api/tags"));
  EXPECT_THAT(names(reply),
              UnorderedElementsAre("one:latest", "two:1b", "broken:latest", "foreign:latest"));
  for (const auto& model : reply["models"]) {
    EXPECT_EQ(model["loaded"], model["name"] == "two:1b");
    EXPECT_EQ(model["digest"].get<std::string>().size(), 64U);
  }
}

TEST_F(Models, PsShowsWhatStaysLongestFirst) {
  for (const char* name : {"brief", "long", "forever"}) daemon_.files.add({.name = name});
  load("brief", std::chrono::minutes(1));
  load("forever", core::kForEver);
  load("long", std::chrono::hours(1));
  const Json reply = json(daemon_.get("/api/ps"));
  EXPECT_THAT(names(reply), ElementsAre("forever:latest", "long:latest", "brief:latest"));
  EXPECT_EQ(reply["models"][0]["context_length"], 2048);
  EXPECT_EQ(reply["models"][0]["details"]["parameter_size"], "1M");
}

TEST_F(Models, PsStillShowsAModelWhoseFilesAreGone) {
  daemon_.files.add({.name = "gone"});
  const auto lease = load("gone");
  daemon_.files.remove("gone");
  EXPECT_THAT(names(json(daemon_.get("/api/ps"))), ElementsAre("gone:latest"));
  EXPECT_EQ(json(daemon_.post("/api/unload", R"({"model":"gone"})"))["unloaded"],
            Json::array({"gone:latest"}));
}

TEST_F(Models, ShowTellsTheManifestAndTheFile) {
  daemon_.files.add({.settings = {{"architecture", "llama"}, {"parameters", "1200000000"}},
                     .layers = {{"system", "be kind"},
                                {"template", "{{ .Prompt }}"},
                                {"license", "MIT"},
                                {"license", "and more"},
                                {"params", R"({"temperature":0.7})"},
                                {"messages", R"([{"role":"user","content":"hi"}])"}}});
  const Json reply = json(daemon_.post("/api/show", R"({"model":"echo"})"));
  EXPECT_EQ(reply["system"], "be kind");
  EXPECT_EQ(reply["template"], "{{ .Prompt }}");
  EXPECT_EQ(reply["license"], "MIT\nand more");
  EXPECT_THAT(reply["parameters"].get<std::string>(), HasSubstr("temperature"));
  EXPECT_EQ(reply["messages"], Json::parse(R"([{"role":"user","content":"hi"}])"));
  EXPECT_EQ(reply["model_info"]["general.architecture"], "llama");
  EXPECT_EQ(reply["model_info"]["general.parameter_count"], 1'200'000'000);
  EXPECT_EQ(reply["details"]["format"], "gguf");
  EXPECT_THAT(reply["capabilities"], testing::Contains("completion"));
  EXPECT_TRUE(reply.contains("modified_at"));
  const Json other = json(daemon_.post(
      "/api/show", R"({"name":"echo","verbose":true,"system":"be rude","template":"T"})"));
  EXPECT_EQ(other["system"], "be rude");
  EXPECT_EQ(other["template"], "T");
  EXPECT_TRUE(other["tensors"].is_array());
}

TEST_F(Models, JinjaIsShownButNeverAsATemplateOfGo) {
  daemon_.files.add({.settings = {{"chat_template", "{% for m in messages %}"}}});
  const Json reply = json(daemon_.post("/api/show", R"({"model":"echo"})"));
  EXPECT_EQ(reply["template"], "{% for m in messages %}");
  EXPECT_THAT(reply["modelfile"].get<std::string>(), testing::Not(HasSubstr("TEMPLATE")));
}

TEST_F(Models, AreCapableOfWhatTheirTemplateSays) {
  daemon_.files.add({.layers = {{"template", "{{ .Prompt }}{{ .Suffix }}"}}});
  const Json reply = json(daemon_.post("/api/show", R"({"model":"echo"})"));
  EXPECT_THAT(reply["capabilities"], testing::Contains("insert"));
  EXPECT_THAT(reply["capabilities"], testing::Not(testing::Contains("tools")));
  const Json tags = json(daemon_.get("/api/tags"));
  EXPECT_EQ(tags["models"][0]["capabilities"], reply["capabilities"]);
}

TEST_F(Models, ThereIsNoCloud) {
  EXPECT_EQ(json(daemon_.get("/api/status")),
            Json::parse(R"({"cloud":{"disabled":true,"source":"config"}})"));
  EXPECT_EQ(daemon_.post("/api/me", "")->code(), ErrorCode::kUnauthorized);
  EXPECT_EQ(daemon_.post("/api/experimental/web_search", R"({"query":"x"})")->code(),
            ErrorCode::kForbidden);
}

TEST_F(Models, ShowOfAModelThatCannotBeReadStillTellsTheManifest) {
  daemon_.files.add({.name = "broken", .layers = {{"system", "be kind"}}, .weights = "broken"});
  const Json reply = json(daemon_.post("/api/show", R"({"model":"broken"})"));
  EXPECT_EQ(reply["system"], "be kind");
  EXPECT_EQ(reply["model_info"], Json::object());
}

TEST_F(Models, ShowRefusesWhatIsNotThereAndWhatIsNoName) {
  EXPECT_EQ(daemon_.post("/api/show", R"({"model":"nope"})")->code(), ErrorCode::kNotFound);
  for (const char* name : {"../../etc/passwd", "a\\u0000b", "/etc/passwd", "%2e%2e"}) {
    const auto answer = daemon_.post("/api/show", R"({"model":")" + std::string(name) + "\"}");
    EXPECT_EQ(answer->message(), "invalid model name") << name;
  }
}

TEST_F(Models, UnloadTakesOneOrAll) {
  for (const char* name : {"one", "two", "three"}) daemon_.files.add({.name = name});
  for (const char* name : {"one", "two", "three"}) load(name);
  EXPECT_EQ(daemon_.post("/api/unload", R"({"model":"ONE"})")->reply.body(),
            R"({"status":"ok","unloaded":["one:latest"]})");
  EXPECT_EQ(daemon_.post("/api/unload", R"({"model":"one"})")->reply.body(),
            R"({"status":"ok","unloaded":[]})");
  EXPECT_EQ(daemon_.post("/api/unload", R"({"model":"nope"})")->code(), ErrorCode::kNotFound);
  EXPECT_THAT(json(daemon_.post("/api/unload", ""))["unloaded"],
              UnorderedElementsAre("three:latest", "two:latest"));
  EXPECT_THAT(daemon_.runtime.residents(), IsEmpty());
  EXPECT_EQ(daemon_.post("/api/unload", "{}")->reply.body(), R"({"status":"ok","unloaded":[]})");
}

TEST_F(Models, PlanSaysWhatALoadWouldTake) {
  daemon_.files.add({.settings = {{"footprint_mb", "3"}}});
  const Json plan = json(daemon_.post("/api/models/plan", R"({"model":"echo"})"));
  EXPECT_EQ(plan["fits"], true);
  EXPECT_EQ(plan["resident"], false);
  EXPECT_EQ(plan["wanted"], Json::parse(R"({"host_bytes":3145728,"npu_bytes":0})"));
  EXPECT_EQ(plan["evicts"], Json::array());
  EXPECT_EQ(plan["load_seconds"], nullptr);
  EXPECT_THAT(daemon_.runtime.residents(), IsEmpty()) << "asking loads nothing";
  load("echo");
  const Json there =
      json(daemon_.post("/api/models/plan", R"({"model":"echo","options":{"num_ctx":512}})"));
  EXPECT_EQ(there["resident"], false) << "another context is another load";
  EXPECT_TRUE(there["load_seconds"].is_number());
  EXPECT_EQ(json(daemon_.post("/api/models/plan", R"({"model":"echo"})"))["resident"], true);
  EXPECT_EQ(daemon_.post("/api/models/plan", R"({"model":"nope"})")->code(), ErrorCode::kNotFound);
  EXPECT_EQ(daemon_.post("/api/models/plan", "{}")->code(), ErrorCode::kBadRequest);
}

TEST_F(Models, AFaultedModelIsShownAndClearedByUnload) {
  daemon_.files.add({.settings = {{"crash_at_load", "1"}}});
  for (int i = 0; i < 3; ++i) EXPECT_THROW(load("echo"), Error);
  const Json listed = json(daemon_.get("/api/tags"))["models"][0];
  EXPECT_EQ(listed["loaded"], false);
  EXPECT_EQ(listed["faulted"]["crashes"], 3);
  EXPECT_THAT(listed["faulted"]["reason"].get<std::string>(), HasSubstr("crashed"));
  EXPECT_EQ(json(daemon_.get("/api/ps"))["faulted"][0]["name"], "echo:latest");
  EXPECT_EQ(daemon_.post("/api/unload", R"({"model":"echo"})")->reply.body(),
            R"({"status":"ok","unloaded":[],"cleared":["echo:latest"]})");
  EXPECT_FALSE(json(daemon_.get("/api/tags"))["models"][0].contains("faulted"));
}

TEST_F(Models, AnswersWhileAModelIsInUse) {
  daemon_.files.add({});
  const auto lease = load("echo");
  EXPECT_THAT(names(json(daemon_.get("/api/ps"))), ElementsAre("echo:latest"));
  EXPECT_THAT(names(json(daemon_.get("/api/tags"))), ElementsAre("echo:latest"));
  EXPECT_THAT(json(daemon_.post("/api/unload", "{}"))["unloaded"], SizeIs(1));
}

}  // namespace
}  // namespace hailstone::models
