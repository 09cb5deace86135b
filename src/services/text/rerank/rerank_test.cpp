// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "http/pipeline/error_reply.hpp"
#include "services/text/rerank/routes.hpp"
#include "services/text/rerank/service.hpp"
#include "services/text/rerank/wire_rerank.hpp"
#include "support/fake_daemon.hpp"
#include "support/field_abuse.hpp"

namespace hailstone::rerank {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string refusal_of(const std::string& body) {
  try {
    parse_rerank(body);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST(RerankWire, DocumentsAreTextsOrHaveOne) {
  const auto call = parse_rerank(
      R"({"query":"q","documents":["a",{"text":"b","title":"t"}],"top_n":1,"return_documents":true})");
  EXPECT_THAT(call.task.documents, ElementsAre("a", "b"));
  EXPECT_EQ(call.task.most, 1U);
  EXPECT_EQ(call.task.model, "");
  EXPECT_TRUE(call.task.truncate);
  Result result{"m", {{1, 0.75}}, 9, 0, "fake", {}};
  EXPECT_EQ(write_rerank(call, result, "rerank-1"),
            R"({"id":"rerank-1","object":"list","model":"m","results":[{"index":1,)"
            R"("relevance_score":0.75,"document":{"text":"b","title":"t"}}],)"
            R"("usage":{"prompt_tokens":9,"total_tokens":9}})");
}

TEST(RerankWire, TextsAreAnsweredWithAnArray) {
  const auto call = parse_rerank(R"({"query":"q","texts":["a","b"],"return_text":true})");
  const Result result{"m", {{1, 0.75}, {0, 0.5}}, 9, 0, "fake", {}};
  EXPECT_EQ(write_rerank(call, result, "rerank-1"),
            R"([{"index":1,"score":0.75,"text":"b"},{"index":0,"score":0.5,"text":"a"}])");
}

TEST(RerankWire, NamesTheFieldThatIsWrong) {
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "query is required"},
           {R"({"query":"q"})", "documents must be an array of at least one document"},
           {R"({"query":"q","documents":[]})", "at least one document"},
           {R"({"query":"q","documents":"a"})", "documents must be an array"},
           {R"({"query":"q","documents":["a",7]})", "documents[1] must be a string"},
           {R"({"query":"q","documents":[{"title":"t"}]})", "documents[0].text must be a string"},
           {R"({"query":7,"documents":["a"]})", "query"},
           {R"({"query":"q","documents":["a"],"return_documents":1})", "return_documents"},
           {R"({"query":"q","documents":["a"],"rank_fields":["title"]})",
            "rank_fields is not supported"}}) {
    EXPECT_THAT(refusal_of(body), HasSubstr(words)) << body;
  }
  std::string many = R"({"query":"q","documents":["a")";
  for (int i = 0; i < 4096; ++i) many += ",\"a\"";
  EXPECT_THAT(refusal_of(many + "]}"), HasSubstr("at most 4096"));
}

TEST(RerankWire, EveryIntegerIsChecked) {
  for (const std::string field : {"top_n", "max_tokens_per_doc"}) {
    test_support::expect_integers_are_checked(
        parse_rerank, R"({"query":"q","documents":["a"],")" + field + R"(":@})", field);
  }
}

class Rerank : public testing::Test {
 protected:
  Rerank() { add_rerank_routes(daemon_.router, service_); }

  void add_ranker(std::map<std::string, std::string> settings = {}) {
    settings.emplace("capabilities", "rerank");
    daemon_.files.add({.name = "ranker", .settings = std::move(settings)});
  }
  static Json json(const std::unique_ptr<test_support::Answer>& answer) {
    EXPECT_FALSE(answer->error) << answer->message();
    return Json::parse(answer->reply.body());
  }

  test_support::FakeDaemon daemon_;
  RerankService service_{daemon_.models, {}};
};

