// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "cli/client/service.hpp"
#include "cli/client/stub_service.hpp"

namespace hailstone::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kTags =
    R"({"models":[{"name":"starter-chat:latest","size":8123456,"digest":"0123456789abcdef",)"
    R"("modified_at":"2020-01-01T00:00:00Z","loaded":true},)"
    R"({"name":"other:1b","size":12,"loaded":false,"faulted":{"reason":"it died"}}]})";

std::string chat_lines(const std::string& first, const std::string& second) {
  return Json{{"message", {{"role", "assistant"}, {"content", first}}}, {"done", false}}.dump() +
         "\n" +
         Json{{"message", {{"role", "assistant"}, {"content", second}}},
              {"done", true},
              {"eval_count", 2},
              {"eval_duration", 500'000'000}}
             .dump() +
         "\n";
}

class ProgramTest : public ::testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) {
    return run_program(arguments, environment_, console_.console, hooks_);
  }
  /// Starts a service that answers so, and points the program at it.
  void serve(StubAnswer answer) {
    service_ = std::make_unique<StubService>(std::move(answer));
    environment_["OLLAMA_HOST"] = to_string(service_->endpoint());
  }
  std::string out() const { return console_.out.str(); }
  std::string err() const { return console_.err.str(); }

  core::Environment environment_ = {{"HOME", "/nowhere"}, {"OLLAMA_HOST", "127.0.0.1:1"}};
  TestConsole console_;
  CliHooks hooks_{[](const core::Settings&) { return 0; }};
  std::unique_ptr<StubService> service_;
};

TEST_F(ProgramTest, WrongUsageIsExplainedOnStderr) {
  EXPECT_EQ(run({}), kUsage);
  EXPECT_EQ(run({"lsit"}), kUsage);
  EXPECT_THAT(err(), HasSubstr("`hailstone list`"));
  EXPECT_EQ(run({"show"}), kUsage);
  EXPECT_EQ(run({"list", "--nonsense"}), kUsage);
  EXPECT_EQ(run({"run", "m", "hi", "--format", "xml"}), kUsage);
  EXPECT_EQ(out(), "");
}

TEST_F(ProgramTest, HelpIsForEveryCommand) {
  EXPECT_EQ(run({"help"}), kOk);
  for (const char* verb :
       {"serve", "run", "list", "ps", "catalog", "show", "stop", "config", "version"}) {
    EXPECT_THAT(out(), HasSubstr(verb));
    EXPECT_EQ(run({"help", verb}), kOk);
  }
  EXPECT_EQ(err(), "");
}

TEST_F(ProgramTest, ServeGetsTheSettingsAndItsExitCodeIsOurs) {
  core::Settings seen;
  hooks_.serve = [&](const core::Settings& settings) {
    seen = settings;
    return 7;
  };
  EXPECT_EQ(run({"serve", "--listen", "127.0.0.1:5", "--listen", ":6", "--home", "/tmp/x",
                 "--keep-alive", "-1"}),
            7);
  EXPECT_EQ(seen.listen, (std::vector<Endpoint>{{"127.0.0.1", 5}, {"127.0.0.1", 6}}));
  EXPECT_EQ(seen.home, "/tmp/x");
  EXPECT_EQ(run({"serve", "--listen", "0.0.0.0:5"}), kUsage);
  EXPECT_EQ(run({"serve", "--listen", "0.0.0.0:5", "--public"}), 7);
  EXPECT_EQ(run({"serve", "--threads", "many"}), kUsage);
  EXPECT_THAT(err(), HasSubstr("flag --threads: threads: 'many' is not a whole number"));
}

TEST_F(ProgramTest, ABooleanFlagOverridesBothWays) {
  bool people = false;
  hooks_.serve = [&](const core::Settings& settings) {
    people = settings.people;
    return kOk;
  };
  environment_["HAILSTONE_PEOPLE"] = "true";
  EXPECT_EQ(run({"serve"}), kOk);
  EXPECT_TRUE(people);
  EXPECT_EQ(run({"serve", "--people=false"}), kOk);
  EXPECT_FALSE(people);
  environment_["HAILSTONE_PEOPLE"] = "false";
  EXPECT_EQ(run({"serve", "--people"}), kOk);
  EXPECT_TRUE(people);
  EXPECT_EQ(run({"serve", "--people=perhaps"}), kUsage);
}

