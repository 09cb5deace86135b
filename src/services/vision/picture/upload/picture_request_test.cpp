// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/picture_request.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::picture {
namespace {

const std::string kJpeg = "\xFF\xD8\xFF\xE0 a photo";
const std::string kPng = "\x89PNG\r\n a drawing";

http::Request make(const std::string& type, std::string body) {
  http::Request request;
  if (!type.empty()) request.headers.add("Content-Type", type);
  request.body = std::move(body);
  return request;
}

std::string part(const std::string& disposition, const std::string& content) {
  return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}

http::Request form(const std::string& parts) {
  return make("multipart/form-data; boundary=b", parts + "--b--\r\n");
}

std::string refusal(http::Request request) {
  try {
    take_picture_request(request);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "";
}

TEST(PictureRequest, ReadsAFormWhateverItsPartsAreNamed) {
  auto request = form(part("name=\"threshold\"", "0.5") +
                      part("name=\"upload\"; filename=\"cat.jpg\"", kJpeg) +
                      part("name=\"api_key\"", "") + part("name=\"second\"", kPng));
  request.query["model"] = "yolox-nano";
  const auto read = take_picture_request(request);
  ASSERT_EQ(read.pictures.size(), 2U);
  EXPECT_EQ(read.pictures[0].name, "upload");
  EXPECT_EQ(read.pictures[0].bytes, kJpeg);
  EXPECT_EQ(read.pictures[1].bytes, kPng);
  EXPECT_EQ(read.find_field("threshold"), "0.5");
  EXPECT_EQ(read.find_field("model"), "yolox-nano");
  EXPECT_FALSE(read.find_field("api_key")) << "an empty field is as good as none";
}

TEST(PictureRequest, AnOptionWithAFileNameIsStillAnOption) {
  for (const bool is_last : {true, false}) {
    const auto option = part("name=\"threshold\"; filename=\"threshold\"", "0.85");
    const auto picture = part("name=\"image\"; filename=\"image\"", kJpeg);
    auto request = form(is_last ? picture + option : option + picture);
    const auto read = take_picture_request(request);
    ASSERT_EQ(read.pictures.size(), 1U) << is_last;
    EXPECT_EQ(read.pictures[0].bytes, kJpeg);
    EXPECT_EQ(read.find_field("threshold"), "0.85");
  }
  auto broken = form(part("name=\"upload\"; filename=\"cat.jpg\"", std::string("\x01\x02\xFF", 3)));
  EXPECT_EQ(take_picture_request(broken).pictures.size(), 1U) << "no text: a picture, if a bad one";
}

TEST(PictureRequest, WhatIsGivenTwiceAddsUp) {
  auto request = form(part("name=\"image\"", kJpeg) + part("name=\"classes\"", "person") +
                      part("name=\"classes\"", "dog"));
  request.query["classes"] = "cat";
  EXPECT_EQ(take_picture_request(request).find_field("classes"), "person,dog");
}

TEST(PictureRequest, AFormsFieldsWinOverTheQuery) {
  auto request = form(part("name=\"model\"", "b") + part("name=\"image\"", kJpeg));
  request.query["model"] = "a";
  EXPECT_EQ(take_picture_request(request).find_field("model"), "b");
}

TEST(PictureRequest, TakesABodyThatIsThePictureItself) {
  for (const auto* type :
       {"image/jpeg", "application/octet-stream", "", "application/x-www-form-urlencoded"}) {
    auto request = make(type, kJpeg);
    request.query["max"] = "3";
    const auto read = take_picture_request(request);
    ASSERT_EQ(read.pictures.size(), 1U) << type;
    EXPECT_EQ(read.pictures[0].bytes, kJpeg);
    EXPECT_EQ(read.find_field("max"), "3");
  }
}

TEST(PictureRequest, TakesBase64InJsonWithAndWithoutADataUrl) {
  for (const auto* text : {"/9j/4A==", "data:image/jpeg;base64,/9j/4A=="}) {
    auto request = make("application/json; charset=utf-8",
                        std::string(R"({"image":")") + text +
                            R"(","threshold":0.25,"classes":["cat","dog"],"model":null})");
    const auto read = take_picture_request(request);
    ASSERT_EQ(read.pictures.size(), 1U);
    EXPECT_EQ(read.pictures[0].bytes, "\xFF\xD8\xFF\xE0");
    EXPECT_EQ(read.find_field("threshold"), "0.25");
    EXPECT_EQ(read.find_field("classes"), "cat,dog");
    EXPECT_FALSE(read.find_field("model"));
  }
}

TEST(PictureRequest, KeepsTheNamesOfSeveralPictures) {
  auto request = make("application/json", R"({"left":"/9j/4A==","right":"/9j/4Q=="})");
  const auto read = take_picture_request(request);
  ASSERT_NE(read.find_picture("right"), nullptr);
  EXPECT_EQ(read.find_picture("right")->bytes, "\xFF\xD8\xFF\xE1");
  EXPECT_EQ(read.find_picture("middle"), nullptr);
}

TEST(PictureRequest, SaysWhatIsWrong) {
  EXPECT_NE(refusal(make("", "")).find("no picture"), std::string::npos);
  EXPECT_NE(refusal(form(part("name=\"model\"", "x"))).find("no picture"), std::string::npos);
  EXPECT_NE(refusal(make("application/json", R"({"image":"%%"})")).find("base64"),
            std::string::npos);
  EXPECT_NE(refusal(make("application/json", R"({"image":7})")).find("got a number"),
            std::string::npos);
  EXPECT_NE(refusal(make("application/json", R"({"images":["/9j/4A==",7]})")).find("images[1]"),
            std::string::npos);
  EXPECT_NE(refusal(make("application/json", R"({"image":)")), "");
}

}  // namespace
}  // namespace hailstone::picture
