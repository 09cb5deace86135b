// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/kept_context.hpp"

#include <gtest/gtest.h>

namespace hailstone::engines::hailo {
namespace {

/// One token per character.
class CountingModel : public LanguageModel {
 public:
  std::size_t capacity() const noexcept override { return 2048; }
  std::size_t used() override { return used_; }
  void clear() override {
    used_ = 0;
    ++clears;
  }
  std::vector<std::byte> save() override {
    ++saves;
    return std::vector<std::byte>(used_);
  }
  void restore(std::span<const std::byte> context) override { used_ = context.size(); }
  std::vector<int> tokenize(const std::string& text) override {
    return std::vector<int>(text.size());
  }
  std::vector<std::string> end_tokens() override { return {}; }
  std::string recovery_sequence() override { return {}; }
  std::string prompt_template() override { return {}; }
  std::optional<FrameShape> frame() const noexcept override { return std::nullopt; }
  std::unique_ptr<Writing> write(const WritingOptions&, const std::string& text) override {
    used_ += text.size();
    return nullptr;
  }
  std::unique_ptr<Writing> write(const WritingOptions&, const std::vector<std::string>&,
                                 const Frames&) override {
    return nullptr;
  }
  int clears = 0;
  int saves = 0;

 private:
  std::size_t used_ = 0;
};

struct Talk {
  CountingModel model;
  KeptContext context{model};

  KeptContext::Beginning say(const std::string& prompt) {
    const auto beginning = context.prepare(prompt);
    model.write({}, std::string(beginning.rest));
    context.set(prompt);
    return beginning;
  }
};

TEST(KeptContext, AConversationThatGoesOnSendsOnlyWhatIsNew) {
  Talk talk;
  talk.say("Hello");
  const std::string more = "Hello, you";
  const auto beginning = talk.say(more);
  EXPECT_EQ(beginning.rest, ", you");
  EXPECT_EQ(beginning.kept, 5U);
  EXPECT_EQ(talk.model.used(), more.size());
}

TEST(KeptContext, AnotherConversationBeginsWithAnEmptyContext) {
  Talk talk;
  talk.say("Hello");
  const std::string other = "Good day";
  const auto beginning = talk.say(other);
  EXPECT_EQ(beginning.rest, other);
  EXPECT_EQ(beginning.kept, 0U);
  EXPECT_EQ(talk.model.used(), other.size());
  EXPECT_EQ(talk.model.saves, 0) << "it is too short to be worth it";
}

TEST(KeptContext, LongOnesArePutAsideAndTakenUpAgain) {
  Talk talk;
  const std::string first(600, 'a');
  const std::string second(600, 'b');
  talk.say(first);
  talk.say(second);
  EXPECT_EQ(talk.model.saves, 1);
  const std::string more = first + "?";
  const auto beginning = talk.say(more);
  EXPECT_EQ(beginning.rest, "?");
  EXPECT_EQ(beginning.kept, 600U);
}

TEST(KeptContext, WhatNobodyKnowsIsCleared) {
  Talk talk;
  talk.say("Hello");
  talk.context.forget();
  const std::string more = "Hello, you";
  EXPECT_EQ(talk.say(more).rest, more);
  EXPECT_EQ(talk.model.used(), more.size());
}

}  // namespace
}  // namespace hailstone::engines::hailo
