// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pre.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::chat {
namespace {

using inference::Message;
using inference::Role;
using testing::ElementsAre;

Message message(Role role, std::string content) {
  return inference::make_message(role, std::move(content));
}

std::vector<std::string> contents_of(const std::vector<Message>& messages) {
  std::vector<std::string> out;
  for (const auto& one : messages) out.push_back(inference::text_of(one));
  return out;
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

}  // namespace
}  // namespace hailstone::chat
