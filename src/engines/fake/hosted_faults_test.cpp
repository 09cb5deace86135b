// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What goes wrong in a host stays there: the fake as the engine that crashes, hangs and leaks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/audio_pipe.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "os/process_memory.hpp"
#include "support/child_processes.hpp"

namespace hailstone::engines::fake {
namespace {

using namespace std::chrono_literals;
using hosting::HostedEngine;
using hosting::HostOptions;
using hosting::HostScope;
using test_support::child_processes;
using test_support::comes_true;
using testing::HasSubstr;

constexpr auto kLong = 60s;

/// What the resident memory may grow by. The sanitizers keep freed memory for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlackMib = 300;
#else
constexpr double kSlackMib = 5;
#endif

using Settings = std::map<std::string, std::string>;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::unique_ptr<HostedEngine> make_engine(HostOptions options = {},
                                          HostScope scope = HostScope::kPerModel) {
  const hosting::HostCommand command{{HAILSTONE_HOST_FAKE}, hosting::host_environment()};
  return std::make_unique<HostedEngine>("fake", command, scope, options);
}

std::unique_ptr<inference::Model> load(HostedEngine& engine, Settings settings,
                                       std::chrono::nanoseconds limit = kLong) {
  inference::ModelSpec spec;
  spec.name = "tiny";
  spec.settings = std::move(settings);
  return engine.load(spec, {}, {Deadline::in(limit), {}});
}

inference::TextRequest chat(const std::string& message = "one two three four") {
  inference::TextRequest request;
  request.prompt =
      inference::ChatPrompt{{inference::make_message(inference::Role::kUser, message)}, {}};
  return request;
}

const auto kIgnore = [](inference::TextChunk&&) {};

std::string generate(inference::Model& model, const inference::TextRequest& request = chat()) {
  std::string text;
  model.text()->generate(request, [&](inference::TextChunk&& chunk) { text += chunk.text; },
                         {Deadline::in(kLong), {}});
  return text;
}

template <typename Action>
Error error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return Error(ErrorCode::kInternal, "none");
}

TEST(HostedFaults, ACrashInMidStreamIsAnHonestError) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"crash_after", "2"}});
  const Error error = error_of([&] { generate(*model); });
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_STREQ(error.what(),
               "the fake engine crashed (killed by signal 9, Killed) while generating text with "
               "tiny");
  EXPECT_FALSE(model->alive());
  EXPECT_EQ(error_of([&] { generate(*model); }).code(), ErrorCode::kEngineFailed);
  EXPECT_EQ(generate(*load(*engine, {})), "one two three four");
}

TEST(HostedFaults, ACrashEndsEveryRequestOfTheHost) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"hang_after", "1"}});
  std::vector<std::future<ErrorCode>> runs;
  runs.reserve(3);
  std::atomic<int> hanging{0};
  for (int i = 0; i < 3; ++i) {
    runs.push_back(std::async(std::launch::async, [&] {
      const auto on_chunk = [&](inference::TextChunk&&) {
        if (++hanging == 3) ::kill(child_processes().at(0), SIGSEGV);
      };
      return error_of([&] { model->text()->generate(chat(), on_chunk, {}); }).code();
    }));
  }
  for (auto& run : runs) EXPECT_EQ(run.get(), ErrorCode::kEngineFailed);
}

TEST(HostedFaults, AHangEndsAtTheDeadlineAndTheModelLivesOn) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"hang_after", "1"}});
  const RunContext run{Deadline::in(100ms), {}};
  const Error error = error_of([&] { model->text()->generate(chat(), kIgnore, run); });
  EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  EXPECT_TRUE(model->alive());
}

TEST(HostedFaults, AHangThatIgnoresCancellationIsKilled) {
  HostOptions options;
  options.cancel_grace = 100ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"hang_after", "1"}, {"hang_hard", "1"}});
  const RunContext run{Deadline::in(300ms), {}};
  EXPECT_EQ(error_of([&] { model->text()->generate(chat(), kIgnore, run); }).code(),
            ErrorCode::kTimeout);
  EXPECT_TRUE(comes_true([&] { return !model->alive(); })) << "nobody else worked there";
}

