// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/models/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/client/stub_service.hpp"
#include "cli/program.hpp"
#include "core/store/blobs/digest.hpp"
#include "formats/testing/micro_onnx.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LibraryCommands : public ::testing::Test {
 protected:
  LibraryCommands() {
    std::string pattern = (fs::temp_directory_path() / "hailstone-cli-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~LibraryCommands() override { fs::remove_all(folder_); }

  int run(const std::vector<std::string>& arguments) {
    return run_program(arguments, environment_, console_.console, {});
  }
  /// Blobs are absent; create and pull end well.
  void serve(StubAnswer answer = {}) {
    service_ = std::make_unique<StubService>([answer](const StubRequest& request) {
      if (request.line.starts_with("HEAD ")) return reply_with(404, "");
      if (answer) return answer(request);
      return reply_with(200, R"({"status":"writing manifest"})"
                             "\n"
                             R"({"status":"success"})"
                             "\n");
    });
    environment_["OLLAMA_HOST"] = to_string(service_->endpoint());
  }
  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& request : service_->requests()) out.push_back(request.line);
    return out;
  }
  StubRequest last() const { return service_->requests().back(); }

  fs::path folder_;
  core::Environment environment_ = {{"HOME", "/nowhere"}, {"OLLAMA_HOST", "127.0.0.1:1"}};
  TestConsole console_;
  std::unique_ptr<StubService> service_;
};

const char* const kBenchLines =
    R"({"status":"loading net:fake"}
{"status":"measuring net:fake"}
{"status":"measuring net:fake","run":1,"runs":1}
{"status":"success","model":"net:latest","machine":"box","variants":[{"model":"net:fake","engine":"fake","speed":{"value":123.44,"unit":"runs/s","median_ms":8.1,"p90_ms":12.34,"runs":1},"memory":{"host_bytes":42000000,"npu_bytes":0},"load_seconds":0.25,"measured":true,"chosen":true},{"model":"net:other","engine":"other","measured":false,"chosen":false,"error":"it crashed"}],"missing":[{"engine":"hailo","model":"net:hailo"}]}
)";

TEST_F(LibraryCommands, BenchPrintsATableOnATerminal) {
  serve([](const StubRequest&) { return reply_with(200, kBenchLines); });
  console_.console.out_is_terminal = true;
  EXPECT_EQ(run({"bench", "net", "--runs", "1", "--all"}), 0);
  EXPECT_EQ(last().line, "POST /api/bench");
  EXPECT_EQ(last().body(), Json::parse(R"({"model":"net","runs":1,"all":true})"));
  const std::string out = console_.out.str();
  EXPECT_THAT(out, HasSubstr("net:fake     fake      123 runs/s    -         8.10 ms    12.3 ms"
                             "    42 MB     0.25 s    takes this\n"));
  EXPECT_THAT(out, HasSubstr("not installed: hailo (hailstone pull net:hailo)\n"));
  EXPECT_THAT(console_.err.str(), HasSubstr("warning: net:other: it crashed\n"));
}

TEST_F(LibraryCommands, BenchPrintsJsonInAPipe) {
  serve([](const StubRequest&) { return reply_with(200, kBenchLines); });
  EXPECT_EQ(run({"bench", "net", "--engine", "fake"}), 0);
  EXPECT_EQ(last().body(), Json::parse(R"({"model":"net","engine":"fake"})"));
  EXPECT_EQ(Json::parse(console_.out.str())["variants"][0]["speed"]["value"], 123.44);
}

TEST_F(LibraryCommands, BenchWithoutAModelShowsWhatIsKnown) {
  serve([](const StubRequest&) {
    return reply_with(200,
                      R"({"machine":"box","measurements":[{"model":"m:latest","engine":"llama",)"
                      R"("load_seconds":12.5}]})");
  });
  console_.console.out_is_terminal = true;
  EXPECT_EQ(run({"bench"}), 0);
  EXPECT_EQ(last().line, "GET /api/bench");
  EXPECT_THAT(console_.out.str(), HasSubstr("12.5 s"));
  EXPECT_EQ(run({"bench", "m", "--runs", "0"}), kUsage);
}

