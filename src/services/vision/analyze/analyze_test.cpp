// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/analyze/routes.hpp"
#include "services/vision/analyze/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::analyze {
namespace {

using test_support::FakeDaemon;
using testing::HasSubstr;
using Json = nlohmann::json;

/// Says what it was asked and how much of the picture it saw.
picture::VisionTask make_probe(const std::string& name) {
  return {name,
          {"threshold", "model", "max", "format", "region"},
          [name](const picture::PictureRequest& request) -> picture::Analysis {
            if (request.find_field("threshold") == "high") {
              throw Error(ErrorCode::kBadRequest, "threshold must be a number");
            }
            return [name, fields = request.fields](auto& photos, const RunContext&) {
              Json said(fields);
              said["width"] = photos.front().decode({4, 4}).image.width;
              picture::Answer answer{{}, name + "-net", "fake", {}};
              answer.timings.infer = std::chrono::milliseconds(2);
              answer.response.body = said.dump();
              return answer;
            };
          }};
}

picture::VisionTask make_failing() {
  return {"broken", {"threshold"}, [](const auto&) -> picture::Analysis {
            return [](auto&, const RunContext&) -> picture::Answer {
              throw Error(ErrorCode::kNotFound, "no such model", "there are none");
            };
          }};
}

picture::VisionTask make_file(const std::string& type) {
  return {"file", {}, [type](const auto&) -> picture::Analysis {
            return [type](auto&, const RunContext&) {
              picture::Answer answer{{}, "net", "fake", {}};
              answer.response.content_type = type;
              answer.response.body = "\"bytes\"";
              answer.response.headers.add("X-Unit", "m");
              return answer;
            };
          }};
}

class AnalyzeTest : public testing::Test {
 protected:
  void offer(std::vector<picture::VisionTask> tasks) {
    add_analyze_route(daemon_.router, std::move(tasks));
  }

  std::unique_ptr<test_support::Answer> post(Json body) {
    const media::Image image{64, 32, std::vector<std::uint8_t>(64 * 32 * 3, 90)};
    body["image"] = services::to_base64(media::encode_jpeg(image));
    return daemon_.post("/api/analyze", body.dump());
  }
  Json ask(Json body) {
    const auto answer = post(std::move(body));
    EXPECT_FALSE(answer->error) << answer->message();
    return answer->error ? Json() : Json::parse(answer->reply.body());
  }

  FakeDaemon daemon_;
};

TEST_F(AnalyzeTest, AnswersAllTasksFromOneDecodedPicture) {
  offer({make_probe("one"), make_probe("two"), make_probe("three")});
  const Json said = ask({{"tasks", {"one", "three"}}});
  EXPECT_EQ(said["width"], 64);
  EXPECT_EQ(said["height"], 32);
  // A picture that was decoded for one alone would be smaller.
  EXPECT_EQ(said["results"], Json({{"one", {{"width", 64}}}, {"three", {{"width", 64}}}}));
  EXPECT_EQ(said["models"], Json({{"one", "one-net"}, {"three", "three-net"}}));
  EXPECT_FALSE(said.contains("errors"));
}

TEST_F(AnalyzeTest, HeadersSumUpAllTasks) {
  offer({make_probe("one"), make_probe("two")});
  const auto answer = post({{"tasks", "one,two,one"}});
  EXPECT_EQ(answer->reply.header("X-Hailstone-Model"), "one-net, two-net");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  EXPECT_THAT(answer->reply.header("Server-Timing"), HasSubstr("infer;dur=4.00"));
}

TEST_F(AnalyzeTest, OptionsAreForAllOrForOneTask) {
  offer({make_probe("one"), make_probe("two")});
  const Json said = ask({{"tasks", "one,two"},
                         {"max", 3},
                         {"region", {1, 2, 3, 4}},
                         {"two.max", 7},
                         {"one", {{"model", "mine"}}}});
  const Json& results = said["results"];
  EXPECT_EQ(results["one"],
            Json({{"max", "3"}, {"region", "1,2,3,4"}, {"model", "mine"}, {"width", 64}}));
  EXPECT_EQ(results["two"], Json({{"max", "7"}, {"region", "1,2,3,4"}, {"width", 64}}));
}

TEST_F(AnalyzeTest, ATaskThatFailsLeavesTheOthersTheirResults) {
  offer({make_failing(), make_probe("one")});
  const Json said = ask({{"tasks", "broken,one"}});
  EXPECT_TRUE(said["results"].contains("one"));
  EXPECT_EQ(said["errors"],
            Json({{"broken", {{"error", "no such model"}, {"detail", "there are none"}}}}));
}

TEST_F(AnalyzeTest, WhereAllFailTheRequestFailsAsTheFirst) {
  offer({make_failing(), make_probe("one")});
  EXPECT_EQ(post({{"tasks", "broken"}})->code(), ErrorCode::kNotFound);
}

TEST_F(AnalyzeTest, FilesComeInBase64AndTextsAsTheyAre) {
  offer({make_file("image/png")});
  EXPECT_EQ(ask({{"tasks", "file"}})["results"]["file"],
            Json({{"content_type", "image/png"}, {"X-Unit", "m"}, {"base64", "ImJ5dGVzIg=="}}));
  EXPECT_EQ(write_outcomes({{"file",
                             make_file("text/plain; charset=utf-8")
                                 .prepare({})(*std::make_unique<std::vector<picture::Photo>>(), {}),
                             {},
                             {}}},
                           {1, 2}),
            R"({"width":1,"height":2,"models":{"file":"net"},"results":{"file":"\"bytes\""}})");
}

TEST_F(AnalyzeTest, BadOptionsAreNamedBeforeAnythingIsLookedAt) {
  offer({make_failing(), make_probe("one")});
  const auto refusal = [&](Json body) { return post(std::move(body))->message(); };
  EXPECT_THAT(refusal(Json::object()), HasSubstr("tasks is required"));
  EXPECT_THAT(refusal({{"tasks", "cook"}}), HasSubstr("there is no 'cook'"));
  EXPECT_THAT(refusal({{"tasks", "one"}, {"model", "x"}}), HasSubstr("one.model"));
  EXPECT_THAT(refusal({{"tasks", "one"}, {"two.max", "1"}}), HasSubstr("not among the tasks"));
  EXPECT_THAT(refusal({{"tasks", "broken,one"}, {"one.threshold", "high"}}),
              HasSubstr("threshold must be a number"));
}

TEST_F(AnalyzeTest, NoTaskIsBegunOnceTheClientHasLeft) {
  offer({make_probe("one")});
  std::stop_source gone;
  gone.request_stop();
  const media::Image image{8, 8, std::vector<std::uint8_t>(8 * 8 * 3, 90)};
  const Json body{{"tasks", "one"}, {"image", services::to_base64(media::encode_png(image))}};
  const auto answer = daemon_.call(http::Method::kPost, "/api/analyze", body.dump(),
                                   {Deadline::never(), gone.get_token()});
  EXPECT_EQ(answer->code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace hailstone::analyze