TEST_F(ProgramTest, ConfigTellsWhereEachValueComesFrom) {
  EXPECT_EQ(run({"config", "--threads", "3"}), kOk);
  EXPECT_THAT(out(), HasSubstr("NAME"));
  EXPECT_THAT(out(), HasSubstr("127.0.0.1:1 "));
  EXPECT_THAT(out(), HasSubstr("OLLAMA_HOST\n"));
  EXPECT_THAT(out(), HasSubstr("flag --threads\n"));
  console_.out.str({});
  EXPECT_EQ(run({"config", "--json"}), kOk);
  EXPECT_EQ(Json::parse(out())["settings"]["listen"]["source"], "OLLAMA_HOST");
}

TEST_F(ProgramTest, ConfigAsksTheRunningServiceForWhatIsInForce) {
  serve([](const StubRequest& request) {
    EXPECT_EQ(request.line, "GET /api/config");
    return reply_with(200, R"({"file":"/srv/h.toml","settings":{"threads":{"value":"7",)"
                           R"("source":"/srv/h.toml:2"}},"kernel_lacks":[]})");
  });
  environment_["HAILSTONE_THREADS"] = "3";
  EXPECT_EQ(run({"config"}), kOk);
  EXPECT_THAT(out(), HasSubstr("in force at http://127.0.0.1:"));
  EXPECT_THAT(out(), HasSubstr("threads    7        /srv/h.toml:2\n"));
  EXPECT_THAT(out(), Not(HasSubstr("HAILSTONE_THREADS")));
  console_.out.str({});
  EXPECT_EQ(run({"config", "--json"}), kOk);
  EXPECT_EQ(Json::parse(out())["settings"]["threads"]["value"], "7");
  console_.out.str({});
  EXPECT_EQ(run({"config", "--local"}), kOk);
  EXPECT_THAT(out(), HasSubstr("HAILSTONE_THREADS"));
  EXPECT_THAT(out(), Not(HasSubstr("in force")));
}

TEST_F(ProgramTest, ConfigSaysWhoseSettingsItPrintsWhereNoServiceTells) {
  EXPECT_EQ(run({"config"}), kOk);
  EXPECT_THAT(err(), HasSubstr("no service at http://127.0.0.1:1; these are the settings that one "
                               "started in this shell would have"));
  EXPECT_THAT(out(), HasSubstr("OLLAMA_HOST\n"));
  serve([](const StubRequest&) { return reply_with(404, R"({"error":"not found"})"); });
  EXPECT_EQ(run({"config"}), kOk);
  EXPECT_THAT(err(), HasSubstr("does not tell; these are"));
}

TEST_F(ProgramTest, AServiceThatIsNotThereHasAnExitCodeOfItsOwn) {
  EXPECT_EQ(run({"list"}), kUnreachable);
  EXPECT_THAT(err(), HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(err(), HasSubstr("`hailstone serve`"));
  EXPECT_EQ(run({"version"}), kOk);
  EXPECT_THAT(out(), StartsWith("hailstone "));
  EXPECT_THAT(err(), HasSubstr("warning: "));
}

TEST_F(ProgramTest, ListIsATableOrTheServicesJson) {
  serve([](const StubRequest&) { return reply_with(200, kTags); });
  EXPECT_EQ(run({"list"}), kOk);
  EXPECT_THAT(out(), StartsWith("NAME                   ID              SIZE      MODIFIED"));
  EXPECT_THAT(out(), HasSubstr("starter-chat:latest    0123456789ab    8.1 MB    "));
  EXPECT_THAT(out(), HasSubstr(" years ago    yes\n"));
  EXPECT_THAT(out(), HasSubstr("\nother:1b "));
  console_.out.str({});
  EXPECT_EQ(run({"list", "--json"}), kOk);
  EXPECT_EQ(Json::parse(out()), Json::parse(kTags));
}

TEST_F(ProgramTest, PsTellsWhereAModelRunsAndUntilWhen) {
  serve([](const StubRequest& request) {
    EXPECT_EQ(request.line, "GET /api/ps");
    return reply_with(200, R"({"models":[
      {"name":"a","size":100,"size_vram":0,"context_length":2048,
       "expires_at":"2400-01-01T00:00:00Z"},
      {"name":"b","size":100,"size_vram":100,"expires_at":"2001-01-01T00:00:00Z"},
      {"name":"c","size":100,"size_vram":40}]})");
  });
  EXPECT_EQ(run({"ps"}), kOk);
  EXPECT_THAT(out(), HasSubstr("100 B    100% CPU           2048       Forever\n"));
  EXPECT_THAT(out(), HasSubstr("100% GPU                      Stopping...\n"));
  EXPECT_THAT(out(), HasSubstr("60%/40% CPU/GPU               Forever\n"));
}

