// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pre.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::chat {
namespace {

using inference::ChatPrompt;
using inference::Message;
using inference::Role;
using testing::ElementsAre;
using testing::HasSubstr;

Message message(Role role, std::string content) {
  return inference::make_message(role, std::move(content));
}

std::vector<std::string> contents_of(const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const auto& one : messages) out.push_back(inference::text_of(one));
  return out;
}

/// system, then turns of user and assistant, and a last question.
ChatPrompt conversation(int turns) {
  ChatPrompt prompt;
  prompt.messages.push_back(message(Role::kSystem, "rules"));
  for (int i = 0; i < turns; ++i) {
    prompt.messages.push_back(message(Role::kUser, "q" + std::to_string(i)));
    prompt.messages.push_back(message(Role::kAssistant, "a" + std::to_string(i)));
  }
  prompt.messages.push_back(message(Role::kUser, "last"));
  return prompt;
}

/// Every message costs ten tokens.
int count_tens(const ChatPrompt& prompt) {
  return static_cast<int>(prompt.messages.size()) * 10;
}

TEST(ChatPrompt, TheManifestsSystemTextGivesWayToTheClients) {
  const Preset preset{"manifest", {message(Role::kUser, "example")}};
  ChatTask task;
  task.messages = {message(Role::kUser, "hi")};
  EXPECT_THAT(contents_of(make_chat_prompt(task, preset).messages),
              ElementsAre("manifest", "example", "hi"));
  task.messages.insert(task.messages.begin(), message(Role::kSystem, "client"));
  EXPECT_THAT(contents_of(make_chat_prompt(task, preset).messages),
              ElementsAre("example", "client", "hi"));
}

TEST(ChatPrompt, ALonePromptBecomesAConversation) {
  const Preset preset{"manifest", {message(Role::kUser, "example")}};
  GenerateTask task;
  task.prompt = "hi";
  EXPECT_THAT(contents_of(make_chat_prompt(task, preset).messages),
              ElementsAre("manifest", "example", "hi"));
  task.system = "client";
  EXPECT_THAT(contents_of(make_chat_prompt(task, preset).messages),
              ElementsAre("client", "example", "hi"));
}

TEST(ChatPrompt, AContextAlreadyHoldsWhatTheManifestSays) {
  const Preset preset{"manifest", {message(Role::kUser, "example")}};
  GenerateTask task;
  task.prompt = "hi";
  task.context = {1};
  EXPECT_THAT(contents_of(make_chat_prompt(task, preset).messages), ElementsAre("hi"));
}

TEST(TextRequest, ZeroAndBelowMeanNoLimit) {
  services::ModelOptions options;
  for (const auto& [num_predict, max_tokens] :
       std::vector<std::pair<int, int>>{{-2, -2}, {-1, -1}, {0, -1}, {5, 5}}) {
    options.num_predict = num_predict;
    EXPECT_EQ(make_request(Task{}, options).max_tokens, max_tokens);
  }
  EXPECT_EQ(make_request(Task{}, {}).max_tokens, -1);
}

TEST(Truncation, DoesNotCountWhatCannotBeTooLong) {
  const Room room{100'000, 10, true};
  EXPECT_EQ(messages_to_drop(conversation(3), room,
                             [](const ChatPrompt&) -> int { throw std::logic_error("counted"); }),
            0U);
}

TEST(Truncation, DropsWholeTurnsFromTheOldest) {
  // 1 + 10 + 1 messages are 120 tokens.
  const ChatPrompt prompt = conversation(5);
  const Room room{102, 10, true};  // 90 fit
  const auto dropped = messages_to_drop(prompt, room, count_tens);
  EXPECT_EQ(dropped, 4U);
  EXPECT_THAT(contents_of(drop_oldest(prompt.messages, dropped)),
              ElementsAre("rules", "q2", "a2", "q3", "a3", "q4", "a4", "last"));
}

TEST(Truncation, DropsNothingThatFits) {
  EXPECT_EQ(messages_to_drop(conversation(5), {132, 10, true}, count_tens), 0U);
  EXPECT_EQ(messages_to_drop(conversation(0), {22, 10, true}, count_tens), 0U)
      << "nothing can go, and it fits without the reserve";
}

TEST(Truncation, KeepsTheLastMessageWhateverItsRole) {
  ChatPrompt prompt = conversation(1);
  prompt.messages.push_back(message(Role::kAssistant, "begun"));
  const auto dropped = messages_to_drop(prompt, {25, 2, true}, count_tens);
  EXPECT_THAT(contents_of(drop_oldest(prompt.messages, dropped)), ElementsAre("rules", "begun"));
}

TEST(Truncation, RefusesWhereItMayNotOrCannot) {
  for (const Room& room : {Room{102, 10, false}, Room{12, 1, true}}) {
    try {
      messages_to_drop(conversation(5), room, count_tens);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), HasSubstr("the input length exceeds the context length"));
    }
  }
}

TEST(Truncation, CountsFarFewerTimesThanThereAreMessages) {
  int counted = 0;
  const auto dropped =
      messages_to_drop(conversation(500), {1002, 0, true}, [&](const auto& prompt) {
        ++counted;
        return count_tens(prompt);
      });
  EXPECT_EQ(dropped, 902U);
  EXPECT_LT(counted, 15);
}

TEST(Truncation, CutsARowOfTokensToWhatLeavesRoom) {
  EXPECT_EQ(tokens_to_drop(98, {100, 10, true}), 0);
  EXPECT_EQ(tokens_to_drop(99, {100, 10, true}), 11);
  EXPECT_THROW(tokens_to_drop(99, {100, 10, false}), Error);
}

}  // namespace
}  // namespace hailstone::chat