/// A run that cannot be interrupted and one that takes its time, in one host.
struct BusyHost {
  explicit BusyHost(std::chrono::nanoseconds stall_limit)
      : engine([&] {
          HostOptions options;
          options.cancel_grace = 100ms;
          options.stall_limit = stall_limit;
          return make_engine(options);
        }()) {
    slow = std::async(std::launch::async, [this] {
      return error_of([&] {
        model->text()->generate(chat("long"), [&](inference::TextChunk&&) { is_under_way = true; },
                                {Deadline::in(kLong), stop_slow.get_token()});
      });
    });
    EXPECT_TRUE(comes_true([&] { return is_under_way.load(); }));
    const RunContext run{Deadline::in(200ms), {}};
    EXPECT_EQ(error_of([&] { generate_with(run, "hang"); }).code(), ErrorCode::kTimeout);
  }
  void generate_with(const RunContext& run, const char* message) const {
    model->text()->generate(chat(message), kIgnore, run);
  }

  std::unique_ptr<HostedEngine> engine;
  std::unique_ptr<inference::Model> model = load(
      *engine, {{"hang_on", "hang"}, {"hang_hard", "1"}, {"token_ms", "5"}, {"tokens", "100000"}});
  std::atomic<bool> is_under_way{false};
  std::stop_source stop_slow;
  std::future<Error> slow;
};

TEST(HostedFaults, ARunThatCannotBeInterruptedHarmsNobodyElse) {
  BusyHost busy(kLong);
  EXPECT_EQ(busy.slow.wait_for(100ms), std::future_status::timeout) << "it works on";
  EXPECT_EQ(child_processes().size(), 1U);
  std::stop_source stop;
  const RunContext run{Deadline::in(kLong), stop.get_token()};
  const auto on_chunk = [&](inference::TextChunk&&) { stop.request_stop(); };
  EXPECT_EQ(error_of([&] { busy.model->text()->generate(chat("new"), on_chunk, run); }).code(),
            ErrorCode::kCancelled);
  EXPECT_EQ(child_processes().size(), 2U) << "new work is done by a second process";
  busy.stop_slow.request_stop();
  EXPECT_EQ(busy.slow.get().code(), ErrorCode::kCancelled);
  EXPECT_TRUE(comes_true([] { return child_processes().size() == 1; })) << "the first is left";
  EXPECT_TRUE(busy.model->alive());
}

TEST(HostedFaults, OnlyTheStallLimitEndsAHostInWhichOthersWork) {
  BusyHost busy(2s);
  // It has said something already, so it cannot be done once more.
  const Error lost = busy.slow.get();
  EXPECT_EQ(lost.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(lost.what(), HasSubstr("it did not stop when it was told to"));
}

TEST(HostedFaults, WhatLosesItsHostForAnotherIsDoneOnceMore) {
  HostOptions options;
  options.stall_limit = 2s;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"hang_on", "hang"}, {"hang_hard", "1"}, {"prompt_ms", "700"}});
  auto culprit = std::async(std::launch::async,
                            [&] { return error_of([&] { generate(*model, chat("hang")); }); });
  std::this_thread::sleep_for(1700ms);
  EXPECT_EQ(generate(*model, chat("one two")), "one two") << "its host died in the middle";
  EXPECT_THAT(culprit.get().what(), HasSubstr("it made no progress generating text"));
}

TEST(HostedFaults, AWaitingRequestThatIsCancelledHarmsNobody) {
  HostOptions options;
  options.cancel_grace = 200ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"token_ms", "150"}, {"slots", "30"}});
  std::vector<std::future<std::string>> runs;
  std::atomic<int> under_way{0};
  for (int i = 0; i < 15; ++i) {
    runs.push_back(std::async(std::launch::async, [&] {
      std::string text;
      model->text()->generate(chat(),
                              [&](inference::TextChunk&& chunk) {
                                if (text.empty()) ++under_way;
                                text += chunk.text;
                              },
                              {Deadline::in(kLong), {}});
      return text;
    }));
  }
  EXPECT_TRUE(comes_true([&] { return under_way == 15; }));
  const RunContext run{Deadline::in(50ms), {}};
  EXPECT_EQ(error_of([&] { model->text()->generate(chat(), kIgnore, run); }).code(),
            ErrorCode::kTimeout);
  for (auto& running : runs) EXPECT_EQ(running.get(), "one two three four");
}

TEST(HostedFaults, ARequestThatIsTooLargeIsNeverSent) {
  const auto engine = make_engine();
  const auto model = load(*engine, {});
  const inference::TensorInfo info{"input", inference::ElementType::kUint8, {-1, -1, 3}};
  // The same half a gibibyte three times.
  const inference::Tensor half{info, std::vector<std::byte>(512U << 20)};
  EXPECT_EQ(error_of([&] {
              model->tensor()->run({half, half, half}, {Deadline::in(kLong), {}});
            }).code(),
            ErrorCode::kTooLarge);
  EXPECT_EQ(generate(*model), "one two three four") << "the host does not know of it";
}

