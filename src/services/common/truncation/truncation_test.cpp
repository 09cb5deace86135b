// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/truncation/truncation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::services {
namespace {

using inference::ChatPrompt;
using inference::make_message;
using inference::Message;
using inference::Role;
using inference::text_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> contents_of(const ChatPrompt& prompt) {
  std::vector<std::string> out;
  for (const auto& one : prompt.messages) out.push_back(text_of(one));
  return out;
}

/// system, then turns of user and assistant, and a last question.
ChatPrompt conversation(int turns) {
  ChatPrompt prompt;
  prompt.messages.push_back(make_message(Role::kSystem, "rules"));
  for (int i = 0; i < turns; ++i) {
    prompt.messages.push_back(make_message(Role::kUser, "q" + std::to_string(i)));
    prompt.messages.push_back(make_message(Role::kAssistant, "a" + std::to_string(i)));
  }
  prompt.messages.push_back(make_message(Role::kUser, "last"));
  return prompt;
}

Message call(const std::string& name) {
  Message message;
  message.role = Role::kAssistant;
  message.tool_calls = {{"", name, "{}"}};
  message.parts = {{inference::Part::Kind::kText, "call " + name}};
  return message;
}

/// Every message costs ten tokens.
int count_tens(const ChatPrompt& prompt) {
  return static_cast<int>(prompt.messages.size()) * 10;
}

/// A token is a byte, and a message has two more.
int count_bytes(const ChatPrompt& prompt) {
  int tokens = 0;
  for (const auto& message : prompt.messages) {
    tokens += 2 + static_cast<int>(text_of(message).size());
  }
  return tokens;
}

std::string without_bytes(const std::string& text, int tokens) {
  return text.substr(std::min(text.size(), static_cast<std::size_t>(tokens)));
}

const Counting kTens{count_tens, without_bytes};
const Counting kBytes{count_bytes, without_bytes};

std::string refusal_of(ChatPrompt prompt, const Room& room, const Counting& counting) {
  try {
    make_fit(prompt, room, counting);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "none";
}

TEST(Truncation, DoesNotCountWhatCannotBeTooLong) {
  ChatPrompt prompt = conversation(3);
  const Counting none{[](const ChatPrompt&) -> int { throw std::logic_error("counted"); }, {}};
  EXPECT_EQ(make_fit(prompt, {100'000, 10, true}, none).messages, 0);
}

TEST(Truncation, DropsWholeTurnsFromTheOldest) {
  // 1 + 10 + 1 messages are 120 tokens, 90 fit.
  ChatPrompt prompt = conversation(5);
  EXPECT_EQ(make_fit(prompt, {102, 10, true}, kTens).messages, 4);
  EXPECT_THAT(contents_of(prompt),
              ElementsAre("rules", "q2", "a2", "q3", "a3", "q4", "a4", "last"));
}

TEST(Truncation, DropsNothingThatFits) {
  ChatPrompt prompt = conversation(5);
  EXPECT_EQ(make_fit(prompt, {132, 10, true}, kTens).messages, 0);
  ChatPrompt lone = conversation(0);
  EXPECT_EQ(make_fit(lone, {22, 10, true}, kTens).messages, 0)
      << "nothing can go, and it fits without the reserve";
}

TEST(Truncation, KeepsTheSystemsMessagesWhereverTheyStand) {
  ChatPrompt prompt = conversation(3);
  prompt.messages.insert(prompt.messages.begin() + 4, make_message(Role::kSystem, "more rules"));
  make_fit(prompt, {42, 5, true}, kTens);
  EXPECT_THAT(contents_of(prompt), ElementsAre("rules", "more rules", "last"));
}

TEST(Truncation, NeverPartsACallFromItsResult) {
  ChatPrompt prompt = conversation(1);
  for (const char* name : {"f", "g", "h"}) {
    prompt.messages.push_back(call(name));
    prompt.messages.push_back(make_message(Role::kTool, std::string("result of ") + name));
  }
  // rules q0 a0 last (f, result) (g, result) (h, result)
  make_fit(prompt, {72, 5, true}, kTens);
  EXPECT_THAT(contents_of(prompt),
              ElementsAre("rules", "last", "call g", "result of g", "call h", "result of h"))
      << "the question stays before what was done for it";
  make_fit(prompt, {45, 1, true}, kTens);
  EXPECT_THAT(contents_of(prompt), ElementsAre("rules", "last", "call h", "result of h"));
}

TEST(Truncation, KeepsTheLastMessageWhateverItsRole) {
  ChatPrompt prompt = conversation(1);
  prompt.messages.push_back(make_message(Role::kAssistant, "begun"));
  make_fit(prompt, {35, 2, true}, kTens);
  EXPECT_THAT(contents_of(prompt), ElementsAre("rules", "last", "begun"));
}

TEST(Truncation, CutsOneMessageThatIsTooLongFromItsBeginning) {
  ChatPrompt prompt = conversation(1);
  prompt.messages.back() = make_message(Role::kUser, std::string(500, 'a') + "the question");
  const Cut cut = make_fit(prompt, {102, 20, true}, kBytes);
  EXPECT_EQ(cut.messages, 2);
  EXPECT_GT(cut.tokens, 400);
  ASSERT_EQ(prompt.messages.size(), 2U);
  EXPECT_EQ(text_of(prompt.messages[0]), "rules");
  EXPECT_THAT(text_of(prompt.messages[1]), testing::EndsWith("aathe question"));
  EXPECT_LE(count_bytes(prompt), 100);
}

TEST(Truncation, LooksAtTheEndOfAHugeMessageOnly) {
  ChatPrompt prompt;
  prompt.messages.push_back(make_message(Role::kUser, std::string(20'000'000, 'a') + "end"));
  std::size_t seen = 0;
  const Counting counting{[&](const ChatPrompt& candidate) {
                            seen += text_of(candidate.messages.back()).size();
                            return count_bytes(candidate);
                          },
                          without_bytes};
  const Cut cut = make_fit(prompt, {1002, 100, true}, counting);
  EXPECT_GT(cut.tokens, 0);
  EXPECT_THAT(text_of(prompt.messages[0]), testing::EndsWith("aend"));
  EXPECT_LT(seen, 100'000U);
}

TEST(Truncation, RefusesWhereItMayNotOrCannot) {
  const std::string beginning = "the input length exceeds the context length (";
  EXPECT_EQ(refusal_of(conversation(5), {102, 10, false}, kTens),
            beginning + "120 tokens, at most 100 fit)");
  EXPECT_THAT(refusal_of(conversation(5), {12, 1, true}, kTens), HasSubstr(beginning));
  ChatPrompt system;
  system.messages = {make_message(Role::kSystem, std::string(300, 's')),
                     make_message(Role::kUser, "hi")};
  EXPECT_THAT(refusal_of(system, {102, 10, true}, kBytes), HasSubstr(beginning))
      << "the system's words are never cut";
}

TEST(Truncation, RefusesWithoutCountingWhatItsBytesMakeTooLong) {
  ChatPrompt prompt;
  prompt.messages.push_back(make_message(Role::kUser, std::string(1'000'000, 'a')));
  const Counting none{[](const ChatPrompt&) -> int { throw std::logic_error("counted"); }, {}};
  EXPECT_EQ(refusal_of(prompt, {2002, 10, false}, none),
            "the input length exceeds the context length (at least 7812 tokens, at most 2000 fit)");
}

TEST(Truncation, CountsFarFewerTimesThanThereAreMessages) {
  int counted = 0;
  ChatPrompt prompt = conversation(500);
  const Counting counting{[&](const ChatPrompt& candidate) {
                            ++counted;
                            return count_tens(candidate);
                          },
                          without_bytes};
  EXPECT_EQ(make_fit(prompt, {1002, 0, true}, counting).messages, 902);
  EXPECT_LT(counted, 16);
}

TEST(Truncation, CutsARowOfTokensToWhatLeavesRoom) {
  EXPECT_EQ(tokens_to_drop(98, {100, 10, true}), 0);
  EXPECT_EQ(tokens_to_drop(99, {100, 10, true}), 11);
  EXPECT_THROW(tokens_to_drop(99, {100, 10, false}), Error);
}

TEST(Truncation, LeavesAnEighthToTheReply) {
  EXPECT_EQ(make_room(800, -1, true).reply_reserve, 100);
  EXPECT_EQ(make_room(800, 20, true).reply_reserve, 20);
}

}  // namespace
}  // namespace hailstone::services