TEST_F(LibraryCommands, PullShowsPlainLinesInAPipe) {
  serve([](const StubRequest&) {
    return reply_with(200, R"({"status":"pulling abc","total":1000000,"completed":0}
{"status":"pulling abc","total":1000000,"completed":10000}
{"status":"pulling abc","total":1000000,"completed":500000}
{"status":"pulling abc","total":1000000,"completed":1000000}
{"status":"success"}
)");
  });
  EXPECT_EQ(run({"pull", "m", "--insecure"}), kOk);
  EXPECT_EQ(last().line, "POST /api/pull");
  EXPECT_EQ(last().body(), Json::parse(R"({"model":"m","insecure":true})"));
  EXPECT_EQ(console_.err.str(),
            "pulling abc   0% of 1.0 MB\npulling abc  50% of 1.0 MB\n"
            "pulling abc 100% of 1.0 MB\nsuccess\n");
}

TEST_F(LibraryCommands, AnErrorOrAnEndHalfWayIsAFailure) {
  serve([](const StubRequest& request) {
    return reply_with(200, request.line == "POST /api/push"
                               ? "{\"status\":\"pushing\"}\n"
                               : "{\"status\":\"x\"}\n{\"error\":\"disk full\"}\n");
  });
  EXPECT_EQ(run({"pull", "m"}), kFailed);
  EXPECT_THAT(console_.err.str(), HasSubstr("disk full"));
  EXPECT_EQ(run({"push", "m"}), kFailed);
  EXPECT_THAT(console_.err.str(), HasSubstr("stopped half way"));
}

TEST_F(LibraryCommands, CreateSendsWhatTheModelfileSaysAndItsFiles) {
  serve();
  write("w.gguf", "GGUF weights");
  const auto file = write("Modelfile",
                          "FROM ./w.gguf\nPARAMETER stop a\nPARAMETER stop b\n"
                          "PARAMETER temperature 0.5\nSYSTEM S\nMESSAGE user hi\nLICENSE L\n");
  EXPECT_EQ(run({"create", "mine", "-f", file.string(), "-q", "Q8_0"}), kOk) << console_.err.str();
  const std::string digest = "sha256:" + core::sha256_hex("GGUF weights");
  EXPECT_THAT(lines(), ElementsAre("HEAD /api/blobs/" + digest, "POST /api/blobs/" + digest,
                                   "POST /api/create"));
  EXPECT_EQ(service_->requests()[1].content, "GGUF weights");
  EXPECT_EQ(last().body(), Json({{"model", "mine"},
                                 {"files", {{"w.gguf", digest}}},
                                 {"parameters", {{"stop", {"a", "b"}}, {"temperature", 0.5}}},
                                 {"system", "S"},
                                 {"messages", {{{"role", "user"}, {"content", "hi"}}}},
                                 {"license", {"L"}},
                                 {"quantize", "Q8_0"}}));
}

TEST_F(LibraryCommands, CreateTakesAModelThatIsThere) {
  serve();
  const auto file = write("Modelfile", "FROM qwen2.5:0.5b\nTEMPLATE \"\"\"T\"\"\"\n");
  EXPECT_EQ(run({"create", "mine", "-f", file.string()}), kOk);
  EXPECT_THAT(lines(), ElementsAre("POST /api/create"));
  EXPECT_EQ(last().body(), Json({{"model", "mine"}, {"from", "qwen2.5:0.5b"}, {"template", "T"}}));
}

TEST_F(LibraryCommands, AMissingFileIsSaidBeforeAnythingIsSent) {
  serve();
  EXPECT_EQ(run({"create", "mine", "-f", (folder_ / "absent").string()}), kUsage);
  const auto file = write("Modelfile", "FROM ./absent.gguf\n");
  EXPECT_EQ(run({"create", "mine", "-f", file.string()}), kFailed);
  EXPECT_THAT(console_.err.str(), HasSubstr("absent.gguf"));
  EXPECT_THAT(lines(), ElementsAre());
}

