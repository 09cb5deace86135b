// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/store/blobs/digest.hpp"
#include "formats/testing/micro_onnx.hpp"
#include "services/library/library/routes.hpp"
#include "services/library/library/service.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::library {
namespace {

using Json = nlohmann::json;
using http::Method;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// Reads "GGUF <architecture> <quantization> [general.type] [parts]" as if it were a header.
class StubGguf final : public inference::Engine {
 public:
  std::string_view name() const noexcept override { return "llama"; }
  inference::Availability probe() const override { return {true, {}}; }
  inference::Footprint estimate(const inference::ModelSpec&,
                                const inference::LoadOptions&) const override {
    return {};
  }
  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    std::ifstream in(spec.weights);
    std::string magic;
    std::string type;
    std::uint64_t parts = 0;
    inference::ModelFacts facts;
    in >> magic >> facts.architecture >> facts.quantization >> type >> parts;
    facts.parameters = 1'200'000'000;
    facts.context_length = 2048;
    facts.metadata = {{"general.type", type}, {"split.count", parts}};
    return facts;
  }
  std::unique_ptr<inference::Model> load(const inference::ModelSpec&, const inference::LoadOptions&,
                                         const RunContext&) override {
    throw Error(ErrorCode::kUnsupported, "a stub");
  }
  void quantize(const inference::QuantizeTask& task, const inference::OnFraction& on_fraction,
                const RunContext&) override {
    on_fraction(0.5);
    std::ofstream(task.to) << "GGUF llama " << task.type;
  }
};

class Library : public ::testing::Test {
 protected:
  Library() { add_library_routes(daemon_.router, service_); }

  /// Gives its digest.
  std::string upload(const std::string& bytes) {
    const std::string digest = "sha256:" + core::sha256_hex(bytes);
    const auto answer = daemon_.post("/api/blobs/" + digest, bytes);
    EXPECT_FALSE(answer->error) << answer->message();
    return digest;
  }
  /// The lines of the reply, or the error's message.
  std::vector<Json> lines_of(const test_support::Answer& answer) {
    std::vector<Json> out;
    for (const auto& piece : answer.reply.pieces()) out.push_back(Json::parse(piece));
    if (answer.error) out.push_back({{"error", answer.message()}});
    return out;
  }
  std::vector<Json> create(const Json& body) {
    return lines_of(*daemon_.post("/api/create", body.dump()));
  }
  static std::vector<std::string> statuses(const std::vector<Json>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines) out.push_back(line.value("status", line.value("error", "")));
    return out;
  }
  std::string refusal(const Json& body) { return statuses(create(body)).back(); }
  core::StoredModel require(const std::string& name) { return daemon_.store.require(name); }
  static std::string text_of(const core::StoredModel& model, const char* kind) {
    const auto* layer = model.find_layer(kind);
    return layer == nullptr ? "" : core::read_layer(*layer);
  }
  Json config_of(const std::string& name) {
    return Json::parse(core::read_layer(*require(name).config));
  }
  std::size_t blob_count() {
    const auto folder = core::blobs_folder(daemon_.files.root());
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }

  test_support::FakeDaemon daemon_{{}, std::make_unique<StubGguf>()};
  core::StoreWriter writer_{daemon_.store};
  core::Registry registry_{writer_, {}};
  LibraryService service_{daemon_.models, writer_, registry_, {}};
};

TEST_F(Library, AnUploadIsCreatedOnceAndThenThere) {
  const std::string bytes(5000, 'x');
  const std::string path = "/api/blobs/sha256:" + core::sha256_hex(bytes);
  EXPECT_EQ(daemon_.call(Method::kHead, path)->code(), ErrorCode::kNotFound);
  EXPECT_EQ(daemon_.post(path, bytes)->reply.status(), 201);
  EXPECT_EQ(daemon_.post(path, bytes)->reply.status(), 200);
  EXPECT_EQ(daemon_.call(Method::kHead, path)->reply.status(), 200);
}

