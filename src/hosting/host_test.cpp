// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>

#include "base/error.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/text_session.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::hosting {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kLong = 60s;

HostCommand shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}};
}

HostOptions impatient() {
  HostOptions options;
  options.start_limit = 300ms;
  options.cancel_grace = 50ms;
  options.exit_grace = 50ms;
  return options;
}

Error start_error(const HostCommand& command, const HostOptions& options = {}) {
  try {
    const Host host("odd", command, options, {Deadline::in(kLong), {}});
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "the host started";
  return Error(ErrorCode::kInternal, "");
}

void expect_no_children() {
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(Host, AProgramThatIsNotThereIsNamed) {
  const Error error = start_error({{"/no/such/host"}, {}});
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("cannot start /no/such/host"));
}

TEST(Host, AProgramThatTalksNonsenseIsStopped) {
  const Error error = start_error(shell("yes nonsense >&3"), impatient());
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("does not speak the host protocol"));
  expect_no_children();
}

TEST(Host, RandomBytesAreAnErrorAndNoCrash) {
  for (int i = 0; i < 10; ++i) {
    const Error error =
        start_error(shell("head -c 100000 /dev/urandom >&3; exec sleep 100"), impatient());
    EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  }
  expect_no_children();
}

TEST(Host, AProgramThatSaysNothingIsStopped) {
  const Error error = start_error(shell("exec sleep 100"), impatient());
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_STREQ(error.what(),
               "the odd engine was stopped (it made no progress starting) while starting");
  expect_no_children();
}

TEST(Host, AProgramThatEndsAtOnceTellsHow) {
  const Error error = start_error(shell("echo goodbye >&2; exit 3"));
  EXPECT_STREQ(error.what(), "the odd engine crashed (exited with status 3) while starting");
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
}

TEST(Host, AStartIsCalledOff) {
  std::stop_source stop;
  stop.request_stop();
  try {
    const Host host("odd", shell("exec sleep 100"), impatient(),
                    {Deadline::never(), stop.get_token()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  expect_no_children();
}

TEST(Host, GetsOnlyWhatItNeedsOfOurEnvironment) {
  ::setenv("LC_CTYPE", "C.UTF-8", 1);
  ::setenv("HAILSTONE_API_KEY", "x", 1);
  ::setenv("PATHOLOGY", "x", 1);
  ::setenv("LD_PRELOAD_ME", "x", 1);
  const auto environment = host_environment();
  ::unsetenv("HAILSTONE_API_KEY");
  EXPECT_THAT(environment, testing::Contains("LC_CTYPE=C.UTF-8"));
  EXPECT_THAT(environment, testing::Each(testing::Not(testing::EndsWith("=x"))));
}

TEST(HostedEngine, ProbeSaysWhyNot) {
  const HostedEngine engine("odd", {{"/no/such/host"}, {}});
  const auto availability = engine.probe();
  EXPECT_FALSE(availability.usable);
  EXPECT_THAT(availability.reason, HasSubstr("cannot start /no/such/host"));
}

TEST(HostedEngine, WithoutAProgramSaysWhatWouldHelp) {
  HostCommand command{{"/no/such/host"}, {}};
  command.missing = "build it first";
  HostedEngine engine("odd", command);
  EXPECT_EQ(engine.probe().reason, "build it first");
  try {
    engine.load({}, {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_STREQ(error.what(), "build it first");
  }
}

/// The host protocol from the other side, written from its documentation.
class PythonHost : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/bin/python3")) GTEST_SKIP() << "there is no python3";
  }

  static inference::TextRequest chat(const std::string& message) {
    inference::TextRequest request;
    request.prompt =
        inference::ChatPrompt{{inference::make_message(inference::Role::kUser, message)}, {}};
    return request;
  }

  static HostCommand command() {
    return {{"/usr/bin/python3", HAILSTONE_UPPER_HOST}, host_environment()};
  }

  HostedEngine engine_{"upper", command()};
  const RunContext run_{Deadline::in(kLong), {}};
};

TEST_F(PythonHost, ANoOfProbeHoldsForSomeSecondsAndAYesForEver) {
  const auto host = std::filesystem::temp_directory_path() /
                    ("hailstone-late-host-" + std::to_string(::getpid()));
  test_support::ManualClock clock;
  HostCommand late = command();
  late.argv[1] = host;
  const HostedEngine engine("upper", late, HostScope::kPerModel, {}, clock);
  EXPECT_FALSE(engine.probe().usable);
  std::filesystem::copy_file(HAILSTONE_UPPER_HOST, host);
  EXPECT_FALSE(engine.probe().usable);
  clock.advance(std::chrono::seconds(11));
  EXPECT_TRUE(engine.probe().usable);
  std::filesystem::remove(host);
  clock.advance(std::chrono::hours(1));
  EXPECT_TRUE(engine.probe().usable);
}

TEST_F(PythonHost, IsAnEngineLikeAnyOther) {
  EXPECT_TRUE(engine_.probe().usable);
  const auto model = engine_.load({}, {}, run_);
  ASSERT_NE(model->text(), nullptr);
  EXPECT_EQ(model->say(), nullptr);
  std::string message;
  for (int i = 0; i < 200; ++i) message += "word ";  // more than one credit's worth
  std::string reply;
  const auto result = model->text()->generate(
      chat(message), [&](inference::TextChunk&& chunk) { reply += chunk.text; }, run_);
  EXPECT_EQ(reply.size(), message.size());
  EXPECT_EQ(reply.substr(0, 10), "WORD WORD ");
  EXPECT_EQ(result.generated_tokens, 200);
  const auto tokens = model->text()->tokenize("h\xFF", run_);
  EXPECT_EQ(model->text()->detokenize(tokens, run_), "h\xFF");
}

TEST_F(PythonHost, SaysNoAndIsCalledOff) {
  const auto model = engine_.load({}, {}, run_);
  try {
    model->text()->embed({"x"}, run_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_STREQ(error.what(), "not in capitals");
  }
  std::stop_source stop;
  std::string message;
  for (int i = 0; i < 1000; ++i) message += "word ";
  try {
    model->text()->generate(chat(message), [&](inference::TextChunk&&) { stop.request_stop(); },
                            {Deadline::in(kLong), stop.get_token()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_TRUE(model->alive());
}

}  // namespace
}  // namespace hailstone::hosting