TEST(HostedFaults, AHostThatAnswersNothingIsKilled) {
  HostOptions options;
  options.heartbeat = 50ms;
  options.silence_limit = 300ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {});
  ::kill(child_processes().at(0), SIGSTOP);
  const Error error = error_of([&] { generate(*model); });
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("was stopped (it did not answer)"));
}

TEST(HostedFaults, ASlowHostThatAnswersIsLeftAlone) {
  HostOptions options;
  options.heartbeat = 20ms;
  options.silence_limit = 20s;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"prompt_ms", "300"}});
  EXPECT_EQ(generate(*model), "one two three four");
}

TEST(HostedFaults, ARequestWithoutProgressCostsTheHost) {
  HostOptions options;
  options.stall_limit = 200ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"hang_after", "1"}, {"hang_hard", "1"}});
  const Error error = error_of([&] { generate(*model); });
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("it made no progress generating text"));
}

TEST(HostedFaults, WhoSaysNothingForLongCostsNoHost) {
  HostOptions options;
  options.stall_limit = 100ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {});
  inference::AudioPipe pipe(16'000, 160'000);
  const std::jthread speaker([&] {
    for (int i = 0; i < 2; ++i) {
      std::this_thread::sleep_for(200ms);
      pipe.push(std::vector<float>(16'000), {});
    }
    pipe.finish();
  });
  int words = 0;
  const auto on_heard = [&](inference::HearEvent&& event) {
    if (event.kind == inference::HearEvent::Kind::kFinal) ++words;
  };
  model->hear()->listen({}, pipe, on_heard, {Deadline::in(kLong), {}});
  EXPECT_EQ(words, 2);
}

TEST(HostedFaults, AnEngineThatStallsOnWhatWasSaidCostsTheHost) {
  HostOptions options;
  options.stall_limit = 200ms;
  const auto engine = make_engine(options);
  const auto model = load(*engine, {{"hang_after", "0"}, {"hang_hard", "1"}});
  inference::AudioPipe pipe(16'000, 160'000);
  pipe.push(std::vector<float>(160'000), {});
  pipe.finish();
  const Error error = error_of([&] { model->hear()->listen({}, pipe, {}, {}); });
  EXPECT_THAT(error.what(), HasSubstr("it made no progress listening with"));
}

TEST(HostedFaults, WhoSpeaksFasterThanTheEngineHearsWaits) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"token_ms", "1"}});
  inference::AudioPipe pipe(16'000, 16'000);
  const ByteSize before = os::own_rss();
  const ByteSize host_before = model->footprint().host;
  const std::jthread speaker([&] {
    const std::vector<float> second(16'000);
    for (int i = 0; i < 1200; ++i) pipe.push(second, {});  // 73 MiB
    pipe.finish();
  });
  model->hear()->listen({}, pipe, {}, {Deadline::in(kLong), {}});
  EXPECT_LE((os::own_rss() - before).in_mib(), 4 + kSlackMib);
  EXPECT_LE((model->footprint().host - host_before).in_mib(), 12 + kSlackMib);
}