TEST_F(Library, AnUploadThatIsNotWhatItSaysLeavesNothing) {
  const std::string path = "/api/blobs/sha256:" + std::string(64, 'a');
  const auto answer = daemon_.post(path, "other bytes");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(answer->message(), StartsWith("digest mismatch, expected sha256:aaaa"));
  EXPECT_EQ(blob_count(), 0U);
}

TEST_F(Library, ADigestThatIsNoneNeverBecomesAPath) {
  // A path with ".." in it does not come through the router.
  for (const char* digest : {"sha256:%2e%2e", "sha256:..%2fx", "md5:00", "sha256-abc", "x"}) {
    const std::string path = "/api/blobs/" + std::string(digest);
    EXPECT_EQ(daemon_.post(path, "x")->message(), "invalid digest format") << digest;
    EXPECT_EQ(daemon_.call(Method::kHead, path)->message(), "invalid digest format") << digest;
  }
}

TEST_F(Library, MakesAModelOutOfAFile) {
  const std::string digest = upload("GGUF llama Q4_K_M model");
  const auto lines = create({{"model", "mine"},
                             {"files", {{"m.gguf", digest}}},
                             {"template", "T"},
                             {"system", "S"},
                             {"license", {"L1", "L2"}},
                             {"parameters", {{"temperature", 0.5}, {"stop", {"x"}}}},
                             {"messages", {{{"role", "user"}, {"content", "hi"}}}}});
  const auto said = statuses(lines);
  EXPECT_EQ(said.front(), "parsing GGUF");
  EXPECT_THAT(said, Contains(StartsWith("creating new layer sha256:")).Times(6));
  EXPECT_EQ(said.at(said.size() - 2), "writing manifest");
  EXPECT_EQ(said.back(), "success");
  const auto model = require("mine");
  EXPECT_EQ(model.find_layer("model")->digest, digest);
  EXPECT_EQ(text_of(model, "template") + text_of(model, "system"), "TS");
  EXPECT_EQ(model.find_layers("license").size(), 2U);
  EXPECT_EQ(text_of(model, "params"), R"({"stop":["x"],"temperature":0.5})");
  EXPECT_EQ(text_of(model, "messages"), R"([{"content":"hi","role":"user"}])");
  const Json config = config_of("mine");
  EXPECT_EQ(config["model_format"], "gguf");
  EXPECT_EQ(config["model_family"], "llama");
  EXPECT_EQ(config["model_families"], Json({"llama"}));
  EXPECT_EQ(config["model_type"], "1.2B");
  EXPECT_EQ(config["file_type"], "Q4_K_M");
  EXPECT_EQ(config["context_length"], 2048);
  EXPECT_EQ(config["rootfs"]["diff_ids"].size(), 7U);
}

TEST_F(Library, FilesFindTheirPlaceByWhatTheySay) {
  const auto lines = create({{"model", "vl"},
                             {"files",
                              {{"a.gguf", upload("GGUF clip F16 mmproj")},
                               {"b.gguf", upload("GGUF qwen2vl Q8_0 model")}}},
                             {"adapters", {{"c.gguf", upload("GGUF qwen2vl F16 adapter")}}}});
  EXPECT_EQ(statuses(lines).back(), "success");
  const auto model = require("vl");
  EXPECT_NE(model.find_layer("projector"), nullptr);
  EXPECT_NE(model.find_layer("adapter"), nullptr);
  EXPECT_THAT(model.families, ElementsAre("qwen2vl", "clip"));
}

