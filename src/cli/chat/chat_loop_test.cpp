// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat/chat_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <deque>

#include "cli/client/request_options.hpp"
#include "cli/client/stub_service.hpp"

namespace hailstone::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Outcome = LineRead::Outcome;

class ScriptedLines : public LineSource {
 public:
  LineRead read(const std::string& prompt) override {
    prompts += prompt;
    if (script.empty()) return {Outcome::kEnd, {}};
    LineRead next = script.front();
    script.pop_front();
    return next;
  }
  std::deque<LineRead> script;
  std::string prompts;
};

/// Answers every chat with the number of messages that it was sent.
std::string count_messages(const StubRequest& request) {
  const auto count = std::to_string(request.body()["messages"].size());
  return reply_with(200, Json{{"message", {{"content", count}}}, {"done", true}}.dump() + "\n");
}

class ChatLoopTest : public ::testing::Test {
 protected:
  void start(StubAnswer answer) {
    stub_ = std::make_unique<StubService>(std::move(answer));
    service_ = std::make_unique<Service>(stub_->endpoint(), "", nullptr);
  }
  /// Types these lines and then Ctrl-D.
  void type(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) lines_.script.push_back({Outcome::kLine, line});
    run();
  }
  void run() {
    if (!service_) start(count_messages);
    ChatOptions options;
    options.model = "m";
    Chat chat(*service_, console_.console, options);
    const CommandContext context{console_.console, environment_, *service_};
    ChatLoop(chat, context, lines_, [this] { return arm(); }).run();
  }
  std::stop_token arm() {
    stop_ = std::stop_source();
    return stop_.get_token();
  }
  Json body(std::size_t index) const { return stub_->requests().at(index).body(); }

  core::Environment environment_;
  TestConsole console_;
  ScriptedLines lines_;
  std::stop_source stop_;
  std::unique_ptr<StubService> stub_;
  std::unique_ptr<Service> service_;
};

TEST_F(ChatLoopTest, RemembersTheConversationUntilItIsCleared) {
  type({"one", "  ", "two", "/clear", "three"});
  EXPECT_EQ(console_.out.str(), "1\n\n3\n\nForgotten.\n1\n\n\n");
  EXPECT_EQ(body(1)["messages"][1], Json({{"role", "assistant"}, {"content", "1"}}));
  EXPECT_EQ(lines_.prompts, ">>> >>> >>> >>> >>> >>> ");
}

TEST_F(ChatLoopTest, SettingsGoIntoTheNextRequest) {
  type({"/set system Be brief.", "/set parameter temperature 0.5", "/set parameter stop A",
        "/set parameter stop B", "/set format json", "hi", "/set noformat", "/set system", "ho"});
  EXPECT_EQ(body(0)["messages"][0], Json({{"role", "system"}, {"content", "Be brief."}}));
  EXPECT_EQ(body(0)["options"], Json::parse(R"({"temperature":0.5,"stop":["A","B"]})"));
  EXPECT_EQ(body(0)["format"], "json");
  EXPECT_FALSE(body(1).contains("format"));
  EXPECT_EQ(body(1)["messages"][0]["role"], "user");
}

TEST_F(ChatLoopTest, MistakesAreToldAndNothingIsSent) {
  type({"/nonsense", "/set parameter temprature 1", "/set parameter top_k 1.5", "/set format xml",
        "/show nonsense"});
  EXPECT_THAT(console_.err.str(), HasSubstr("unknown command; /help lists them"));
  EXPECT_THAT(console_.err.str(), HasSubstr("unknown parameter 'temprature'\nParameters: temp"));
  EXPECT_THAT(console_.err.str(), HasSubstr("top_k: '1.5' is not a whole number"));
  EXPECT_TRUE(stub_->requests().empty());
}

TEST_F(ChatLoopTest, HelpListsEveryCommand) {
  type({"/help", "/set", "/bye", "never sent"});
  for (const char* command : {"/set", "/show", "/clear", "/bye", "/set parameter NAME VALUE"}) {
    EXPECT_THAT(console_.out.str(), HasSubstr(command));
  }
  EXPECT_TRUE(stub_->requests().empty());
}

TEST_F(ChatLoopTest, QuotesHoldAMessageOfSeveralLines) {
  type({R"("""one)", "two", R"(three""")"});
  EXPECT_EQ(body(0)["messages"][0]["content"], "one\ntwo\nthree");
  EXPECT_EQ(lines_.prompts, ">>> ... ... >>> ");
}

TEST_F(ChatLoopTest, CtrlCAtThePromptDropsTheInputAndHintsAtTheWayOut) {
  lines_.script = {{Outcome::kLine, R"("""half)"},
                   {Outcome::kInterrupted, {}},
                   {Outcome::kInterrupted, {}},
                   {Outcome::kLine, "hi"}};
  run();
  EXPECT_THAT(console_.out.str(), HasSubstr("/bye"));
  EXPECT_EQ(body(0)["messages"][0]["content"], "hi");
}

TEST_F(ChatLoopTest, AnErrorEndsTheReplyAndNotTheConversation) {
  int asked = 0;
  start([&asked](const StubRequest& request) {
    return ++asked == 1
               ? reply_with(500, R"({"error":"engine\u001b died","detail":"load it anew"})")
               : count_messages(request);
  });
  type({"one", "two"});
  EXPECT_EQ(console_.err.str(), "error: engine died\nload it anew\n");
  EXPECT_EQ(console_.out.str(), "1\n\n\n") << "the message that was not answered is gone";
}

/// Presses Ctrl-C as soon as something is shown.
class ImpatientScreen : public std::stringbuf {
 public:
  explicit ImpatientScreen(std::stop_source& stop) : stop_(stop) {}
  int sync() override {
    if (!str().empty()) stop_.request_stop();
    return 0;
  }

 private:
  std::stop_source& stop_;
};

TEST_F(ChatLoopTest, CtrlCStopsTheReplyAndKeepsWhatCame) {
  int asked = 0;
  start([&asked](const StubRequest& request) {
    return ++asked == 2 ? count_messages(request)
                        : std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n") +
                              R"({"message":{"content":"Hel"}})" + "\n";
  });
  ImpatientScreen screen(stop_);
  static_cast<std::ostream&>(console_.out).rdbuf(&screen);
  type({"one", "two"});
  EXPECT_EQ(console_.err.str(), "");
  EXPECT_THAT(screen.str(), StartsWith("Hel\n\n3"));
  EXPECT_EQ(body(1)["messages"][1], Json({{"role", "assistant"}, {"content", "Hel"}}));
}

TEST(InputBlock, JoinsLinesBetweenQuotes) {
  InputBlock block;
  EXPECT_EQ(block.add("  plain "), "plain");
  EXPECT_EQ(block.add(R"("""all on one""")"), "all on one");
  EXPECT_EQ(block.add(R"(/set system """You are)"), std::nullopt);
  EXPECT_TRUE(block.is_open());
  EXPECT_EQ(block.add(R"(kind.""")"), "/set system You are\nkind.");
  EXPECT_FALSE(block.is_open());
  EXPECT_EQ(block.add(R"(say """ here)"), R"(say """ here)");
}

TEST(ParseKeepAlive, NumbersAreNumbersAndDurationsTexts) {
  EXPECT_EQ(parse_keep_alive(""), Json());
  EXPECT_EQ(parse_keep_alive("-1"), Json(-1));
  EXPECT_EQ(parse_keep_alive("5m"), Json("5m"));
}

}  // namespace
}  // namespace hailstone::cli