TEST_F(LibraryCommands, ImportNamesTheModelAfterItsFile) {
  serve();
  EXPECT_EQ(run({"import", write("My Model (Q4).gguf", "GGUF...").string()}), kOk);
  EXPECT_EQ(last().body()["model"], "my-model-q4");
  EXPECT_EQ(last().body()["hailstone"], Json::object());
  EXPECT_THAT(console_.out.str(), HasSubstr("imported 'my-model-q4'"));
}

/// As the service ends a create for a network.
StubAnswer recognised(const std::string& facts) {
  return [facts](const StubRequest&) {
    return reply_with(200, "{\"status\":\"success\",\"recognised\":" + facts + "}\n");
  };
}

const std::string kNetwork =
    formats::testing::outline_model("images", {1, 3, 640, 640}, "output0", {1, 56, 8400});

TEST_F(LibraryCommands, ImportPrintsOneLineThatSaysWhatANetworkWasTakenFor) {
  serve(recognised(R"({"task":"pose","decoder":"yolov8-pose","labels":17,"certainty":"sure",)"
                   R"("sign":"its file","input":{"width":640,"height":0,"color":"rgb",)"
                   R"("layout":"nchw"}})"));
  EXPECT_EQ(run({"import", write("net.onnx", kNetwork).string()}), kOk) << console_.err.str();
  EXPECT_EQ(last().body()["hailstone"], Json::object()) << "the service finds out";
  EXPECT_EQ(console_.out.str(),
            "imported 'net' for pose: decoder yolov8-pose, input 640xany rgb nchw, 17 labels; "
            "sure by its file\n");
  EXPECT_EQ(console_.err.str(), "") << "a pipe wants no progress";
}

TEST_F(LibraryCommands, ImportSaysThatAGuessIsOne) {
  serve(recognised(R"({"task":"semantic","certainty":"guess","sign":"its output",)"
                   R"("not_tried":"there is no engine onnx here"})"));
  EXPECT_EQ(run({"import", write("net.onnx", kNetwork).string()}), kOk) << console_.err.str();
  EXPECT_THAT(console_.out.str(), HasSubstr("guess by its output; not tried: there is no engine"));
  EXPECT_THAT(console_.out.str(), HasSubstr("until --task semantic is said"));
}

TEST_F(LibraryCommands, ImportSaysWhatItsUserKnows) {
  serve();
  const auto net = write("net.onnx", kNetwork).string();
  const auto labels = write("mine.txt", "a\nb\n").string();
  const auto anchors = write("priors.txt", "0.5 0.5 0.1 0.2\n0.25,0.5,1,1\n").string();
  EXPECT_EQ(
      run({"import",   net,     "--task",   "detect", "--decoder", "ssd",     "--input", "320x240",
           "--layout", "nhwc",  "--color",  "bgr",    "--resize",  "stretch", "--mean",  "127.5",
           "--std",    "1,2,3", "--labels", labels,   "--anchors", anchors}),
      kOk)
      << console_.err.str();
  const Json ours = last().body()["hailstone"];
  EXPECT_EQ(ours["task"], "detect");
  EXPECT_EQ(ours["decoder"], "ssd");
  EXPECT_EQ(ours["settings"]["input"], Json({{"width", 320},
                                             {"height", 240},
                                             {"layout", "nhwc"},
                                             {"color", "bgr"},
                                             {"resize", "stretch"},
                                             {"mean", {127.5}},
                                             {"std", {1, 2, 3}}}));
  EXPECT_EQ(ours["settings"]["anchors"], Json({{0.5, 0.5, 0.1, 0.2}, {0.25, 0.5, 1, 1}}));
  EXPECT_EQ(last().body()["files"]["labels.txt"], "sha256:" + core::sha256_hex("a\nb\n"));
  EXPECT_EQ(run({"import", net, "--labels", "coco80"}), kOk);
  EXPECT_EQ(last().body()["hailstone"]["labels"], "coco80");
}