TEST_F(Rerank, TheBestComesFirst) {
  add_ranker();
  const auto answer = daemon_.post(
      "/v1/rerank",
      R"({"model":"ranker","query":"hail falls","documents":["cats","hail falls","hail"]})");
  const Json reply = json(answer);
  std::vector<int> order;
  for (const auto& one : reply["results"]) order.push_back(one["index"]);
  EXPECT_THAT(order, ElementsAre(1, 2, 0));
  EXPECT_EQ(reply["results"][0]["relevance_score"], 1.0);
  EXPECT_EQ(reply["results"][1]["relevance_score"], 0.5);
  EXPECT_FALSE(reply["results"][0].contains("document"));
  EXPECT_EQ(reply["model"], "ranker");
  EXPECT_EQ(reply["usage"]["total_tokens"], 10);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
}

TEST_F(Rerank, WithoutANameTheInstalledOneRanks) {
  daemon_.files.add({});
  add_ranker();
  const Json reply = json(daemon_.post(
      "/rerank", R"({"query":"a","documents":["b","a"],"top_n":1,"return_documents":true})"));
  ASSERT_THAT(reply["results"], SizeIs(1));
  EXPECT_EQ(reply["results"][0]["document"]["text"], "a");
  EXPECT_EQ(reply["model"], "ranker:latest");
}

TEST_F(Rerank, ALongDocumentLosesItsEndAndThatIsSaid) {
  add_ranker({{"context_length", "20"}});
  const std::string tail = R"(,"query":"hail falls","documents":["short hail falls",)"
                           R"("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 hail falls"]})";
  const auto answer = daemon_.post("/v1/rerank", R"({"model":"ranker")" + tail);
  const Json reply = json(answer);
  EXPECT_EQ(reply["results"][1]["relevance_score"], 0.0);
  EXPECT_EQ(reply["truncated"]["documents"], 1);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Truncated"), "1 documents");
  const auto strict = daemon_.post("/v1/rerank", R"({"model":"ranker","truncate":false)" + tail);
  EXPECT_EQ(strict->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(strict->message(), HasSubstr("document 1 with the query has 23 tokens"));
  const auto cut = daemon_.post("/v1/rerank", R"({"max_tokens_per_doc":1)" + tail);
  EXPECT_EQ(json(cut)["truncated"]["documents"], 2);
}

TEST_F(Rerank, AQueryThatLeavesNoRoomIsRefused) {
  add_ranker({{"context_length", "20"}});
  const auto answer = daemon_.post(
      "/v1/rerank",
      R"({"query":"0 1 2 3 4 5 6 7 8 9 10 11","documents":["a document that has to be looked at"]})");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(answer->message(), HasSubstr("the query is too long"));
}

TEST_F(Rerank, WhereNoneIsInstalledItSaysWhatInstallsOne) {
  daemon_.files.add({});
  for (const char* body : {R"({"query":"q","documents":["a"]})",
                           R"({"model":"nope","query":"q","documents":["a"]})"}) {
    const auto answer = daemon_.post("/v1/rerank", body);
    ASSERT_TRUE(answer->error) << body;
    EXPECT_THAT(answer->message(), HasSubstr("no model for rerank is installed"));
  }
  const auto other =
      daemon_.post("/v1/rerank", R"({"model":"echo","query":"q","documents":["a"]})");
  EXPECT_EQ(other->code(), ErrorCode::kBadRequest);
  EXPECT_EQ(other->message(), "\"echo\" does not support reranking");
  add_ranker();
  EXPECT_EQ(daemon_.post("/v1/rerank", R"({"model":"nope","query":"q","documents":["a"]})")->code(),
            ErrorCode::kNotFound);
}

TEST_F(Rerank, AnEngineThatMiscountsIsFoundOut) {
  add_ranker({{"wrong_shape", "1"}});
  EXPECT_EQ(daemon_.post("/v1/rerank", R"({"query":"q","documents":["a"]})")->code(),
            ErrorCode::kEngineFailed);
}

}  // namespace
}  // namespace hailstone::rerank