TEST_F(ProgramTest, CatalogTellsWhatCanBeHad) {
  serve([](const StubRequest& request) {
    EXPECT_EQ(request.line, "GET /api/catalog?task=detect&engine=onnx");
    return reply_with(200, R"({"models":[
      {"name":"yolox-tiny","task":"detect","licence":"Apache-2.0","size":20219662,"default":true,
       "variants":[{"engine":"hailo"},{"engine":"hailo"},{"engine":"onnx"}]},
      {"name":"yolov8n","task":"detect","licence":"AGPL-3.0-only","size":null,"installed":true}],
      "problems":["f.toml:1: bad\u001b[2J"]})");
  });
  EXPECT_EQ(run({"catalog", "detect", "--engine", "onnx"}), kOk);
  EXPECT_EQ(out(),
            "NAME          TASK      SIZE     ENGINES       LICENCE          STATE\n"
            "yolox-tiny    detect    20 MB    hailo,onnx    Apache-2.0       default\n"
            "yolov8n       detect    -                      AGPL-3.0-only    installed\n");
  EXPECT_EQ(err(), "hailstone: warning: f.toml:1: bad[2J\n");
  EXPECT_EQ(run({"catalog", "detect&x=1"}), kUsage);
}

TEST_F(ProgramTest, ShowPrintsSectionsOrOnePart) {
  serve([](const StubRequest& request) {
    EXPECT_EQ(request.body(), Json({{"model", "m"}}));
    return reply_with(200, R"({"details":{"family":"llama","parameter_size":"5M"},
      "model_info":{"general.architecture":"llama","llama.context_length":512},
      "capabilities":["completion"],"parameters":"stop    \"<end>\"\ntemperature 0.1",
      "license":"Apache-2.0\nand more\n","system":"Be kind.","template":"{{ .Prompt }}"})");
  });
  EXPECT_EQ(run({"show", "m"}), kOk);
  EXPECT_EQ(out(),
            "  Model\n    architecture      llama\n    parameters        5M\n"
            "    context length    512\n\n"
            "  Capabilities\n    completion\n\n"
            "  Parameters\n    stop           \"<end>\"\n    temperature    0.1\n\n"
            "  System\n    Be kind.\n\n"
            "  License\n    Apache-2.0\n    ...\n\n");
  console_.out.str({});
  EXPECT_EQ(run({"show", "m", "--template"}), kOk);
  EXPECT_EQ(out(), "{{ .Prompt }}\n");
  EXPECT_EQ(run({"show", "m", "--template", "--license"}), kUsage);
}

TEST_F(ProgramTest, AnUnknownModelNamesTheOnesThatAreThere) {
  serve([](const StubRequest& request) {
    return request.line == "GET /api/tags" ? reply_with(200, kTags)
                                           : reply_with(404, R"({"error":"model 'x' not found"})");
  });
  EXPECT_EQ(run({"run", "x", "hi"}), kFailed);
  EXPECT_EQ(err(),
            "hailstone: model 'x' not found\n"
            "Models that are there: other:1b, starter-chat:latest\n");
}

TEST_F(ProgramTest, AnUnknownModelNamesTheThreeNearestOfMany) {
  serve([](const StubRequest& request) {
    return request.line == "GET /api/tags"
               ? reply_with(200, R"({"models":[{"name":"mistral:7b"},{"name":"yolox-nano:latest"},
                   {"name":"mistral:latest"},{"name":"whisper-base:latest"},{"name":"minstrel:7b"}]})")
               : reply_with(404,
                            R"({"error":"model 'mistrel:7b' not found","detail":"all of them"})");
  });
  EXPECT_EQ(run({"run", "mistrel:7b", "hi"}), kFailed);
  EXPECT_EQ(err(),
            "hailstone: model 'mistrel:7b' not found\n"
            "Nearest of those that are there: mistral:7b, minstrel:7b, mistral:latest; "
            "`hailstone list` shows all\n");
}

