// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "media/codec/decode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/faces/routes.hpp"
#include "services/vision/faces/service.hpp"
#include "support/fake_daemon.hpp"
#include "support/manual_clock.hpp"
#include "support/scripted_faces.hpp"

namespace hailstone::faces {
namespace {

using nlohmann::json;
using test_support::face_detector;
using test_support::face_embedder;
using test_support::FakeDaemon;
using test_support::Looks;
using test_support::portrait;
using testing::HasSubstr;

constexpr const char* kPeople = "/api/faces/people";

/// A body in JSON with a picture.
std::string with_picture(const std::string& picture, json fields = json::object()) {
  fields["image"] = services::to_base64(picture);
  return fields.dump();
}

class FacesTest : public testing::Test {
 protected:
  FacesTest() {
    daemon_.files.add(face_detector("eyes", {{}}));
    daemon_.files.add(face_embedder("memory"));
    picture::add_task_route(daemon_.router, make_task(service_));
    add_people_routes(daemon_.router, service_, clock_);
  }

  json ask(http::Method method, const std::string& path, const std::string& body) {
    const auto answer = daemon_.call(method, path, body);
    if (answer->error) {
      return {{"error", answer->message()},
              {"code", std::string(to_string(answer->code()))},
              {"detail", answer->error->detail()}};
    }
    return json::parse(answer->reply.body());
  }
  json look(Looks looks, json fields = json::object()) {
    return ask(http::Method::kPost, "/api/faces", with_picture(portrait(looks), std::move(fields)));
  }
  json enrol(const std::string& name, Looks looks) {
    return ask(http::Method::kPost, kPeople, with_picture(portrait(looks), {{"name", name}}));
  }

  FakeDaemon daemon_;
  test_support::ManualClock clock_;
  core::PeopleStore people_{daemon_.files.root() / "people.db", clock_};
  picture::ModelChoice choice_{daemon_.models, {}};
  FaceService service_{choice_, &people_};
};

class FacesWithoutPeopleTest : public testing::Test {
 protected:
  FacesWithoutPeopleTest() {
    daemon_.files.add(face_detector("eyes", {{}}));
    picture::add_task_route(daemon_.router, make_task(service_));
    add_people_routes(daemon_.router, service_);
  }

  FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  FaceService service_{choice_, nullptr};
};

TEST_F(FacesWithoutPeopleTest, FacesAreFoundWithTheirLandmarks) {
  const auto answer = daemon_.post("/api/faces", portrait(Looks::kTopIsBright));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.body(),
            R"([{"label":"face","confidence":0.9,"bbox":[24.0,24.0,16.0,16.0],"landmarks":[)"
            R"({"name":"left_eye","x":28.0,"y":28.8},{"name":"right_eye","x":36.0,"y":28.8},)"
            R"({"name":"nose","x":32.0,"y":32.0},{"name":"left_mouth","x":28.8,"y":36.0},)"
            R"({"name":"right_mouth","x":35.2,"y":36.0}]}])");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Model"), "eyes:latest");
}

TEST_F(FacesWithoutPeopleTest, FacesAreWrittenAsCocosKeypoints) {
  const auto answer = daemon_.post(
      "/api/faces",
      with_picture(portrait(Looks::kTopIsBright), {{"format", "coco"}, {"image_id", 7}}));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.body(),
            R"([{"image_id":7,"category_id":1,"bbox":[24.0,24.0,16.0,16.0],"score":0.9,)"
            R"("keypoints":[28.0,28.8,2,36.0,28.8,2,32.0,32.0,2,28.8,36.0,2,35.2,36.0,2]}])");
}

TEST_F(FacesWithoutPeopleTest, WhatNeedsThemNamesTheSetting) {
  const auto image = portrait(Looks::kTopIsBright);
  const std::pair<http::Method, std::string> requests[] = {{http::Method::kGet, ""},
                                                           {http::Method::kPost, ""},
                                                           {http::Method::kPatch, ""},
                                                           {http::Method::kDelete, ""}};
  for (const auto& [method, body] : requests) {
    const auto answer = daemon_.call(method, kPeople, body);
    EXPECT_EQ(answer->code(), ErrorCode::kForbidden);
    EXPECT_THAT(answer->message(), HasSubstr("the setting people is off"));
    EXPECT_THAT(answer->error->detail(), HasSubstr("HAILSTONE_PEOPLE=true"));
  }
  const auto answer = daemon_.post("/api/faces", with_picture(image, {{"identify", true}}));
  EXPECT_EQ(answer->code(), ErrorCode::kForbidden);
}

TEST_F(FacesWithoutPeopleTest, AnEmbedderIsOnlyNeededForEmbeddings) {
  const auto answer =
      daemon_.post("/api/faces", with_picture(portrait(Looks::kTopIsBright), {{"embed", true}}));
  EXPECT_THAT(answer->message(), HasSubstr("no model for face-embed is installed"));
  EXPECT_EQ(daemon_.leases(), 0);
}

