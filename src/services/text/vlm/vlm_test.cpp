// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "http/pipeline/dispatch.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/image.hpp"
#include "services/text/vlm/wire_request.hpp"
#include "services/vision/picture/upload/picture_request.hpp"
#include "support/field_abuse.hpp"

namespace hailstone::vlm {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

chat::GenerateTask task_of(std::string body, const std::string& kind = "application/json",
                           const std::string& target = "/api/vlm") {
  auto request = http::make_request("POST", target, kind, std::move(body));
  return make_task(picture::take_picture_request(request));
}

std::string picture(int width = 8, int height = 6) {
  return media::encode_png(media::make_image(width, height, 90));
}

/// A request with one picture and these fields besides the prompt.
std::string with(const std::string& fields) {
  return R"({"prompt":"what?","image":")" + to_base64(picture()) + "\"" +
         (fields.empty() ? "" : "," + fields) + "}";
}

std::string refusal_of(const std::string& body) {
  try {
    task_of(body);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST(VlmWire, TakesJsonFormsAndBarePictures) {
  const auto json = task_of(with(R"("model":"m","system":"be brief","stream":true,"max_tokens":7,
                                    "temperature":0.5,"seed":-1,"think":false)"));
  EXPECT_EQ(json.prompt, "what?");
  EXPECT_EQ(json.model, "m");
  EXPECT_EQ(json.system, "be brief");
  EXPECT_TRUE(json.stream);
  EXPECT_EQ(json.options.num_predict, 7);
  EXPECT_EQ(json.options.sampling.temperature, 0.5);
  EXPECT_EQ(json.options.sampling.seed, -1);
  EXPECT_EQ(json.thinking, inference::Thinking::kOff);
  ASSERT_THAT(json.images, SizeIs(1));
  EXPECT_EQ(json.images[0], picture()) << "what the engine reads goes as it is";
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nwhat?\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n" +
      picture() + "\r\n--b--\r\n";
  const auto sent = task_of(form, "multipart/form-data; boundary=b");
  EXPECT_EQ(sent.prompt, "what?");
  EXPECT_FALSE(sent.stream);
  ASSERT_THAT(sent.images, SizeIs(1));
  const auto bare = task_of(picture(), "image/png", "/api/vlm?prompt=what%3F");
  EXPECT_EQ(bare.prompt, "what?");
  EXPECT_THAT(bare.images, SizeIs(1));
}

TEST(VlmWire, SeveralPicturesKeepTheirOrder) {
  const auto task = task_of(R"({"prompt":"p","images":[")" + to_base64(picture(3)) + R"(",")" +
                            to_base64(picture(4)) + R"("]})");
  ASSERT_THAT(task.images, SizeIs(2));
  EXPECT_EQ(media::read_image_header(task.images[0]).width, 3);
  EXPECT_EQ(media::read_image_header(task.images[1]).width, 4);
}

TEST(VlmWire, OnlyTheRegionIsSent) {
  const auto header = media::read_image_header(task_of(with(R"("region":"2,1,4,3")")).images[0]);
  EXPECT_EQ(header.width, 4);
  EXPECT_EQ(header.height, 3);
  EXPECT_THAT(refusal_of(with(R"("region":"2,1")")), HasSubstr("region"));
}

TEST(VlmWire, LittleDetailIsASmallerPicture) {
  const std::string large = to_base64(picture(1000, 10));
  for (const auto& [detail, width] :
       {std::pair{"low", 512}, std::pair{"high", 1000}, std::pair{"auto", 1000}}) {
    const auto task = task_of(R"({"prompt":"p","image":")" + large + R"(","detail":")" +
                              std::string(detail) + R"("})");
    EXPECT_EQ(media::read_image_header(task.images[0]).width, width) << detail;
  }
  EXPECT_THAT(refusal_of(with(R"("detail":"huge")")), HasSubstr("detail"));
}

TEST(VlmWire, NamesWhatIsMissingOrWrong) {
  EXPECT_THAT(refusal_of(R"({"image":")" + to_base64(picture()) + R"("})"),
              HasSubstr("prompt is required"));
  EXPECT_NE(refusal_of(R"({"prompt":"p"})"), "accepted");
  EXPECT_THAT(refusal_of(R"({"prompt":"p","image":"@"})"), HasSubstr("image"));
  EXPECT_NE(refusal_of(R"({"prompt":"p","image":")" + to_base64("no picture") + R"("})"),
            "accepted");
  EXPECT_THAT(refusal_of(with(R"("stream":"perhaps")")), HasSubstr("stream"));
  EXPECT_THAT(refusal_of(with(R"("temperature":-1)")), HasSubstr("temperature"));
  EXPECT_THAT(refusal_of(with(R"("temperature":1e308)")), HasSubstr("temperature"));
  std::string many = R"({"prompt":"p","images":[")" + to_base64(picture());
  for (int i = 0; i < 16; ++i) many += R"(",")" + to_base64(picture());
  EXPECT_THAT(refusal_of(many + R"("]})"), HasSubstr("at most 16"));
}

TEST(VlmWire, EveryIntegerIsChecked) {
  for (const std::string field : {"max_tokens", "seed"}) {
    for (const std::string value : {"-2", "2147483648", "9223372036854775808", "1e308", "1.5",
                                    "true", R"("five")", "[1,2]", R"({"a":1})"}) {
      EXPECT_THAT(refusal_of(with("\"" + field + "\":" + value)), HasSubstr(field)) << value;
    }
  }
}

/// The head of a PNG that would be 40000 x 40000 pixels.
TEST(VlmWire, ABombIsRefusedBeforeItIsDecoded) {
  std::string png = picture(1, 1);
  for (const std::size_t at : {std::size_t{16}, std::size_t{20}}) {
    png.replace(at, 4, std::string("\0\0\x9C\x40", 4));
  }
  for (const std::string more : {"", R"(,"region":"0,0,9,9")"}) {
    try {
      task_of(R"({"prompt":"p","image":")" + to_base64(png) + "\"" + more + "}");
      ADD_FAILURE() << more;
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::kTooLarge || error.code() == ErrorCode::kBadRequest)
          << error.what();
    }
  }
}

}  // namespace
}  // namespace hailstone::vlm