TEST_F(Library, AModelFromAModelKeepsWhatItDoesNotChange) {
  daemon_.files.add(
      {.name = "base",
       .settings = {{"tokens", "3"}},
       .layers = {{"params", R"({"seed":1,"top_k":5})"}, {"system", "old"}, {"license", "L"}}});
  const auto said = statuses(create(
      {{"model", "child"}, {"from", "base"}, {"system", "new"}, {"parameters", {{"top_k", 9}}}}));
  EXPECT_EQ(said.back(), "success");
  EXPECT_THAT(said, Contains(StartsWith("using existing layer sha256:")));
  const auto child = require("child");
  EXPECT_EQ(text_of(child, "system"), "new");
  EXPECT_EQ(text_of(child, "license"), "L");
  EXPECT_EQ(text_of(child, "params"), R"({"seed":1,"top_k":9})");
  EXPECT_EQ(child.engine, "fake");
  EXPECT_EQ(child.settings.at("tokens"), "3");
  EXPECT_EQ(text_of(require("base"), "system"), "old");
}

TEST_F(Library, SaysWhatDoesNotFitTogether) {
  const std::string model = upload("GGUF llama F16 model");
  EXPECT_EQ(refusal({{"model", "m"}}), "neither 'from' or 'files' was specified");
  EXPECT_EQ(refusal({{"from", "x"}}), "model is required");
  EXPECT_EQ(refusal({{"model", "../../etc"}, {"from", "x"}}), "invalid model name");
  EXPECT_EQ(refusal({{"model", "m"}, {"from", "../x"}}), "invalid model name");
  EXPECT_EQ(refusal({{"model", "m"}, {"files", {{"a", "sha256:../x"}}}}), "invalid digest format");
  EXPECT_THAT(refusal({{"model", "m"}, {"files", {{"a", "sha256:" + std::string(64, 'b')}}}}),
              HasSubstr("is not in the store"));
  EXPECT_THAT(refusal({{"model", "m"}, {"files", {{"a", upload("what is this?")}}}}),
              HasSubstr("is no model"));
  EXPECT_EQ(refusal({{"model", "m"}, {"from", "x"}, {"hailstone", {{"task", "bogus"}}}}),
            "unknown task 'bogus'");
  EXPECT_EQ(refusal({{"model", "m"}, {"from", "x"}, {"hailstone", {{"engine", "nonsense"}}}}),
            "unknown engine 'nonsense'");
  EXPECT_EQ(refusal({{"model", "m"}, {"from", "x"}, {"template", "a\n{{ if .Prompt }}"}}),
            "template: line 2: {{if}} has no {{end}}");
  EXPECT_THAT(refusal({{"model", "m"}, {"files", {{"a", upload("GGUF clip F16 mmproj")}}}}),
              HasSubstr("none of the files is a model"));
  EXPECT_THAT(refusal({{"model", "m"}, {"files", {{"a", upload("GGUF llama F16 model 3")}}}}),
              HasSubstr("one part of a model in several files"));
  EXPECT_THAT(
      refusal({{"model", "m"}, {"files", {{"a", model}, {"b", upload("GGUF llama Q8_0 model")}}}}),
      HasSubstr("a second model"));
  EXPECT_EQ(refusal({{"model", "m"}, {"files", {{"a", model}}}, {"parameters", {{"seed", "x"}}}}),
            "option \"seed\" must be of type integer");
  EXPECT_THAT(refusal({{"model", "m"}, {"files", {{"a", upload("<!DOCTYPE html><html>")}}}}),
              HasSubstr("is a web page, not a model"));
  EXPECT_THAT(daemon_.store.list(), IsEmpty());
}

TEST_F(Library, QuantizesWithTheEnginesTool) {
  const auto lines = create({{"model", "small"},
                             {"files", {{"m.gguf", upload("GGUF llama F16 model")}}},
                             {"quantize", "q8_0"}});
  const auto line = std::find_if(lines.begin(), lines.end(), [](const Json& json) {
    return json["status"] == "quantizing F16 model to Q8_0";
  });
  ASSERT_NE(line, lines.end());
  EXPECT_EQ((*line)["completed"], (*line)["total"].get<int>() / 2);
  EXPECT_EQ(require("small").quantization, "Q8_0");
  EXPECT_EQ(refusal({{"model", "smaller"}, {"from", "small"}, {"quantize", "Q4_K_M"}}),
            "quantization is only supported for F16 and F32 models");
}

