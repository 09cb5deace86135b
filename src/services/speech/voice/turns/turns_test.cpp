// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/error.hpp"
#include "services/speech/voice/turns/clauses.hpp"
#include "services/speech/voice/turns/completeness.hpp"
#include "services/speech/voice/turns/conversation.hpp"
#include "services/speech/voice/turns/recent_sound.hpp"
#include "services/speech/voice/turns/spoken_text.hpp"
#include "services/speech/voice/turns/turn_detector.hpp"

namespace hailstone::voice {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;

TEST(Completeness, WholeSentencesEndATurnAndOpenOnesDoNot) {
  for (const char* text : {"what is hailstone", "turn on the kitchen light", "yes", "no thanks",
                           "How much?", "wie geht es dir heute", "stop"}) {
    EXPECT_EQ(judge_completeness(text), Completeness::kComplete) << text;
  }
  for (const char* text : {"turn on the light and", "I would like to", "well, because",
                           "give me the", "I think...", "mach das Licht an und"}) {
    EXPECT_EQ(judge_completeness(text), Completeness::kIncomplete) << text;
  }
  for (const char* text : {"", "the weather", "kitchen"}) {
    EXPECT_EQ(judge_completeness(text), Completeness::kUnclear) << text;
  }
}

/// Hears speech where samples are not zero.
class PlainDetector final : public sound::VoiceDetector {
 public:
  std::size_t window() const noexcept override { return 512; }
  float judge(std::span<const float> samples) override { return samples.front() != 0 ? 1 : 0; }
  void reset() override {}
};

class Turns : public testing::Test {
 protected:
  void start(TurnOptions options) { detector_.emplace(std::make_unique<PlainDetector>(), options); }
  std::vector<TurnEvent::Kind> push(std::chrono::milliseconds time, float value) {
    const std::vector<float> samples(static_cast<std::size_t>(time.count()) * 16, value);
    std::vector<TurnEvent::Kind> kinds;
    for (const auto& event : detector_->push(samples)) kinds.push_back(event.kind);
    return kinds;
  }
  std::vector<TurnEvent::Kind> speak(std::chrono::milliseconds time) { return push(time, 1); }
  std::vector<TurnEvent::Kind> pause(std::chrono::milliseconds time) { return push(time, 0); }