TEST_F(LibraryCommands, ImportNamesTheArgumentThatMakesNoSense) {
  serve();
  const auto net = write("net.onnx", kNetwork).string();
  const auto refusal = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"import", net};
    arguments.insert(arguments.end(), more.begin(), more.end());
    console_.err.str({});
    EXPECT_NE(run(arguments), kOk);
    return console_.err.str();
  };
  EXPECT_THAT(refusal({"--input", "wide"}), HasSubstr("--input 'wide' is no size"));
  EXPECT_THAT(refusal({"--layout", "chwn"}), HasSubstr("nchw, nhwc"));
  EXPECT_THAT(refusal({"--mean", "1,2"}), HasSubstr("--mean takes one number"));
  EXPECT_THAT(refusal({"--std", "0"}), HasSubstr("none of them 0"));
  EXPECT_THAT(refusal({"--labels", "./absent.txt"}), HasSubstr("no file ./absent.txt"));
  EXPECT_THAT(refusal({"--anchors", write("a.txt", "1 2 3\n").string()}), HasSubstr("line 1"));
}

TEST_F(LibraryCommands, ImportTakesAManifestOfTheCataloguesForm) {
  serve();
  const auto manifest = write("net.toml", R"(
    [[model]]
    name = "mine"
    task = "detect"
    licence = "MIT"
    labels = "coco80"
    [[model.variant]]
    engine = "onnx"
    format = "onnx"
    decoder = "yolox"
    input = { width = 416, height = 416, layout = "nchw", color = "bgr" }
    [[model.variant.file]]
    url = "https://example.org/net.onnx"
  )");
  EXPECT_EQ(run({"import", write("net.onnx", kNetwork).string(), "--manifest", manifest.string(),
                 "--input", "320"}),
            kOk)
      << console_.err.str();
  const Json ours = last().body()["hailstone"];
  EXPECT_EQ(ours["decoder"], "yolox");
  EXPECT_EQ(ours["labels"], "coco80");
  EXPECT_EQ(ours["settings"]["input"]["color"], "bgr");
  EXPECT_EQ(ours["settings"]["input"]["width"], 320) << "an argument wins";
  EXPECT_EQ(last().body()["license"], "MIT");
}

TEST_F(LibraryCommands, ImportNamesWhatIsNoModelForWhatItIs) {
  serve();
  EXPECT_EQ(run({"import", write("net.onnx", "<!DOCTYPE html><html>").string()}), kUsage);
  EXPECT_THAT(console_.err.str(), HasSubstr("is a web page, not a model"));
  EXPECT_EQ(run({"import",
                 write("lfs.onnx", "version https://git-lfs.github.com/spec/v1\noid").string()}),
            kUsage);
  EXPECT_THAT(console_.err.str(), HasSubstr("git lfs pull"));
  EXPECT_THAT(lines(), ElementsAre()) << "nothing was sent";
}

TEST_F(LibraryCommands, ImportNamesFurtherFilesForWhatTheyAre) {
  serve();
  const auto file = write("det.hef", std::string("\x01HEF....", 8)).string();
  const auto rec = write("en_rec.hef", std::string("\x01HEF...r", 8)).string();
  const auto dict = write("dict.txt", "a\nb\n").string();
  EXPECT_EQ(run({"import", file, "--task", "ocr", "--file", "recogniser=" + rec, "--file",
                 "labels=" + dict}),
            kOk)
      << console_.err.str();
  EXPECT_EQ(last().body()["files"],
            Json({{"det.hef", "sha256:" + core::sha256_hex(std::string("\x01HEF....", 8))},
                  {"recogniser.hef", "sha256:" + core::sha256_hex(std::string("\x01HEF...r", 8))},
                  {"labels.txt", "sha256:" + core::sha256_hex("a\nb\n")}}));
  EXPECT_EQ(run({"import", file, "--task", "ocr", "--file", "recogniser"}), kUsage);
  EXPECT_THAT(console_.err.str(), HasSubstr("KIND=PATH"));
  EXPECT_EQ(run({"import", file, "--task", "ocr", "--file", "recogniser=absent.hef"}), kFailed);
}