TEST_F(Library, FilesThatDoNotSayWhatTheyAreForNeedATask) {
  const Json broken{{"net.onnx", upload("\x08\x08\x12\x07pytorch...............")}};
  EXPECT_THAT(refusal({{"model", "net"}, {"files", broken}}),
              HasSubstr("\"net.onnx\": the file is broken"));
  const Json files{
      {"net.onnx", upload(formats::testing::identity_model(formats::testing::Type::kFloat, {4}))}};
  EXPECT_THAT(refusal({{"model", "net"}, {"files", files}}), HasSubstr("does not say"));
  const Json ours{{"task", "detect"}, {"settings", {{"decoder", "yolo"}}}};
  EXPECT_EQ(refusal({{"model", "net"}, {"files", files}, {"hailstone", ours}}), "success");
  const auto net = require("net");
  EXPECT_EQ(net.format + " " + net.task + " " + net.engine, "onnx detect onnx");
  EXPECT_EQ(net.settings.at("decoder"), "yolo");
}

TEST_F(Library, ANetworkThatIsKnownByItsTensorsNeedsNoTask) {
  const auto network =
      formats::testing::outline_model("images", {1, 3, 640, 640}, "output0", {1, 56, 8400});
  const Json files{{"net.onnx", upload(network)}};
  EXPECT_EQ(refusal({{"model", "net"}, {"files", files}}), "success");
  EXPECT_EQ(require("net").task, "pose");
  const Json ours{{"task", "detect"}};
  EXPECT_EQ(refusal({{"model", "mine"}, {"files", files}, {"hailstone", ours}}), "success");
  EXPECT_EQ(require("mine").task, "detect");
}

/// YOLOv8's table of a network for 32 x 32 pixels, all of its 21 rows alike, as the fake says it.
Json scripted_yolo(const std::string& row) {
  std::string values;
  std::istringstream columns(row);
  for (std::string value; columns >> value;) {
    for (int i = 0; i < 21; ++i) values += " " + value;
  }
  return {{"engine", "fake"}, {"settings", {{"outputs", "output0[1,6,21]=" + values}}}};
}

TEST_F(Library, ANetworkIsRunOnceBeforeItsModelIsMade) {
  const auto network =
      formats::testing::outline_model("images", {1, 3, 32, 32}, "output0", {1, 6, 21});
  const Json files{{"net.onnx", upload(network)}};
  const auto lines = create(
      {{"model", "net"}, {"files", files}, {"hailstone", scripted_yolo("16 16 8 8 0.1 0.9")}});
  EXPECT_THAT(statuses(lines), Contains("trying the network"));
  ASSERT_EQ(statuses(lines).back(), "success");
  const Json known = lines.back()["recognised"];
  EXPECT_EQ(known["task"], "detect");
  EXPECT_EQ(known["decoder"], "yolov8");
  EXPECT_EQ(known["certainty"], "sure") << "its values are what the decoder expects";
  EXPECT_EQ(known["input"]["width"], 32);
  EXPECT_FALSE(known.contains("not_tried"));
  EXPECT_EQ(require("net").decoder, "yolov8");
  EXPECT_THAT(require("net").settings.at("input"), HasSubstr(R"("layout":"nchw")"));
}

TEST_F(Library, ANetworkThatDoesNotAnswerAsItShouldIsRefused) {
  const auto network =
      formats::testing::outline_model("images", {1, 3, 32, 32}, "output0", {1, 6, 21});
  const Json files{{"net.onnx", upload(network)}};
  EXPECT_THAT(
      refusal({{"model", "net"}, {"files", files}, {"hailstone", scripted_yolo("16 16 8 8 -3 7")}}),
      HasSubstr("does not answer as one for detect with the decoder yolov8 does: its scores"));
  const Json broken{{"engine", "fake"}, {"settings", {{"outputs", "output0[1,2]=1 2"}}}};
  EXPECT_THAT(refusal({{"model", "net"}, {"files", files}, {"hailstone", broken}}),
              HasSubstr("the outputs are"));
  EXPECT_THAT(daemon_.store.list(), IsEmpty());
}