  using Kind = TurnEvent::Kind;
  std::optional<TurnDetector> detector_;
};

TEST_F(Turns, SpeechIsNoticedWithin150Milliseconds) {
  start({});
  EXPECT_THAT(speak(70ms), testing::IsEmpty());
  EXPECT_THAT(speak(70ms), ElementsAre(Kind::kStarted));
}

TEST_F(Turns, ACompleteSentenceNeedsLittleSilence) {
  start({});
  speak(1024ms);  // whole windows
  EXPECT_THAT(pause(230ms), ElementsAre(Kind::kPaused));
  EXPECT_TRUE(detector_->judge(Completeness::kComplete).empty());
  EXPECT_THAT(pause(64ms), ElementsAre(Kind::kEnded));
}

TEST_F(Turns, WhoSaysAndGetsTimeToGoOn) {
  start({});
  speak(1000ms);
  pause(250ms);
  detector_->judge(Completeness::kIncomplete);
  EXPECT_THAT(pause(900ms), testing::IsEmpty());
  EXPECT_THAT(speak(200ms), ElementsAre(Kind::kResumed));
  EXPECT_THAT(pause(250ms), ElementsAre(Kind::kPaused));
  EXPECT_THAT(detector_->judge(Completeness::kIncomplete), testing::IsEmpty());
  EXPECT_THAT(pause(1400ms), ElementsAre(Kind::kEnded));
}

TEST_F(Turns, ALateVerdictEndsTheTurnAtOnce) {
  start({});
  speak(500ms);
  pause(700ms);
  EXPECT_THAT(detector_->judge(Completeness::kUnclear), SizeIs(1));
  EXPECT_FALSE(detector_->is_open());
}

TEST_F(Turns, AFixedSilenceEndsItWhateverWasSaid) {
  TurnOptions options;
  options.ending = TurnOptions::Ending::kFixed;
  options.silence = 500ms;
  start(options);
  speak(400ms);
  EXPECT_THAT(pause(450ms), ElementsAre(Kind::kPaused));
  EXPECT_TRUE(detector_->judge(Completeness::kComplete).empty());
  EXPECT_THAT(pause(100ms), ElementsAre(Kind::kEnded));
}

TEST_F(Turns, TheEventsSayWhereSpeechBeganAndEnded) {
  start({});
  pause(1024ms);
  const std::vector<float> speech(16'000, 1);
  const auto begun = detector_->push(speech);
  ASSERT_EQ(begun.size(), 1U);
  EXPECT_EQ(begun[0].at, 16'384U);
  const auto ended = detector_->finish();
  ASSERT_FALSE(ended.empty());
  EXPECT_EQ(ended.back().kind, Kind::kEnded);
}

std::vector<std::string> cut(std::string_view text) {
  ClauseCutter cutter;
  std::vector<std::string> pieces;
  for (const char c : text) {
    for (auto& piece : cutter.push(std::string_view(&c, 1))) pieces.push_back(std::move(piece));
  }
  if (auto rest = cutter.finish()) pieces.push_back(*rest);
  EXPECT_EQ(std::accumulate(pieces.begin(), pieces.end(), std::string()), text);
  return pieces;
}

TEST(Clauses, TheFirstOneComesEarlyLaterOnesAreSentences) {
  EXPECT_THAT(cut("Well, of course, that is easy, I think. It costs 3.50, not more. Bye"),
              ElementsAre("Well, of course, ", "that is easy, I think. ",
                          "It costs 3.50, not more. ", "Bye"));
}

TEST(Clauses, AbbreviationsAndNumbersOfListsEndNothing) {
  EXPECT_THAT(cut("Ask Dr. Smith, e.g. today. Yes"),
              ElementsAre("Ask Dr. Smith, ", "e.g. today. ", "Yes"));
  EXPECT_THAT(cut("1. Open it. 2. Close it."), ElementsAre("1. Open it. ", "2. Close it."));
}

TEST(Clauses, MarksOfMarkdownStayTogether) {
  EXPECT_THAT(cut("Type `hailstone pull x, y` then **wait. Really**. Done."),
              ElementsAre("Type `hailstone pull x, y` then **wait. Really**. ", "Done."));
}

TEST(Clauses, EndlessTextIsCutAtABlank) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "word ";
  for (const auto& piece : cut(text)) EXPECT_LE(piece.size(), 305U);
  const std::string unbroken(2000, 'x');
  EXPECT_THAT(cut(unbroken), ElementsAre(unbroken));
}

TEST(Clauses, WordsAreToldFromMarks) {
  EXPECT_TRUE(has_words("3"));
  EXPECT_TRUE(has_words("\xC3\xA4"));
  EXPECT_FALSE(has_words(" ... !"));
}

TEST(SpokenText, TellsTheWordsThatWereHeard) {
  SpokenText spoken;
  spoken.begin_clause("One two three. ");
  spoken.add_sound(500ms);
  spoken.add_sound(500ms);
  spoken.begin_clause("four five six seven");
  spoken.add_sound(2s);
  EXPECT_EQ(spoken.length(), 3s);
  EXPECT_EQ(spoken.until(0ms), "");
  EXPECT_EQ(spoken.until(1s), "One two three.");
  EXPECT_EQ(spoken.until(2s), "One two three. four five");
  EXPECT_EQ(spoken.until(5s), "One two three. four five six seven");
  for (auto time = 0ms; time < 3s; time += 50ms) {
    EXPECT_TRUE(std::string("One two three. four five six seven").starts_with(spoken.until(time)));
  }
}

TEST(Playback, RunsWithTheClockAndWaitsForMore) {
  Playback playback;
  const SteadyTime start{100s};
  EXPECT_FALSE(playback.is_playing(start));
  playback.send(1s, start);
  EXPECT_EQ(playback.position(start + 400ms), 400ms);
  EXPECT_EQ(playback.position(start + 3s), 1s);
  playback.send(1s, start + 3s);  // two seconds of silence were not played
  EXPECT_EQ(playback.position(start + 3500ms), 1500ms);
  playback.send(1s, start + 3500ms);
  EXPECT_EQ(playback.position(start + 4500ms), 2500ms);
  EXPECT_EQ(playback.end(), start + 5s);
}

Item said(std::string id, inference::Role role, std::string text) {
  Item item;
  item.id = std::move(id);
  item.role = role;
  item.contents.push_back(
      {role == inference::Role::kAssistant ? Content::Kind::kAudio : Content::Kind::kText,
       std::move(text)});
  return item;
}

TEST(Conversation, ItemsGoWhereTheClientWantsThem) {
  using inference::Role;
  Conversation conversation;
  EXPECT_EQ(conversation.add(said("a", Role::kUser, "1")), "");
  EXPECT_EQ(conversation.add(said("b", Role::kUser, "2")), "a");
  EXPECT_EQ(conversation.add(said("c", Role::kUser, "3"), "a"), "a");
  EXPECT_EQ(conversation.add(said("d", Role::kSystem, "4"), "root"), "");
  EXPECT_EQ(conversation.last_id(), "b");
  EXPECT_THROW(conversation.add(said("e", Role::kUser, ""), "nobody"), Error);
  EXPECT_THROW(conversation.add(said("a", Role::kUser, "")), Error);
  EXPECT_TRUE(conversation.remove("a"));
  EXPECT_FALSE(conversation.remove("a"));
  EXPECT_THAT(conversation.items(), SizeIs(3));
}

TEST(Conversation, AnAnswerKeepsOnlyWhatWasHeard) {
  Conversation conversation;
  Item item = said("a", inference::Role::kAssistant, "One two three. four five");
  item.spoken.begin_clause("One two three. ");
  item.spoken.add_sound(1s);
  item.spoken.begin_clause("four five");
  item.spoken.add_sound(1s);
  conversation.add(std::move(item));
  EXPECT_THROW(conversation.truncate("a", 2500ms), Error);
  EXPECT_THROW(conversation.truncate("b", 0ms), Error);
  conversation.truncate("a", 1200ms);
  EXPECT_EQ(text_of(*conversation.find("a")), "One two three.");
  EXPECT_EQ(conversation.find("a")->status, Item::Status::kIncomplete);
}

TEST(Conversation, BecomesMessagesWithCallsAndTheirResults) {
  using inference::Role;
  std::vector<Item> items = {said("u", Role::kUser, "weather?"),
                             said("a", Role::kAssistant, "I look. ")};
  Item call;
  call.kind = Item::Kind::kCall;
  call.call = {"call_1", "weather", "{}"};
  Item output;
  output.kind = Item::Kind::kCallOutput;
  output.call.id = "call_1";
  output.output = "rain";
  items.push_back(call);
  items.push_back(output);
  items.push_back(said("empty", Role::kUser, ""));
  const auto messages = make_messages("Be brief.", items);
  ASSERT_THAT(messages, SizeIs(4));
  EXPECT_EQ(messages[0].role, Role::kSystem);
  EXPECT_EQ(inference::text_of(messages[2]), "I look. ");
  EXPECT_THAT(messages[2].tool_calls, SizeIs(1));
  EXPECT_EQ(messages[3].role, Role::kTool);
  EXPECT_EQ(messages[3].tool_name, "weather");
}

TEST(RecentSound, KeepsWhatCameBeforeSomebodyNoticed) {
  RecentSound recent;
  for (int i = 0; i < 100; ++i) recent.push(std::vector<float>(1600, static_cast<float>(i)));
  EXPECT_EQ(recent.end(), 160'000U);
  EXPECT_THAT(recent.from(158'400), SizeIs(1600));
  EXPECT_EQ(recent.from(158'400).front(), 99.0F);
  EXPECT_GE(recent.from(0).size(), RecentSound::kMost);
  EXPECT_TRUE(recent.from(170'000).empty());
}

}  // namespace
}  // namespace hailstone::voice