TEST_F(ProgramTest, ARouteThatTheServiceDoesNotHaveIsNoModel) {
  serve([](const StubRequest&) { return reply_with(404, R"({"error":"there is no /api/tags"})"); });
  EXPECT_EQ(run({"list"}), kFailed);
  EXPECT_EQ(err(), "hailstone: there is no /api/tags\n");
}

TEST_F(ProgramTest, GarbageFromTheServiceIsACleanError) {
  serve([](const StubRequest&) { return reply_with(200, "<html>hello</html>"); });
  EXPECT_EQ(run({"list"}), kFailed);
  EXPECT_THAT(err(), HasSubstr("does not answer in JSON"));
  EXPECT_EQ(run({"run", "m", "hi"}), kFailed);
  serve([](const StubRequest&) { return reply_with(200, R"({"models":[1,{"name":2}]})"); });
  EXPECT_EQ(run({"list"}), kOk);
  serve([](const StubRequest&) { return std::string("SSH-2.0-OpenSSH\r\n"); });
  EXPECT_EQ(run({"list"}), kFailed);
}

TEST_F(ProgramTest, RunAnswersOnePromptPlainly) {
  serve([](const StubRequest& request) {
    EXPECT_EQ(request.line, "POST /api/chat");
    EXPECT_EQ(request.body()["messages"],
              Json::parse(R"([{"role":"system","content":"S"},{"role":"user","content":"a b"}])"));
    EXPECT_EQ(request.body()["format"], "json");
    EXPECT_EQ(request.body()["keep_alive"], 60);
    return reply_with(200, chat_lines("Hello", " you"));
  });
  EXPECT_EQ(run({"run", "m", "a", "b", "--system", "S", "--format", "json", "--keepalive", "60",
                 "--verbose"}),
            kOk);
  EXPECT_EQ(out(), "Hello you\n");
  EXPECT_THAT(err(), HasSubstr("eval rate:            4.00 tokens/s\n"));
}

TEST_F(ProgramTest, RunTakesItsPromptFromAPipe) {
  serve([](const StubRequest&) { return reply_with(200, chat_lines("ok", "\n")); });
  console_.in.str("a letter\n");
  EXPECT_EQ(run({"run", "m", "in short"}), kOk);
  EXPECT_EQ(service_->requests().at(0).body()["messages"][0]["content"], "a letter\nin short");
  EXPECT_EQ(out(), "ok\n");
}

TEST_F(ProgramTest, RunWithNothingToSayLoadsTheModel) {
  serve(
      [](const StubRequest&) { return reply_with(200, R"({"done":true,"done_reason":"load"})"); });
  EXPECT_EQ(run({"run", "m"}), kOk);
  EXPECT_EQ(service_->requests().at(0).body()["messages"], Json::array());
  EXPECT_EQ(out(), "");
}

TEST_F(ProgramTest, AReplyThatBreaksOffIsAnError) {
  serve([](const StubRequest&) {
    return reply_with(200, R"({"message":{"content":"Hel"}})"
                           "\n"
                           R"({"error":"engine died"})"
                           "\n");
  });
  EXPECT_EQ(run({"run", "m", "hi"}), kFailed);
  EXPECT_EQ(out(), "Hel");
  EXPECT_EQ(err(), "hailstone: engine died\n");
  serve([](const StubRequest&) {
    return reply_with(200, R"({"message":{"content":"Hel"}})"
                           "\n");
  });
  EXPECT_EQ(run({"run", "m", "hi"}), kFailed);
  EXPECT_THAT(err(), HasSubstr("ends in the middle"));
}

TEST_F(ProgramTest, ABusyServiceIsAskedAgainWhenItSays) {
  std::atomic<int> asked = 0;
  serve([&](const StubRequest&) {
    return ++asked == 1 ? reply_with(503, R"({"error":"server busy"})", "Retry-After: 0\r\n")
                        : reply_with(200, R"({"models":[]})");
  });
  EXPECT_EQ(run({"list"}), kOk);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(err(), "hailstone: server busy (trying again in 1 s)\n");
}

