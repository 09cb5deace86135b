// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/pipeline/error_reply.hpp"
#include "services/vision/deepstack/routes.hpp"
#include "services/vision/deepstack/wire.hpp"
#include "services/vision/faces/service.hpp"
#include "support/fake_daemon.hpp"
#include "support/scripted_faces.hpp"

namespace hailstone::deepstack {
namespace {

using nlohmann::json;
using test_support::face_detector;
using test_support::face_embedder;
using test_support::FakeDaemon;
using test_support::Looks;
using test_support::portrait;
using testing::HasSubstr;

vision::Detection make_detection(int class_id, double score, vision::Box box) {
  vision::Detection detection;
  detection.class_id = class_id;
  detection.score = score;
  detection.box = box;
  return detection;
}

TEST(DeepStackWire, WritesIntegerCornersWithTheSurestFirst) {
  picture::ObjectResult result;
  result.labels = {"Person", "traffic light"};
  result.size = {100, 50};
  result.detections = {make_detection(1, 0.5, {10.4, 5.6, 20, 10}),
                       make_detection(0, 0.91234567, {-1, 40, 200, 30})};
  result.timings.decode = std::chrono::milliseconds(3);
  result.timings.infer = std::chrono::milliseconds(20);
  EXPECT_EQ(
      write_detections(result, 20),
      R"({"success":true,"predictions":[)"
      R"({"label":"person","confidence":0.9123,"x_min":0,"y_min":40,"x_max":100,"y_max":50},)"
      R"({"label":"traffic light","confidence":0.5,"x_min":10,"y_min":6,"x_max":30,"y_max":16})"
      R"(],"count":2,"inferenceMs":20,"processMs":23,"duration":23})");
  EXPECT_THAT(write_detections(result, 1), HasSubstr(R"("count":1)"));
  EXPECT_EQ(
      write_detections({}, 20),
      R"({"success":true,"predictions":[],"count":0,"inferenceMs":0,"processMs":0,"duration":0})");
}

TEST(DeepStackWire, AStrangerIsUnknownWithConfidenceZero) {
  faces::FacesResult result;
  result.size = {64, 64};
  result.faces.resize(2);
  result.faces[0].similarity = 0.2;
  result.faces[1].similarity = 0.5;
  result.faces[1].person = "Ann";
  EXPECT_THAT(
      write_recognized(result, 20),
      HasSubstr(R"([{"userid":"Ann","confidence":0.75,"x_min":0,"y_min":0,"x_max":0,"y_max":0},)"
                R"({"userid":"unknown","confidence":0.0,)"));
}

TEST(DeepStackWire, TheUsualThresholdIsDeepStacksOwn) {
  EXPECT_NEAR(to_confidence(core::kUsualThreshold), 0.67, 1e-9);
  EXPECT_NEAR(to_cosine(to_confidence(0.5)), 0.5, 1e-9);
}

/// One part of a form, as its client would write it after "Content-Disposition: form-data; ".
struct Part {
  std::string head;
  std::string content;
};

Part field(const std::string& name, const std::string& value) {
  return {"name=\"" + name + "\"", value};
}
/// As Python's requests sends an open file under the key that Frigate gives it.
Part frigates_image(const std::string& picture) {
  return {"name=\"image\"; filename=\"image\"", picture};
}

class DeepStackTest : public testing::Test {
 protected:
  DeepStackTest() {
    daemon_.files.add(
        {.name = "net",
         .task = "detect",
         .settings = {{"input", R"({"width":64,"height":64,"resize":"letterbox"})"},
                      {"outputs", "boxes[3,6]=8 10 8 4 0.45 1  4 8 4 4 0.9 0  0 0 9 9 0.3 0"}},
         .layers = {{"labels", "Person\ncar\n"}},
         .decoder = "boxes"});
    daemon_.files.add(face_detector("eyes", {{}}));
    daemon_.files.add(face_embedder("memory"));
    daemon_.headers.add("Content-Type", "multipart/form-data; boundary=B");
    add_deepstack_routes(daemon_.router, {choice_, objects_, faces_, {}});
  }

  std::unique_ptr<test_support::Answer> post(const std::string& path,
                                             const std::vector<Part>& parts) {
    std::string body;
    for (const auto& part : parts) {
      body += "--B\r\nContent-Disposition: form-data; " + part.head + "\r\n\r\n" + part.content +
              "\r\n";
    }
    return daemon_.post("/v1/vision/" + path, body + "--B--\r\n");
  }
  json ask(const std::string& path, const std::vector<Part>& parts) {
    const auto answer = post(path, parts);
    if (!answer->error) return json::parse(answer->reply.body());
    return json::parse(
        http::render_error(http::make_refusal(std::make_exception_ptr(*answer->error)),
                           http::Dialect::kDeepStack, "")
            .body);
  }