TEST_F(Library, WhatCannotBeRunHereIsSaidToBeUntried) {
  const auto network = formats::testing::outline_model("in", {1, 3, 64, 96}, "out", {1, 4, 64, 96});
  const auto lines = create({{"model", "perhaps"}, {"files", {{"net.onnx", upload(network)}}}});
  const Json known = lines.back()["recognised"];
  EXPECT_EQ(known["certainty"], "guess");
  EXPECT_THAT(known["not_tried"].get<std::string>(), HasSubstr("no engine onnx"));
  EXPECT_EQ(require("perhaps").settings.at("certainty"), "guess");
}

TEST_F(Library, HalfAReaderOfTextIsRefusedWithWhatIsMissing) {
  const auto finder = formats::testing::outline_model("x", {-1, 3, -1, -1}, "map", {-1, 1, -1, -1});
  const auto answer = daemon_.post(
      "/api/create",
      Json{{"model", "half"}, {"files", {{"det.onnx", upload(finder)}}}, {"stream", false}}.dump());
  EXPECT_THAT(answer->message(), HasSubstr("finds lines of text and does not read them"));
  EXPECT_THAT(answer->error->detail(), HasSubstr("--file recogniser=REC.onnx"));
}

TEST_F(Library, AFurtherFileIsNamedForWhatItIs) {
  const std::string detector = upload("\x08\x08\x12\x07pytorch.......det");
  const std::string recogniser = upload("\x08\x08\x12\x07pytorch.......rec");
  const std::string hef = upload(std::string("\x01HEF............", 16));
  const auto files = [&](const Json& further) {
    Json all = further;
    all["det.onnx"] = detector;
    return Json{{"model", "pair"}, {"files", all}, {"hailstone", {{"task", "ocr"}}}};
  };
  EXPECT_EQ(refusal(files({{"recogniser.onnx", recogniser}, {"labels.txt", upload("a\nb\n")}})),
            "success");
  const auto pair = require("pair");
  ASSERT_NE(pair.find_layer("recogniser"), nullptr);
  EXPECT_EQ(pair.find_layer("recogniser")->digest, recogniser);
  EXPECT_EQ(pair.find_layer("model")->digest, detector);
  EXPECT_EQ(text_of(pair, "labels"), "a\nb\n");
  EXPECT_THAT(refusal(files({{"recogniser.txt", upload("words")}})), HasSubstr("is no network"));
  EXPECT_THAT(refusal(files({{"recogniser.hef", hef}})),
              HasSubstr("the recogniser is in the format hef, the model in onnx"));
  EXPECT_THAT(refusal(files({{"rec.onnx", recogniser}})), HasSubstr("is a second model"));
}

TEST_F(Library, WithoutAStreamOnlyTheEndIsTold) {
  daemon_.files.add({.name = "base"});
  const auto answer =
      daemon_.post("/api/create", R"({"model":"m","from":"base","stream":false,"system":"x"})");
  EXPECT_FALSE(answer->reply.is_stream());
  EXPECT_EQ(answer->reply.body(), R"({"status":"success"})");
}

TEST_F(Library, AClientThatLeavesMakesNoModel) {
  daemon_.files.add({.name = "base"});
  daemon_.call(Method::kPost, "/api/create", R"({"model":"m","from":"base"})", {}, 0);
  EXPECT_FALSE(daemon_.store.find(core::parse_model_name("m")));
}

