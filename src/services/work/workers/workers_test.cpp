// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/error.hpp"
#include "core/workers/worker_file.hpp"
#include "services/work/workers/wire.hpp"
#include "services/work/workers/wire_request.hpp"

namespace hailstone::workers {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

inference::WorkerManifest worker() {
  return core::parse_worker_file(R"(
name = "look"
module = "look.py"
[fields.image]
type = "file"
media = ["image/*"]
max_bytes = 100
required = true
[fields.level]
type = "integer"
min = 0
max = 10
default = 3
[fields.scale]
type = "number"
[fields.mode]
type = "text"
choices = ["fast", "good"]
[fields.draw]
type = "boolean"
[fields.zone]
type = "json"
)",
                                 "/etc/workers.d/look.toml");
}

const std::string kPicture = "\xFF\xD8\xFF picture";

http::Request request(std::string body, std::string type) {
  http::Request out;
  out.method = http::Method::kPost;
  out.headers.add("Content-Type", std::move(type));
  out.body = std::move(body);
  return out;
}

struct Refusal {
  ErrorCode code{};
  std::string text{};
};

std::optional<Refusal> refusal_of(http::Request given) {
  try {
    take_arguments(worker(), given);
  } catch (const Error& error) {
    return Refusal{error.code(), std::string(error.what()) + "; " + error.detail()};
  }
  return std::nullopt;
}

std::string problem_with(const std::string& name, const std::string& value) {
  auto given = request(kPicture, "image/jpeg");
  given.query[name] = value;
  const auto refusal = refusal_of(std::move(given));
  return refusal ? refusal->text : "none";
}

TEST(WorkerArguments, TheBodyIsTheOnlyFileAndTheQueryIsTheRest) {
  auto given = request(kPicture, "application/octet-stream");
  given.query = {{"level", "7"}, {"scale", "0.5"}, {"draw", "yes"}, {"zone", "[1,2]"}};
  const auto value = take_arguments(worker(), given);
  EXPECT_EQ(value.json, R"({"draw":true,"level":7,"scale":0.5,"zone":[1,2]})");
  ASSERT_THAT(value.blobs, SizeIs(1));
  EXPECT_EQ(value.blobs[0].media_type, "image/jpeg") << "by its bytes";
  EXPECT_EQ(value.blobs[0].data.size(), kPicture.size());
}

TEST(WorkerArguments, JsonHasFilesInBase64AndDefaultsAreFilledIn) {
  auto given =
      request(R"({"image":"data:image/png;base64,/9j/IHBpYw==","mode":"fast","zone":{"a":1}})",
              "application/json");
  const auto value = take_arguments(worker(), given);
  EXPECT_EQ(value.json, R"({"level":3,"mode":"fast","zone":{"a":1}})");
  ASSERT_THAT(value.blobs, SizeIs(1));
}

TEST(WorkerArguments, AFormHasBoth) {
  auto given = request(
      "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\n" +
          kPicture +
          "\r\n--b\r\nContent-Disposition: form-data; name=\"level\"\r\n\r\n4\r\n--b--\r\n",
      "multipart/form-data; boundary=b");
  const auto value = take_arguments(worker(), given);
  EXPECT_EQ(value.json, R"({"level":4})");
  ASSERT_THAT(value.blobs, SizeIs(1));
}

TEST(WorkerArguments, WhatIsWrongIsNamed) {
  EXPECT_EQ(problem_with("level", "10"), "none");
  EXPECT_THAT(problem_with("level", "11"), HasSubstr("level must be a whole number from 0 to 10"));
  EXPECT_THAT(problem_with("level", "1.5"), HasSubstr("got '1.5'"));
  EXPECT_THAT(problem_with("level", "x"), HasSubstr("level must be a whole number"));
  EXPECT_THAT(problem_with("mode", "slow"), HasSubstr("mode must be one of fast, good"));
  EXPECT_THAT(problem_with("draw", "maybe"), HasSubstr("draw must be true or false"));
  EXPECT_THAT(problem_with("colour", "1"),
              HasSubstr("'colour' is no field of look; fields: draw, image, level"));
  EXPECT_NE(problem_with("zone", "{"), "none");
  EXPECT_THAT(refusal_of(request("{}", "application/json"))->text, HasSubstr("image is required"));
  EXPECT_THAT(refusal_of(request(R"({"image":5})", "application/json"))->text,
              HasSubstr("image must be a file in base64, got a number"));
}

TEST(WorkerArguments, FilesHaveLimitsAndKinds) {
  EXPECT_EQ(refusal_of(request(kPicture + std::string(200, 'x'), "image/jpeg"))->code,
            ErrorCode::kTooLarge);
  const auto text = refusal_of(request("hello", "text/plain"));
  EXPECT_EQ(text->code, ErrorCode::kUnsupported);
  EXPECT_THAT(text->text, HasSubstr("image is text/plain, not image/*"));
}

TEST(WorkerReplies, AreWhatTheFileSays) {
  auto manifest = worker();
  inference::CallValue value{R"({"a":1})", {}};
  EXPECT_EQ(write_result(manifest, value, "").body, R"({"a":1})");
  value.blobs.push_back({"out.png", "image/png", std::string("png")});
  EXPECT_EQ(write_result(manifest, value, "").body,
            R"({"value":{"a":1},"files":[{"name":"out.png","media_type":"image/png","bytes":3,)"
            R"("data":"cG5n"}]})");
  manifest.result = inference::WorkerResult::kPicture;
  const auto response = write_result(manifest, value, "image/*");
  EXPECT_EQ(response.body, "png");
  EXPECT_EQ(response.content_type, "image/png");
  EXPECT_THAT(write_result(manifest, value, "application/json").body, HasSubstr("cG5n"));
  value.blobs.clear();
  EXPECT_THROW(write_result(manifest, value, ""), Error);
  EXPECT_THAT(write_piece({"null", {}}), IsEmpty());
}

}  // namespace
}  // namespace hailstone::workers
