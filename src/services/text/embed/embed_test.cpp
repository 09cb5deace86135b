// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "services/text/embed/post.hpp"
#include "services/text/embed/routes.hpp"
#include "services/text/embed/service.hpp"
#include "services/text/embed/wire_ollama.hpp"
#include "support/fake_daemon.hpp"
#include "support/field_abuse.hpp"

namespace hailstone::embed {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::SizeIs;

std::string refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST(EmbedWire, AnInputIsATextOrSeveral) {
  EXPECT_THAT(parse_embed(R"({"model":"m","input":"a"})").inputs, ElementsAre("a"));
  EXPECT_THAT(parse_embed(R"({"model":"m","input":["a",""]})").inputs, ElementsAre("a", ""));
  for (const char* empty : {R"({"model":"m"})", R"({"model":"m","input":null})",
                            R"({"model":"m","input":""})", R"({"model":"m","input":[]})"}) {
    EXPECT_TRUE(parse_embed(empty).inputs.empty()) << empty;
  }
  const auto task = parse_embed(R"({"model":"m","truncate":false,"dimensions":4,"keep_alive":0})");
  EXPECT_FALSE(task.truncate);
  EXPECT_EQ(task.dimensions, 4);
  EXPECT_EQ(task.keep_alive, core::KeepAlive::zero());
  EXPECT_EQ(task.scale, Scale::kUnitLength);
}

TEST(EmbedWire, NamesTheFieldThatIsWrong) {
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "missing request body"},
           {"{}", "model is required"},
           {R"({"model":"m","input":7})", "input must be a string or an array of strings"},
           {R"({"model":"m","input":{}})", "input must be"},
           {R"({"model":"m","input":["a",7]})", "input[1] must be a string"},
           {R"({"model":"m","input":[["a"]]})", "input[0] must be a string"},
           {R"({"model":"m","truncate":"no"})", "truncate must be a boolean"},
           {R"({"model":"m","dimensions":-1})", "dimensions"},
           {R"({"model":"m","dimensions":9223372036854775808})", "dimensions"},
           {R"({"model":"m","dimensions":"1"})", "dimensions"}}) {
    EXPECT_THAT(refusal_of([&body = body] { parse_embed(body); }), HasSubstr(words)) << body;
  }
  EXPECT_THAT(refusal_of([] { parse_embeddings(R"({"model":"m","prompt":[]})"); }),
              HasSubstr("prompt must be a string"));
}

TEST(EmbedWire, EveryIntegerIsChecked) {
  test_support::expect_integers_are_checked([](const std::string& body) { parse_embed(body); },
                                            R"({"model":"m","input":"x","dimensions":@})",
                                            "dimensions");
}

TEST(EmbedWire, WritesFloatsAsShortAsTheyAre) {
  Result result;
  result.vectors = {{0.1F, -1, 1e-7F}, {0}};
  result.prompt_tokens = 3;
  result.total_time = std::chrono::nanoseconds(14);
  EXPECT_EQ(write_embed("m", result),
            R"({"model":"m","embeddings":[[0.1,-1,1e-07],[0]],"total_duration":14,)"
            R"("prompt_eval_count":3})");
  EXPECT_EQ(write_embeddings(result), R"({"embedding":[0.1,-1,1e-07]})");
}

TEST(EmbedWire, ALoadHasNoVectorsButTheirPlace) {
  EXPECT_EQ(write_embed("a\"b", {}), R"({"model":"a\"b","embeddings":[]})");
  EXPECT_EQ(write_embeddings({}), R"({"embedding":[]})");
}

TEST(FinishVector, CutsAndScales) {
  Task task;
  task.dimensions = 2;
  std::vector<float> vector{3, 4, 100};
  finish_vector(vector, task);
  EXPECT_THAT(vector, ElementsAre(FloatNear(0.6F, 1e-6F), FloatNear(0.8F, 1e-6F)));
  vector = {0, 0};
  finish_vector(vector, task);
  EXPECT_THAT(vector, ElementsAre(0, 0));
  task.scale = Scale::kAsTheModelGives;
  vector = {3, 4};
  finish_vector(vector, task);
  EXPECT_THAT(vector, ElementsAre(3, 4));
  vector = {1, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_THROW(finish_vector(vector, task), Error);
}

class Embed : public testing::Test {
 protected:
  Embed() { add_embed_routes(daemon_.router, service_); }

  static Json json(const std::unique_ptr<test_support::Answer>& answer) {
    EXPECT_FALSE(answer->error) << answer->message();
    return Json::parse(answer->reply.body());
  }

  test_support::FakeDaemon daemon_;
  EmbedService service_{daemon_.models};
};

TEST_F(Embed, GivesOneVectorOfLengthOneForEachInput) {
  daemon_.files.add({});
  const auto answer = daemon_.post("/api/embed", R"({"model":"echo","input":["a","b c"]})");
  const Json reply = json(answer);
  EXPECT_EQ(reply["model"], "echo");
  ASSERT_THAT(reply["embeddings"], SizeIs(2));
  for (const auto& vector : reply["embeddings"]) {
    double squares = 0;
    for (const double value : vector) squares += value * value;
    EXPECT_NEAR(squares, 1, 1e-5);
  }
  EXPECT_EQ(reply["prompt_eval_count"], 3);
  EXPECT_GT(reply["total_duration"], 0);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  EXPECT_NE(reply["embeddings"][0], reply["embeddings"][1]);
}

TEST_F(Embed, TheOldRouteGivesTheModelsOwnNumbers) {
  daemon_.files.add({});
  const Json reply = json(daemon_.post("/api/embeddings", R"({"model":"echo","prompt":"a"})"));
  EXPECT_THAT(reply["embedding"], SizeIs(8));
  EXPECT_EQ(json(daemon_.post("/api/embeddings", R"({"model":"echo"})"))["embedding"],
            Json::array());
}

TEST_F(Embed, NothingToEmbedLoadsTheModel) {
  daemon_.files.add({});
  const auto answer = daemon_.post("/api/embed", R"({"model":"echo"})");
  EXPECT_EQ(answer->reply.body(), R"({"model":"echo","embeddings":[]})");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "");
  EXPECT_THAT(daemon_.runtime.residents(), SizeIs(1));
}

TEST_F(Embed, CutsAnInputThatIsTooLongAndSaysSo) {
  daemon_.files.add({.settings = {{"context_length", "10"}}});
  const std::string input = R"("input":["one two three four five six seven eight nine ten eleven",)"
                            R"("one two three four five six seven eight","short"])";
  const auto answer = daemon_.post("/api/embed", R"({"model":"echo",)" + input + "}");
  const Json reply = json(answer);
  ASSERT_THAT(reply["embeddings"], SizeIs(3));
  EXPECT_EQ(answer->reply.header("X-Hailstone-Truncated"), "1 inputs");
  EXPECT_EQ(reply["embeddings"][0], reply["embeddings"][1]) << "eight tokens are left";
  const auto strict =
      daemon_.post("/api/embed", R"({"model":"echo","truncate":false,)" + input + "}");
  EXPECT_EQ(strict->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(strict->message(), HasSubstr("the input length exceeds the context length"));
}

TEST_F(Embed, AModelThatCannotIsRefused) {
  daemon_.files.add({.settings = {{"sessions", "tensor"}, {"capabilities", "vision"}}});
  const auto answer = daemon_.post("/api/embed", R"({"model":"echo","input":"a"})");
  EXPECT_EQ(answer->message(), "\"echo\" does not support embeddings");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_EQ(daemon_.post("/api/embed", R"({"model":"nope","input":"a"})")->code(),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace hailstone::embed