TEST_F(LibraryCommands, ImportNeedsATaskThatNobodyCanBeAskedFor) {
  serve();
  const auto file = write("net.hef", std::string("\x01HEF....", 8));
  EXPECT_EQ(run({"import", file.string()}), kUsage);
  EXPECT_THAT(console_.err.str(), HasSubstr("--task: detect, "));
  EXPECT_EQ(run({"import", file.string(), "--task", "pose"}), kOk);
  EXPECT_EQ(last().body()["hailstone"], Json({{"task", "pose"}}));
  EXPECT_THAT(console_.out.str(), HasSubstr("imported 'net' for pose\n"));
  EXPECT_EQ(run({"import", file.string(), "--task", "pose", "--name", "../x"}), kUsage);
}

TEST_F(LibraryCommands, CopiesAndRemoves) {
  serve([](const StubRequest&) { return reply_with(200, ""); });
  EXPECT_EQ(run({"cp", "a", "b"}), kOk);
  EXPECT_EQ(last().line + " " + last().content,
            R"(POST /api/copy {"destination":"b","source":"a"})");
  EXPECT_EQ(run({"rm", "a", "b"}), kOk);
  EXPECT_THAT(lines(), ElementsAre("POST /api/copy", "DELETE /api/delete", "DELETE /api/delete"));
  EXPECT_EQ(last().content, R"({"model":"b"})");
}

TEST_F(LibraryCommands, FsckSaysWhatIsWrongAndWhatToDo) {
  serve([](const StubRequest& request) {
    const bool is_clean = request.body() == Json{{"repair", true}};
    return reply_with(200, is_clean ? R"({"status":"success","models":2,"files":5,"findings":[]})"
                                      "\n"
                                    : R"({"status":"success","models":2,"files":5,"findings":[)"
                                      R"({"fault":"wrong digest","file":"/m/f","repaired":false}],)"
                                      R"("pull_again":["qwen2.5:0.5b"]})"
                                      "\n");
  });
  EXPECT_EQ(run({"fsck"}), kOk);
  EXPECT_THAT(console_.out.str(), HasSubstr("2 models, 5 files, 0 faults"));
  EXPECT_EQ(run({"fsck", "-n"}), kFailed);
  EXPECT_THAT(console_.out.str(), HasSubstr("wrong digest: /m/f\n"));
  EXPECT_THAT(console_.out.str(), HasSubstr("hailstone pull qwen2.5:0.5b"));
}

TEST_F(LibraryCommands, FsckInAPipePrintsASummaryAndNoLinePerFile) {
  serve([](const StubRequest&) {
    std::string lines;
    for (int i = 1; i <= 50; ++i) {
      lines += "{\"status\":\"checking " + std::to_string(i) + " of 50\"}\n";
    }
    return reply_with(200, lines + R"({"status":"success","models":2,"files":50,"findings":[]})"
                                   "\n");
  });
  EXPECT_EQ(run({"fsck"}), kOk);
  EXPECT_THAT(console_.out.str(), HasSubstr("2 models, 50 files, 0 faults"));
  EXPECT_EQ(console_.err.str(), "");
}

TEST_F(LibraryCommands, AnUploadIsSentAgainToABusyService) {
  int busy = 1;
  serve([&busy](const StubRequest& request) {
    if (request.line.starts_with("POST /api/blobs/") && busy-- > 0) {
      return reply_with(503, R"({"error":"busy"})", "Retry-After: 0\r\n");
    }
    return reply_with(200, "{\"status\":\"success\"}\n");
  });
  EXPECT_EQ(run({"import", write("m.gguf", "GGUF!").string()}), kOk);
  EXPECT_EQ(service_->requests().size(), 4U);
  EXPECT_EQ(service_->requests()[2].content, "GGUF!");
  EXPECT_THAT(console_.err.str(), HasSubstr("busy (trying again in 1 s)"));
}

}  // namespace
}  // namespace hailstone::cli