TEST(HostedFaults, LoadsThatFailLeaveNoProcess) {
  HostOptions options;
  options.cancel_grace = 100ms;
  options.exit_grace = 100ms;
  const auto engine = make_engine(options);
  const auto refused = error_of([&] { load(*engine, {{"refuse_load", "out_of_memory: 8 GiB"}}); });
  EXPECT_EQ(refused.code(), ErrorCode::kOutOfMemory);
  EXPECT_STREQ(refused.what(), "8 GiB");
  EXPECT_EQ(error_of([&] { load(*engine, {{"colour", "red"}}); }).code(), ErrorCode::kBadRequest);
  const auto crashed = error_of([&] { load(*engine, {{"crash_at_load", "1"}}); });
  EXPECT_EQ(crashed.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(crashed.what(), HasSubstr("while loading tiny"));
  const Settings hang = {{"hang_at_load", "1"}, {"hang_hard", "1"}};
  EXPECT_EQ(error_of([&] { load(*engine, hang, 200ms); }).code(), ErrorCode::kTimeout);
  EXPECT_TRUE(child_processes().empty());
}

TEST(HostedFaults, TwoHundredLoadsLeaveNothingBehind) {
  const auto engine = make_engine();
  load(*engine, {});
  const auto descriptors = open_descriptors();
  const ByteSize before = os::own_rss();
  for (int i = 0; i < 200; ++i) {
    const auto model = load(*engine, {});
    if (i % 20 == 0) {
      EXPECT_EQ(generate(*model, chat("hello")), "hello");
    }
  }
  EXPECT_TRUE(child_processes().empty());
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_LE((os::own_rss() - before).in_mib(), kSlackMib);
}

TEST(HostedFaults, AThousandCancelledStreamsLeaveNothingBehind) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"tokens", "100000"}});
  const auto cancelled_stream = [&] {
    std::stop_source stop;
    const RunContext run{Deadline::in(kLong), stop.get_token()};
    const auto on_chunk = [&](inference::TextChunk&&) { stop.request_stop(); };
    EXPECT_EQ(error_of([&] { model->text()->generate(chat(), on_chunk, run); }).code(),
              ErrorCode::kCancelled);
  };
  for (int i = 0; i < 20; ++i) cancelled_stream();
  const auto descriptors = open_descriptors();
  const ByteSize before = os::own_rss();
  const ByteSize host_before = model->footprint().host;
  for (int i = 0; i < 1000; ++i) cancelled_stream();
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_LE((os::own_rss() - before).in_mib(), kSlackMib);
  EXPECT_LE((model->footprint().host - host_before).in_mib(), kSlackMib);
  EXPECT_TRUE(model->alive());
}

TEST(HostedFaults, ASlowReaderDoesNotMakeMemoryGrow) {
  const auto engine = make_engine();
  // 6 GiB of text if nobody held it back.
  const auto model = load(*engine, {{"tokens", "100000"}, {"reply", std::string(64 << 10, 'x')}});
  const ByteSize before = os::own_rss();
  const ByteSize host_before = model->footprint().host;
  std::stop_source stop;
  int chunks = 0;
  const auto on_chunk = [&](inference::TextChunk&&) {
    std::this_thread::sleep_for(20ms);
    if (++chunks == 40) stop.request_stop();
  };
  const RunContext run{Deadline::in(kLong), stop.get_token()};
  EXPECT_EQ(error_of([&] { model->text()->generate(chat(), on_chunk, run); }).code(),
            ErrorCode::kCancelled);
  EXPECT_LE((os::own_rss() - before).in_mib(), 8 + kSlackMib);
  EXPECT_LE((model->footprint().host - host_before).in_mib(), 8 + kSlackMib);
}

TEST(HostedFaults, MemoryIsTheHostsAndGoesWithIt) {
  const auto engine = make_engine();
  auto model = load(*engine, {{"footprint_mb", "48"}, {"leak_mb", "16"}});
  EXPECT_GE(model->footprint().host, ByteSize::mib(48));
  generate(*model);
  EXPECT_GE(model->footprint().host, ByteSize::mib(64));
  const pid_t pid = child_processes().at(0);
  model.reset();
  EXPECT_FALSE(os::find_process_memory(pid));
}

TEST(HostedFaults, MoreRunsThanTheHostHasThreadsAllEnd) {
  const auto engine = make_engine();
  const auto model = load(*engine, {{"token_ms", "1"}, {"slots", "3"}});
  std::vector<std::future<std::string>> runs;
  runs.reserve(40);
  for (int i = 0; i < 40; ++i) {
    runs.push_back(std::async(std::launch::async, [&] { return generate(*model); }));
  }
  for (auto& run : runs) EXPECT_EQ(run.get(), "one two three four");
}

TEST(HostedFaults, AModelMayOutliveItsEngine) {
  auto engine = make_engine();
  const auto model = load(*engine, {});
  engine.reset();
  EXPECT_EQ(generate(*model), "one two three four");
}

TEST(SharedHost, ServesAllModelsFromOneProcess) {
  const auto engine = make_engine({}, HostScope::kShared);
  auto first = load(*engine, {{"reply", "first"}});
  const auto second = load(*engine, {{"reply", "second"}});
  EXPECT_EQ(child_processes().size(), 1U);
  EXPECT_EQ(generate(*first), "first");
  first.reset();
  EXPECT_EQ(generate(*second), "second");
}

TEST(SharedHost, IsNotKilledForARunThatDoesNotStop) {
  HostOptions options;
  options.cancel_grace = 100ms;
  const auto engine = make_engine(options, HostScope::kShared);
  const auto hanging = load(*engine, {{"hang_after", "1"}, {"hang_hard", "1"}});
  const auto other = load(*engine, {{"reply", "other"}});
  const RunContext run{Deadline::in(200ms), {}};
  EXPECT_EQ(error_of([&] { hanging->text()->generate(chat(), kIgnore, run); }).code(),
            ErrorCode::kTimeout);
  EXPECT_EQ(generate(*other), "other");
  EXPECT_TRUE(hanging->alive());
}