TEST_F(ProgramTest, CtrlCEndsTheWaitForABusyService) {
  serve([](const StubRequest&) {
    return reply_with(503, R"({"error":"too hot"})", "Retry-After: 3600\r\n");
  });
  std::stop_source interrupt;
  std::chrono::seconds waits{};
  Service busy(service_->endpoint(), "", [&](std::chrono::seconds wait, const std::string&) {
    waits = wait;
    interrupt.request_stop();
  });
  try {
    busy.get("/api/tags", RunContext{Deadline::never(), interrupt.get_token()});
    FAIL() << "it has been answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_EQ(waits, std::chrono::seconds(30)) << "nobody waits for an hour";
  EXPECT_EQ(service_->requests().size(), 1U);
}

TEST_F(ProgramTest, TheKeyIsSentAndItsAbsenceExplained) {
  serve([](const StubRequest&) { return reply_with(401, R"({"error":"unauthorized"})"); });
  environment_["HAILSTONE_API_KEY"] = "secret,second";
  EXPECT_EQ(run({"list"}), kFailed);
  EXPECT_THAT(service_->requests().at(0).head, HasSubstr("Authorization: Bearer secret\r\n"));
  EXPECT_THAT(err(), HasSubstr("HAILSTONE_API_KEY"));
}

TEST_F(ProgramTest, StopUnloadsAsAnOperatorDoes) {
  serve([](const StubRequest&) { return reply_with(200, R"({"unloaded":["m"]})"); });
  EXPECT_EQ(run({"stop", "m"}), kOk);
  ASSERT_EQ(service_->requests().size(), 1U);
  EXPECT_EQ(service_->requests().at(0).line, "POST /api/unload");
  EXPECT_EQ(service_->requests().at(0).body(), Json({{"model", "m"}}));
}

TEST_F(ProgramTest, StopUnloadsTheWayOllamaDoesWhereTheServiceIsOne) {
  serve([](const StubRequest& request) {
    return request.line == "POST /api/unload" ? reply_with(404, "404 page not found")
                                              : reply_with(200, R"({"done":true})");
  });
  EXPECT_EQ(run({"stop", "m"}), kOk);
  EXPECT_EQ(service_->requests().at(1).line, "POST /api/generate");
  EXPECT_EQ(service_->requests().at(1).body(), Json({{"model", "m"}, {"keep_alive", 0}}));
}

TEST_F(ProgramTest, NothingFromTheServiceControlsATerminal) {
  console_.console.out_is_terminal = true;
  serve([](const StubRequest& request) {
    return request.line == "GET /api/tags"
               ? reply_with(200, R"({"models":[{"name":"a\u001b[2Jb"}]})")
               : reply_with(200, chat_lines("x\x1b]0;evil\x07y", "\u009bz"));
  });
  EXPECT_EQ(run({"list"}), kOk);
  EXPECT_EQ(run({"run", "m", "hi"}), kOk);
  EXPECT_THAT(out(), HasSubstr("a[2Jb"));
  EXPECT_THAT(out(), HasSubstr("x]0;evilyz\n"));
  EXPECT_EQ(out().find('\x1b'), std::string::npos);
}

TEST(ServiceEndpoint, UnderstandsWhatAServerCanHaveAndAClientCannot) {
  const auto read = [](const std::string& text) {
    return to_string(service_endpoint({{"OLLAMA_HOST", text}}));
  };
  EXPECT_EQ(read(""), "127.0.0.1:11434");
  EXPECT_EQ(read("0.0.0.0"), "127.0.0.1:11434");
  EXPECT_EQ(read("[::]:80"), "[::1]:80");
  EXPECT_EQ(read("pi"), "pi:11434");
  EXPECT_EQ(read(":8080"), "127.0.0.1:8080");
  EXPECT_EQ(read("http://pi:1"), "pi:1");
  EXPECT_EQ(to_string(service_endpoint({{"OLLAMA_HOST", "a"}, {"HAILSTONE_HOST", "b"}})),
            "b:11434");
}

}  // namespace
}  // namespace hailstone::cli