TEST_F(FacesTest, KnowsWhomItHasMet) {
  EXPECT_EQ(enrol("Ann", Looks::kLeftIsBright),
            json::parse(R"({"name":"Ann","added":1,"faces":1})"));
  EXPECT_EQ(enrol("Bob", Looks::kRightIsBright)["faces"], 1);
  const auto seen = look(Looks::kLeftIsBright);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0]["person"], "Ann");
  EXPECT_EQ(seen[0]["similarity"], 1.0);
  EXPECT_FALSE(seen[0].contains("embedding"));
  EXPECT_EQ(look(Looks::kRightIsBright)[0]["person"], "Bob");
}

TEST_F(FacesTest, AStrangerIsNobodyButTheNearestSimilarityIsTold) {
  EXPECT_EQ(look(Looks::kTopIsBright)[0]["person"], nullptr);
  EXPECT_EQ(look(Looks::kTopIsBright)[0]["similarity"], nullptr);
  enrol("Ann", Looks::kLeftIsBright);
  const auto seen = look(Looks::kTopIsBright, {{"min_similarity", 0.9}})[0];
  EXPECT_EQ(seen["person"], nullptr);
  EXPECT_GT(seen["similarity"], 0.1);
  EXPECT_EQ(look(Looks::kTopIsBright, {{"min_similarity", -1}})[0]["person"], "Ann");
  EXPECT_EQ(ask(http::Method::kPatch, kPeople, R"({"threshold":0.99})")["threshold"], 0.99);
  EXPECT_EQ(look(Looks::kTopIsBright)[0]["person"], nullptr);
}

TEST_F(FacesTest, IdentificationCanBeTurnedOff) {
  enrol("Ann", Looks::kLeftIsBright);
  EXPECT_FALSE(look(Looks::kLeftIsBright, {{"identify", false}})[0].contains("person"));
}