  FakeDaemon daemon_;
  core::PeopleStore people_{daemon_.files.root() / "people.db"};
  picture::ModelChoice choice_{daemon_.models, {}};
  picture::ObjectFinder objects_{choice_};
  faces::FaceService faces_{choice_, &people_};
  const std::string left_ = portrait(Looks::kLeftIsBright);
  const std::string right_ = portrait(Looks::kRightIsBright);
};

TEST_F(DeepStackTest, AnswersFrigate) {
  const auto answer = post("detection", {field("api_key", ""), frigates_image(left_)});
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.status(), 200);
  EXPECT_EQ(answer->reply.header("X-Hailstone-Model"), "net:latest");
  const auto body = json::parse(answer->reply.body());
  EXPECT_EQ(body["success"], true);
  EXPECT_TRUE(body["duration"].is_number());
  EXPECT_EQ(body["predictions"].dump(),
            R"([{"confidence":0.9,"label":"person","x_max":8,"x_min":4,"y_max":12,"y_min":8},)"
            R"({"confidence":0.45,"label":"car","x_max":16,"x_min":8,"y_max":14,"y_min":10}])");
}

TEST_F(DeepStackTest, ObeysMinConfidenceAndMax) {
  EXPECT_EQ(ask("detection", {frigates_image(left_), field("min_confidence", "0.2")})["count"], 3);
  EXPECT_EQ(ask("detection", {frigates_image(left_), field("min_confidence", "0.5")})["count"], 1);
  EXPECT_EQ(ask("detection", {frigates_image(left_), field("max", "1")})["count"], 1);
}

TEST_F(DeepStackTest, NeverGivesFrigateMoreThanTwentyRows) {
  std::string outputs = "boxes[25,6]=";
  for (int i = 0; i < 25; ++i) {
    outputs += std::to_string(i % 5 * 12) + " " + std::to_string(i / 5 * 12) + " 8 8 0.9 0 ";
  }
  daemon_.files.add({.name = "crowd",
                     .task = "detect",
                     .settings = {{"input", R"({"width":64,"height":64})"}, {"outputs", outputs}},
                     .decoder = "boxes"});
  EXPECT_EQ(ask("custom/crowd", {frigates_image(left_)})["count"], 20);
  EXPECT_EQ(ask("custom/crowd", {frigates_image(left_), field("max", "100")})["count"], 25);
}

TEST_F(DeepStackTest, CustomModelsAreListedAndNamedInThePath) {
  EXPECT_EQ(ask("custom/list", {})["models"], json::parse(R"(["net:latest"])"));
  EXPECT_EQ(ask("custom/net", {frigates_image(left_)})["success"], true);
  const auto missing = ask("custom/gone", {frigates_image(left_)});
  EXPECT_EQ(missing["success"], false);
  EXPECT_EQ(missing["detail"], "models for detect: net:latest");
}

TEST_F(DeepStackTest, RefusesInDeepStacksWords) {
  const std::tuple<const char*, std::vector<Part>, const char*> cases[] = {
      {"detection", {}, "No valid image file found"},
      {"face", {}, "No valid image file found"},
      {"face/register", {frigates_image(left_)}, "userid not specified"},
      {"face/register", {field("userid", "Ann")}, "No valid image file found"},
      {"face/delete", {}, "userid not specified"},
      {"detection",
       {frigates_image(left_), field("min_confidence", "high")},
       "Invalid value for min_confidence"},
      {"face",
       {frigates_image(left_), field("min_confidence", "1.5")},
       "min_confidence cannot be greater than 1"},
      {"face/match", {frigates_image(left_)}, "expected two image files, only one found"},
      {"face/match",
       {frigates_image(left_), frigates_image(left_), frigates_image(left_)},
       "only two images allowed"}};
  for (const auto& [path, parts, message] : cases) {
    const auto answer = post(path, parts);
    EXPECT_EQ(answer->code(), ErrorCode::kBadRequest) << path;
    EXPECT_EQ(answer->message(), message) << path;
  }
  const auto body = ask("detection", {});
  EXPECT_EQ(body.dump(), R"({"duration":0,"error":"No valid image file found","success":false})");
}

TEST_F(DeepStackTest, RegistersRecognizesListsAndDeletes) {
  // Any names of parts.
  EXPECT_EQ(ask("face/register", {field("userid", "Ann"),
                                  {"name=\"one\"", left_},
                                  {"name=\"two\"; filename=\"b.png\"", left_}})["message"],
            "face added");
  EXPECT_EQ(people_.read()->find("Ann")->faces.size(), 2U);
  const auto known = ask("face/recognize", {frigates_image(left_)})["predictions"];
  EXPECT_EQ(known.dump(), R"([{"confidence":1.0,"userid":"Ann","x_max":40,"x_min":24,"y_max":40,)"
                          R"("y_min":24}])");
  const auto stranger = ask("face/recognize", {frigates_image(right_)})["predictions"];
  EXPECT_EQ(stranger[0]["userid"], "unknown");
  EXPECT_EQ(stranger[0]["confidence"], 0.0);
  EXPECT_EQ(ask("face/recognize",
                {frigates_image(right_), field("min_confidence", "0")})["predictions"][0]["userid"],
            "Ann");
  EXPECT_EQ(ask("face/list", {})["faces"], json::parse(R"(["Ann"])"));
  EXPECT_EQ(ask("face/delete", {field("userid", "Ann")})["success"], true);
  EXPECT_TRUE(ask("face/list", {})["faces"].empty());
  EXPECT_EQ(ask("face/delete", {field("userid", "Ann")})["success"], false);
}

TEST_F(DeepStackTest, ReadsTheFormsThatPythonSendsWithoutFiles) {
  ask("face/register", {field("userid", "Ann B"), frigates_image(left_)});
  daemon_.headers = {};
  daemon_.headers.add("Content-Type", "application/x-www-form-urlencoded");
  const auto answer = daemon_.post("/v1/vision/face/delete", "userid=Ann+B&api_key=");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_TRUE(people_.read()->people.empty());
  daemon_.headers = {};
  EXPECT_FALSE(daemon_.post("/v1/vision/face/list", "")->error);
}

TEST_F(DeepStackTest, FindsAndMatchesFacesWithoutKeepingThem) {
  faces::FaceService faces(choice_, nullptr);
  http::Router router;
  add_deepstack_routes(router, {choice_, objects_, faces, {}});
  daemon_.router = std::move(router);
  EXPECT_EQ(ask("face", {frigates_image(left_)})["predictions"].dump(),
            R"([{"confidence":0.9,"x_max":40,"x_min":24,"y_max":40,"y_min":24}])");
  EXPECT_EQ(ask("face/match", {frigates_image(left_), frigates_image(left_)})["similarity"], 1.0);
  EXPECT_LT(ask("face/match", {frigates_image(left_), frigates_image(right_)})["similarity"], 0.67);
  for (const auto* path : {"face/register", "face/recognize", "face/list", "face/delete"}) {
    EXPECT_EQ(post(path, {field("userid", "Ann"), frigates_image(left_)})->code(),
              ErrorCode::kForbidden)
        << path;
  }
}

TEST_F(DeepStackTest, ASceneNeedsAClassifier) {
  const auto answer = post("scene", {frigates_image(left_)});
  EXPECT_THAT(answer->message(), HasSubstr("no model for classify is installed"));
  daemon_.files.add({.name = "places",
                     .task = "classify",
                     .settings = {{"input", R"({"width":64,"height":64})"},
                                  {"outputs", "logits[1,3]=0.2 0.7 0.1"}},
                     .layers = {{"labels", "street\nkitchen\nwood\n"}},
                     .decoder = "logits"});
  daemon_.files.add({.name = "words", .task = "classify", .decoder = "clip"});
  const auto body = ask("scene", {frigates_image(left_)});
  EXPECT_EQ(body["label"], "kitchen");
  EXPECT_EQ(body["confidence"], 0.7);
}

TEST_F(DeepStackTest, AModelThatComparesWithWordsNamesNoScene) {
  daemon_.files.add({.name = "words", .task = "classify", .decoder = "clip"});
  EXPECT_THAT(post("scene", {frigates_image(left_)})->message(),
              HasSubstr("no model for classify is installed"));
}

TEST_F(DeepStackTest, EveryRouteAsksForTheKeyThatTheOperatorSet) {
  http::Router router;
  add_deepstack_routes(router, {choice_, objects_, faces_, {"secret"}});
  daemon_.router = std::move(router);
  for (const auto* route : daemon_.router.routes()) {
    const auto path = route->pattern.substr(std::string("/v1/vision/").size());
    const std::vector<Part> parts = {frigates_image(left_), field("userid", "Ann")};
    for (const auto* key : {"", "wrong"}) {
      auto with_key = parts;
      with_key.push_back(field("api_key", key));
      EXPECT_EQ(post(path, with_key)->code(), ErrorCode::kUnauthorized) << path;
    }
  }
  EXPECT_FALSE(post("face/list", {field("api_key", "secret")})->error);
  EXPECT_EQ(post("face/list", {field("api_key", "wrong")})->message(), "Incorrect api key");
  daemon_.headers.add("Authorization", "Bearer secret");
  EXPECT_FALSE(post("face/list", {})->error);
}

}  // namespace
}  // namespace hailstone::deepstack
