// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "services/text/responses/response_store.hpp"
#include "services/text/responses/wire_request.hpp"
#include "services/text/responses/wire_response.hpp"
#include "support/field_abuse.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::responses {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

struct Memory final : History {
  std::vector<StoredItem> items;
  bool keeps() const noexcept override { return true; }
  std::vector<StoredItem> conversation(const std::string&) override { return items; }
  std::optional<StoredItem> find_item(const std::string& id) override {
    for (const auto& item : items) {
      if (item.id == id) return item;
    }
    return std::nullopt;
  }
};

TEST(ResponseRequest, WhatAModelThoughtSaidAndCalledIsOneMessage) {
  Memory memory;
  memory.items = {{"rs_1", R"({"type":"reasoning","id":"rs_1","summary":[{"text":"hm"}]})"}};
  const auto call = parse_call(R"({"model":"m","instructions":"rules","input":[
    {"role":"user","content":[{"type":"input_text","text":"hi"}]},
    {"type":"item_reference","id":"rs_1"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"so"}]},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},
    {"type":"function_call","call_id":"c2","name":"f","arguments":""},
    {"type":"function_call_output","call_id":"c1","output":"7"}]})",
                               memory);
  const auto& messages = call.task.messages;
  ASSERT_THAT(messages, SizeIs(4));
  EXPECT_EQ(messages[2].thinking, "hm");
  EXPECT_EQ(inference::text_of(messages[2]), "so");
  ASSERT_THAT(messages[2].tool_calls, SizeIs(2));
  EXPECT_EQ(messages[2].tool_calls[1].arguments, "{}");
  EXPECT_EQ(messages[3].tool_name, "f");
  EXPECT_THAT(call.input, SizeIs(5)) << "the reference is stored already";
  EXPECT_THAT(call.echo, HasSubstr(R"("instructions":"rules")"));
}

TEST(ResponseRequest, AnItemThatIsNotThereIsNamed) {
  Memory memory;
  try {
    parse_call(R"({"model":"m","input":[{"type":"item_reference","id":"x9"}]})", memory);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("x9"));
  }
}

TEST(ResponseRequest, EveryIntegerIsChecked) {
  Memory memory;
  const auto parse = [&](const std::string& body) { parse_call(body, memory); };
  for (const std::string field : {"max_output_tokens", "top_logprobs"}) {
    test_support::expect_integers_are_checked(
        parse, R"({"model":"m","input":"x",")" + field + "\":@}", field);
  }
}

/// What Codex sends.
TEST(ResponseRequest, ToolsComeInGroupsAndHostedOnesAreLeftOut) {
  Memory memory;
  const std::string begin = R"({"model":"m","input":"x","tools":[)";
  const auto call = parse_call(
      begin + R"({"type":"function","name":"a"},{"type":"web_search","external_web_access":false},
          {"type":"namespace","name":"agents","tools":[{"type":"function","name":"b"}]}]})",
      memory);
  ASSERT_THAT(call.task.tools, SizeIs(2));
  EXPECT_EQ(call.task.tools[1].name, "b");
  EXPECT_EQ(call.namespaces.at("b"), "agents");
  EXPECT_FALSE(call.namespaces.contains("a"));
  for (const std::string bad :
       {R"({"type":"web_search"}],"tool_choice":{"type":"web_search"}})",
        R"({"type":"web_search"}],"tool_choice":"required"})", R"({"type":"custom","name":"c"}]})",
        R"({"type":"namespace","name":"n","tools":[{"type":"namespace","name":"m"}]}]})"}) {
    EXPECT_THROW(parse_call(begin + bad, memory), Error) << bad;
  }
}

TEST(ResponseEvents, ACallKeepsItsToolsGroup) {
  EventNumbers numbers;
  OutputItem item{OutputItem::Kind::kCall, "fc_1", "{}", "c1", "f"};
  EXPECT_THAT(numbers.item_added(0, item), testing::Not(HasSubstr("namespace")));
  item.name_space = "agents";
  EXPECT_THAT(numbers.item_added(0, item), HasSubstr(R"("namespace":"agents")"));
}

TEST(ResponseEvents, AreNumberedFromZero) {
  EventNumbers numbers;
  const OutputItem item{OutputItem::Kind::kCall, "fc_1", "{}", "c1", "f"};
  EXPECT_THAT(numbers.item_added(0, item), HasSubstr(R"("sequence_number":0)"));
  EXPECT_EQ(numbers.text_done(2, item),
            R"({"type":"response.function_call_arguments.done","sequence_number":1,)"
            R"("item_id":"fc_1","output_index":2,"name":"f","arguments":"{}"})");
}

class Stored : public testing::Test {
 protected:
  Stored() { std::filesystem::create_directories(folder_); }
  ~Stored() override { std::filesystem::remove_all(folder_); }

  ResponseStore open(std::chrono::seconds keep, ByteSize most = ByteSize::mib(1)) {
    return ResponseStore({folder_ / "r.db", keep, most}, clock_);
  }
  static KeptResponse response(const std::string& id, const std::string& previous = "") {
    return {id, previous, "{\"id\":\"" + id + "\"}", {{"in_" + id, "{}"}}, {{"out_" + id, "{}"}}};
  }

  test_support::ManualClock clock_;
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                        ("hailstone-responses-" + std::to_string(::getpid()));
};

TEST_F(Stored, AConversationIsItsTurnsInOrder) {
  auto store = open(std::chrono::hours(1));
  store.save(response("a"));
  store.save(response("b", "a"));
  std::vector<std::string> ids;
  for (const auto& item : store.conversation("b")) ids.push_back(item.id);
  EXPECT_THAT(ids, ElementsAre("in_a", "out_a", "in_b", "out_b"));
  EXPECT_TRUE(store.find_item("out_a"));
  store.erase("a");
  EXPECT_FALSE(store.find_item("out_a"));
  EXPECT_THROW(store.conversation("b"), Error) << "a part of it is gone";
  EXPECT_THROW(store.erase("a"), Error);
}

TEST_F(Stored, ResponsesGoWhenTheirTimeIsOver) {
  auto store = open(std::chrono::seconds(60));
  store.save(response("a"));
  EXPECT_EQ(store.require("a"), R"({"id":"a"})");
  clock_.advance(std::chrono::seconds(61));
  EXPECT_THROW(store.require("a"), Error);
}

TEST_F(Stored, TheOldestGoForTheNewest) {
  auto store = open(std::chrono::hours(1), ByteSize::bytes(100));
  for (int i = 0; i < 40; ++i) {
    store.save(response("r" + std::to_string(i)));
    clock_.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(store.require("r39"), R"({"id":"r39"})");
  EXPECT_THROW(store.require("r0"), Error);
  auto large = response("large");
  large.json.resize(200);
  EXPECT_THROW(store.save(large), Error);
}

TEST_F(Stored, NothingIsKeptWhereTheOperatorSaysSo) {
  auto store = open(std::chrono::seconds(0));
  EXPECT_FALSE(store.keeps());
  EXPECT_THROW(store.require("a"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "r.db"));
}

}  // namespace
}  // namespace hailstone::responses