TEST_F(Library, CopiesAndRemoves) {
  daemon_.files.add({.name = "one"});
  const auto copied = daemon_.post("/api/copy", R"({"source":"one","destination":"me/two:x"})");
  EXPECT_EQ(copied->reply.status(), 200);
  EXPECT_THAT(copied->reply.body(), IsEmpty());
  EXPECT_EQ(require("me/two:x").digest, require("one").digest);
  EXPECT_EQ(daemon_.call(Method::kDelete, "/api/delete", R"({"name":"one"})")->reply.status(), 200);
  EXPECT_FALSE(daemon_.store.find(core::parse_model_name("one")));
  EXPECT_NE(require("me/two:x").find_layer("model"), nullptr);
  daemon_.call(Method::kDelete, "/api/delete", R"({"model":"me/two:x"})");
  EXPECT_EQ(blob_count(), 0U);
}

TEST_F(Library, ACopyOntoItselfLeavesTheModelLoaded) {
  daemon_.files.add({.name = "one"});
  daemon_.models.acquire(daemon_.models.choose("one", {}), core::kForEver, {});
  EXPECT_FALSE(daemon_.post("/api/copy", R"({"source":"one","destination":"one:latest"})")->error);
  EXPECT_EQ(daemon_.runtime.residents().size(), 1U);
}

TEST_F(Library, WhatIsNotThereIsNotFound) {
  const auto removed = daemon_.call(Method::kDelete, "/api/delete", R"({"model":"x"})");
  EXPECT_EQ(removed->code(), ErrorCode::kNotFound);
  EXPECT_THAT(removed->message(), HasSubstr("not found"));
  EXPECT_EQ(daemon_.post("/api/copy", R"({"source":"x","destination":"y"})")->code(),
            ErrorCode::kNotFound);
}

TEST_F(Library, ARemovedModelIsUnloaded) {
  daemon_.files.add({.name = "echo"});
  { daemon_.models.acquire(daemon_.models.choose("echo", {}), {}, {}); }
  ASSERT_EQ(daemon_.runtime.residents().size(), 1U);
  daemon_.call(Method::kDelete, "/api/delete", R"({"model":"ECHO"})");
  EXPECT_THAT(daemon_.runtime.residents(), IsEmpty());
}

TEST_F(Library, FsckMovesABadFileAsideAndSaysWhatToPull) {
  const std::string digest = upload("GGUF llama Q4_K_M model");
  create({{"model", "mine"}, {"files", {{"m.gguf", digest}}}});
  const auto report = [this](const char* body) {
    return lines_of(*daemon_.post("/api/fsck", body)).back();
  };
  EXPECT_THAT(report("")["findings"], IsEmpty());
  const auto file = *core::find_blob_path(daemon_.store.roots().front(), digest);
  std::ofstream(file) << "GGUF other bytes of the";
  const Json only_told = report(R"({"repair": false})");
  EXPECT_EQ(only_told["findings"][0]["fault"], "wrong digest");
  EXPECT_EQ(only_told["pull_again"], Json::array({"mine:latest"}));
  EXPECT_TRUE(std::filesystem::exists(file));
  report("{}");
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(daemon_.post("/api/fsck", R"({"repair": 1})")->code(), ErrorCode::kBadRequest);
}

TEST(ReadOnlyRoot, CannotLoseAModelThroughUs) {
  test_support::TempStore ours;
  test_support::TempStore theirs;
  theirs.add({.name = "echo"});
  core::Store store({ours.root(), theirs.root()});
  core::StoreWriter writer(store);
  core::Metrics metrics;
  core::Runtime runtime({}, {}, metrics);
  services::ModelAccess models(store, runtime);
  core::Registry registry(writer, {});
  LibraryService service(models, writer, registry, {});
  try {
    service.remove("echo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kForbidden);
    EXPECT_THAT(error.what(), HasSubstr(theirs.root().string()));
  }
  EXPECT_TRUE(store.find(core::parse_model_name("echo")));
}

}  // namespace
}  // namespace hailstone::library