TEST(SharedHost, ManyOfOneModelDoNotKeepAnotherWaiting) {
  const auto engine = make_engine({}, HostScope::kShared);
  const auto full = load(*engine, {{"hang_after", "1"}, {"slots", "30"}});
  const auto other = load(*engine, {{"reply", "other"}});
  std::stop_source stop;
  std::vector<std::future<ErrorCode>> runs;
  for (int i = 0; i < 20; ++i) {
    runs.push_back(std::async(std::launch::async, [&] {
      const RunContext run{Deadline::in(kLong), stop.get_token()};
      return error_of([&] { full->text()->generate(chat(), kIgnore, run); }).code();
    }));
  }
  EXPECT_EQ(generate(*other), "other");
  stop.request_stop();
  for (auto& run : runs) EXPECT_EQ(run.get(), ErrorCode::kCancelled);
}

TEST(SharedHost, MeasuresItsModelsAgainAndCountsItsOwnMemory) {
  const auto engine = make_engine({}, HostScope::kShared);
  const auto leaking = load(*engine, {{"footprint_mb", "16"}, {"leak_mb", "8"}});
  const auto other = load(*engine, {});
  const auto before = leaking->footprint().host;
  generate(*leaking);
  EXPECT_GE(leaking->footprint().host, before + ByteSize::mib(7));
  EXPECT_GT(other->footprint().host, ByteSize()) << "its part of the process itself";
  EXPECT_LT(other->footprint().host.in_mib(), 16 + kSlackMib);
}

TEST(SharedHost, QuestionsAboutFilesAreAskedElsewhere) {
  const auto engine = make_engine({}, HostScope::kShared);
  const auto model = load(*engine, {});
  const auto shared = child_processes().at(0);
  inference::ModelSpec spec;
  spec.settings = {{"crash_at_describe", "1"}};
  EXPECT_EQ(error_of([&] { engine->describe(spec, inference::FactDetail::kBrief); }).code(),
            ErrorCode::kEngineFailed);
  EXPECT_EQ(child_processes(), std::vector{shared});
  EXPECT_EQ(generate(*model), "one two three four");
}

TEST(SharedHost, ALoadThatWasCalledOffLeavesNothing) {
  const auto engine = make_engine({}, HostScope::kShared);
  const auto first = load(*engine, {});
  const auto memory = [] { return os::find_process_memory(child_processes().at(0))->pss; };
  const auto before = memory();
  for (int i = 0; i < 4; ++i) {
    std::stop_source stop;
    const std::jthread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10 + i));
      stop.request_stop();
    });
    inference::ModelSpec spec;
    spec.name = "late";
    spec.settings = {{"load_ms", "10"}, {"footprint_mb", "100"}};
    try {
      engine->load(spec, {}, {Deadline::in(kLong), stop.get_token()});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCancelled);
    }
  }
  EXPECT_TRUE(comes_true([&] { return memory() < before + ByteSize::mib(90); }));
}

TEST(SharedHost, ThatKeepsCrashingIsStartedLessAndLessOften) {
  const auto engine = make_engine({}, HostScope::kShared);
  for (int i = 0; i < 2; ++i) {
    const auto model = load(*engine, {{"crash_after", "0"}});
    EXPECT_EQ(error_of([&] { generate(*model); }).code(), ErrorCode::kEngineFailed);
  }
  const Error busy = error_of([&] { load(*engine, {}); });
  EXPECT_EQ(busy.code(), ErrorCode::kBusy);
  EXPECT_EQ(busy.retry_after(), 1s);
}

TEST(HostedFake, ASharedHostTellsHowHotItsChipIs) {
  const auto engine = make_engine({}, HostScope::kShared);
  EXPECT_FALSE(engine->chip_temperature()) << "nothing is started for the question";
  EXPECT_TRUE(child_processes().empty());
  inference::ModelSpec spec;
  spec.name = "hot";
  spec.settings = {{"chip_celsius", "85"}};
  {
    const auto model = engine->load(spec, {}, {Deadline::in(kLong), {}});
    EXPECT_EQ(engine->chip_temperature(), Celsius{85});
  }
  EXPECT_FALSE(engine->chip_temperature());
}

}  // namespace
}  // namespace hailstone::engines::fake