TEST_F(FacesTest, EmbeddingsAreOfLengthOne) {
  const auto seen = look(Looks::kLeftIsBright, {{"embed", true}});
  ASSERT_EQ(seen[0]["embedding"].size(), 192U);
  double sum = 0;
  for (const double value : seen[0]["embedding"]) sum += value * value;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(FacesTest, FacesOfAnotherNetworkAreNotComparedAndTheReplySaysSo) {
  enrol("Ann", Looks::kLeftIsBright);
  daemon_.files.add(face_embedder("other", "another network"));
  const auto seen = look(Looks::kLeftIsBright, {{"embed_model", "other"}})[0];
  EXPECT_EQ(seen["person"], nullptr);
  EXPECT_EQ(seen["similarity"], nullptr);
  EXPECT_THAT(seen["note"].get<std::string>(),
              HasSubstr("read by memory:latest, which other:latest cannot be compared with"));
  daemon_.files.add(face_embedder("copy"));
  EXPECT_EQ(look(Looks::kLeftIsBright, {{"embed_model", "copy"}})[0]["person"], "Ann")
      << "the same weights under another name";
}

TEST_F(FacesTest, EnrolmentWantsExactlyOneFaceInEachPicture) {
  daemon_.files.add(face_detector("crowd", {{16, 32}, {48, 32}}));
  daemon_.files.add(face_detector("blind", {}));
  const auto enrol_with = [&](const char* model) {
    return ask(http::Method::kPost, kPeople,
               with_picture(portrait(Looks::kTopIsBright), {{"name", "Ann"}, {"model", model}}));
  };
  EXPECT_EQ(enrol_with("crowd")["error"], "picture 1 of 1 must show exactly one face, found 2");
  EXPECT_EQ(enrol_with("crowd")["code"], "bad_request");
  EXPECT_EQ(enrol_with("blind")["error"], "picture 1 of 1 must show exactly one face, found 0");
  EXPECT_TRUE(people_.read()->people.empty());
}

TEST_F(FacesTest, SeveralPicturesAreEnrolledTogetherOrNotAtAll) {
  json body{{"name", "Ann"},
            {"images",
             {services::to_base64(portrait(Looks::kLeftIsBright)),
              services::to_base64(portrait(Looks::kTopIsBright))}}};
  EXPECT_EQ(ask(http::Method::kPost, kPeople, body.dump())["added"], 2);
  body["images"].push_back(services::to_base64("\x89PNG is not enough"));
  EXPECT_EQ(ask(http::Method::kPost, kPeople, body.dump())["code"], "bad_request");
  EXPECT_EQ(people_.read()->find("Ann")->faces.size(), 2U);
}

TEST_F(FacesTest, ANameIsCheckedBeforeAnyModelIsLoaded) {
  EXPECT_EQ(enrol("", Looks::kTopIsBright)["error"], "name is required");
  EXPECT_THAT(enrol(" x", Looks::kTopIsBright)["error"].get<std::string>(),
              HasSubstr("a person's name must be"));
  EXPECT_TRUE(daemon_.runtime.residents().empty());
}

TEST_F(FacesTest, PeopleAreListedRenamedAndDeleted) {
  enrol("Ann", Looks::kLeftIsBright);
  const auto list = [&] { return ask(http::Method::kGet, kPeople, ""); };
  EXPECT_EQ(list(), json::parse(R"({"threshold":0.34,"people":[{"name":"Ann","faces":1,)"
                                R"("models":["memory:latest"],)"
                                R"("added":"1970-01-01T00:00:00.000000000Z"}]})"));
  EXPECT_EQ(ask(http::Method::kPut, kPeople, R"({"name":"Ann","new_name":"Anne"})")["name"],
            "Anne");
  EXPECT_EQ(look(Looks::kLeftIsBright)[0]["person"], "Anne");
  EXPECT_EQ(ask(http::Method::kPatch, kPeople, R"({"name":"Ann","new_name":"X"})")["code"],
            "not_found");
  EXPECT_EQ(ask(http::Method::kPatch, kPeople, R"({"name":"Anne"})")["error"],
            "new_name is required");
  EXPECT_EQ(ask(http::Method::kDelete, kPeople, R"({"name":"Anne"})")["deleted"], "Anne");
  EXPECT_EQ(ask(http::Method::kDelete, kPeople, R"({"name":"Anne"})")["code"], "not_found");
  EXPECT_TRUE(list()["people"].empty());
  EXPECT_EQ(look(Looks::kLeftIsBright)[0]["person"], nullptr);
}

TEST_F(FacesTest, EverythingIsExportedWithItsEmbeddings) {
  const auto export_people = [&] {
    return ask(http::Method::kGet, kPeople, R"({"format":"json"})");
  };
  EXPECT_TRUE(export_people()["people"].empty());
  enrol("Ann", Looks::kLeftIsBright);
  enrol("Bob", Looks::kRightIsBright);
  const auto all = export_people();
  EXPECT_EQ(all["version"], 1);
  ASSERT_EQ(all["people"].size(), 2U);
  const auto& face = all["people"][1]["faces"][0];
  EXPECT_EQ(face["model"], "memory:latest");
  EXPECT_EQ(face["embedding"].get<std::vector<float>>(), people_.read()->people[1].faces[0].vector);
}

TEST_F(FacesTest, DrawsWithoutChangingThePicturesSize) {
  enrol("Ann", Looks::kLeftIsBright);
  const auto answer = daemon_.post(
      "/api/faces", with_picture(portrait(Looks::kLeftIsBright), {{"format", "image"}}));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.content_type(), "image/jpeg");
  EXPECT_EQ(media::decode_image(answer->reply.body()).image.width, 64);
}

TEST_F(FacesTest, ADetectorWithoutLandmarksFindsButCannotIdentify) {
  enrol("Ann", Looks::kLeftIsBright);
  daemon_.files.add({.name = "boxes",
                     .task = "face-detect",
                     .settings = {{"input", R"({"width":64,"height":64})"},
                                  {"outputs", "boxes[1,6]=8 8 20 20 0.9 0"}},
                     .decoder = "boxes"});
  const auto seen = look(Looks::kLeftIsBright, {{"model", "boxes"}})[0];
  EXPECT_EQ(seen["person"], nullptr);
  EXPECT_THAT(seen["note"].get<std::string>(), HasSubstr("gives no landmarks"));
  EXPECT_EQ(look(Looks::kLeftIsBright, {{"model", "boxes"}, {"identify", true}})["code"],
            "unsupported");
}

TEST_F(FacesTest, TwoPicturesAreComparedWithoutBeingKept) {
  const picture::Photo left({"a", portrait(Looks::kLeftIsBright)});
  const picture::Photo right({"b", portrait(Looks::kRightIsBright)});
  std::vector<picture::Photo> same{left, left};
  std::vector<picture::Photo> different{left, right};
  EXPECT_NEAR(service_.compare(same, {}), 1, 1e-6);
  EXPECT_LT(service_.compare(different, {}), 0.3);
  EXPECT_TRUE(people_.read()->people.empty());
}

TEST_F(FacesTest, BadOptionsAreNamed) {
  EXPECT_THAT(look(Looks::kTopIsBright, {{"identify", "maybe"}})["error"].get<std::string>(),
              HasSubstr("identify must be true or false"));
  EXPECT_THAT(look(Looks::kTopIsBright, {{"min_similarity", 2}})["error"].get<std::string>(),
              HasSubstr("min_similarity must be a number from -1 to 1"));
}

}  // namespace
}  // namespace hailstone::faces
