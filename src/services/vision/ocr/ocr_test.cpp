// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/ocr/layout.hpp"
#include "services/vision/ocr/routes.hpp"
#include "services/vision/ocr/service.hpp"
#include "services/vision/ocr/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::ocr {
namespace {

using inference::ReadLine;
using test_support::FakeDaemon;
using testing::HasSubstr;
using testing::StartsWith;

/// Two paragraphs in one block, then another block.
Result page() {
  Result result;
  result.model = "reader";
  result.size = {200, 100};
  result.lines = {ReadLine{{10, 10, 80, 12},
                           0,
                           0,
                           {{"Hello", {10, 10, 40, 12}, 0.96}, {"<you>", {60, 10, 30, 12}, 0.5}}},
                  ReadLine{{10, 30, 50, 12}, 0, 1, {{"again", {10, 30, 50, 12}, 0.9}}},
                  ReadLine{{110, 10, 40, 12}, 1, 0, {{"aside", {110, 10, 40, 12}, 1}}}};
  return result;
}

TEST(OcrWire, TextHasAnEmptyLineBetweenParagraphs) {
  EXPECT_EQ(write_text(page()), "Hello <you>\n\nagain\n\naside\n");
  EXPECT_EQ(write_text({}), "");
}

TEST(OcrWire, JsonHasLinesAndTheirWords) {
  const std::string json = write_json(page());
  EXPECT_THAT(json,
              StartsWith(R"({"text":"Hello <you>\n\nagain\n\naside\n","lines":[)"
                         R"({"text":"Hello <you>","confidence":0.73,)"
                         R"("bbox":[10.0,10.0,80.0,12.0],"block":0,"paragraph":0,"words":[)"
                         R"({"text":"Hello","confidence":0.96,"bbox":[10.0,10.0,40.0,12.0]},)"));
}

TEST(OcrWire, TsvIsTesseracts) {
  EXPECT_EQ(
      write_tsv(page()),
      "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\t"
      "text\n"
      "1\t1\t0\t0\t0\t0\t0\t0\t200\t100\t-1\t\n"
      "2\t1\t1\t0\t0\t0\t10\t10\t80\t32\t-1\t\n"
      "3\t1\t1\t1\t0\t0\t10\t10\t80\t12\t-1\t\n"
      "4\t1\t1\t1\t1\t0\t10\t10\t80\t12\t-1\t\n"
      "5\t1\t1\t1\t1\t1\t10\t10\t40\t12\t96.000000\tHello\n"
      "5\t1\t1\t1\t1\t2\t60\t10\t30\t12\t50.000000\t<you>\n"
      "3\t1\t1\t2\t0\t0\t10\t30\t50\t12\t-1\t\n"
      "4\t1\t1\t2\t1\t0\t10\t30\t50\t12\t-1\t\n"
      "5\t1\t1\t2\t1\t1\t10\t30\t50\t12\t90.000000\tagain\n"
      "2\t1\t2\t0\t0\t0\t110\t10\t40\t12\t-1\t\n"
      "3\t1\t2\t1\t0\t0\t110\t10\t40\t12\t-1\t\n"
      "4\t1\t2\t1\t1\t0\t110\t10\t40\t12\t-1\t\n"
      "5\t1\t2\t1\t1\t1\t110\t10\t40\t12\t100.000000\taside\n");
}

TEST(OcrWire, HocrHasCornersAndEscapesText) {
  const std::string hocr = write_hocr(page());
  EXPECT_THAT(hocr,
              HasSubstr("<div class='ocr_page' id='page_1' title='bbox 0 0 200 100; ppageno 0'>"));
  EXPECT_THAT(hocr, HasSubstr("<div class='ocr_carea' id='block_1_2' title='bbox 110 10 150 22'>"));
  EXPECT_THAT(hocr, HasSubstr("<span class='ocrx_word' id='word_1_2' title='bbox 60 10 90 22; "
                              "x_wconf 50'>&lt;you&gt;</span>"));
}

class OcrTest : public testing::Test {
 protected:
  OcrTest() {
    daemon_.files.add({.name = "reader", .task = "ocr"});
    picture::add_task_route(daemon_.router, make_task(service_));
  }
  static std::string picture(int width, int height) {
    const auto size = static_cast<std::size_t>(width * height * 3);
    return media::encode_png(media::Image{width, height, std::vector<std::uint8_t>(size, 255)});
  }

  FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  OcrService service_{choice_};
};

TEST_F(OcrTest, ReadsInTheAskedFormat) {
  const auto answer = daemon_.post("/api/ocr", picture(64, 32));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.body(), StartsWith(R"({"text":)"));
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  const std::string image = services::to_base64(picture(64, 32));
  const auto tsv = daemon_.post("/api/ocr", R"({"image":")" + image + R"(","format":"tsv"})");
  EXPECT_THAT(tsv->reply.content_type(), HasSubstr("tab-separated"));
}

TEST_F(OcrTest, ARegionIsReadInThePicturesPixels) {
  const std::string image = services::to_base64(picture(64, 64));
  const auto whole = daemon_.post(
      "/api/ocr", R"({"image":")" + services::to_base64(picture(32, 32)) + R"(","format":"tsv"})");
  const auto part = daemon_.post(
      "/api/ocr", R"({"image":")" + image + R"(","format":"tsv","region":"32,16,32,32"})");
  ASSERT_FALSE(part->error) << part->message();
  EXPECT_NE(whole->reply.body(), part->reply.body());
  const auto outside =
      daemon_.post("/api/ocr", R"({"image":")" + image + R"(","region":"64,0,5,5"})");
  EXPECT_THAT(outside->message(), HasSubstr("outside of the picture of 64x64"));
}

/// A detector that sees one line of 24x8 pixels in the middle of 32x32, and a recogniser that reads
/// "a b" there.
test_support::TestModel pair_named(const std::string& name, const std::string& labels) {
  std::string map = "map[1,1,32,32]=";
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) map += x >= 4 && x < 28 && y >= 12 && y < 20 ? "0.9 " : "0 ";
  }
  return {.name = name,
          .task = "ocr",
          .settings = {{"input", R"({"width":32,"height":32})"},
                       {"outputs", map},
                       {"input.recogniser", R"({"height":32})"},
                       {"outputs.recogniser",
                        "text[1,6,4]=0 1 0 0  1 0 0 0  0 0 0 1  0 0 1 0  0 0 1 0  1 0 0 0"}},
          .layers = {{"recogniser", "r"}, {"labels", labels}}};
}

TEST_F(OcrTest, APairOfNetworksFindsLinesAndReadsThem) {
  daemon_.files.add(pair_named("pair", "a\nb\n"));
  const std::string head = R"({"model":"pair","image":")" + services::to_base64(picture(64, 64));
  const auto answer = daemon_.post("/api/ocr", head + R"("})");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.body(), HasSubstr(R"("text":"a b\n")"));
  EXPECT_THAT(answer->reply.body(), HasSubstr(R"({"text":"a","confidence":1.0)"));
  EXPECT_EQ(daemon_.runtime.residents().size(), 1U) << "two networks, one model";
  const auto spoken = daemon_.post("/api/ocr", head + R"(","language":"eng"})");
  EXPECT_EQ(spoken->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(spoken->message(), HasSubstr("language"));
}

TEST_F(OcrTest, APairWithOtherCharactersThanItsNetworkIsRefused) {
  daemon_.files.add(pair_named("odd", "a\nb\nc\nd\ne\n"));
  const std::string image = services::to_base64(picture(64, 64));
  const auto answer = daemon_.post("/api/ocr", R"({"model":"odd","image":")" + image + R"("})");
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_THAT(answer->message(), HasSubstr("characters"));
}

TEST_F(OcrTest, AModelThatReadsNothingIsRefused) {
  daemon_.files.add({.name = "blind", .task = "ocr", .settings = {{"sessions", "text"}}});
  const std::string image = services::to_base64(picture(8, 8));
  const auto answer = daemon_.post("/api/ocr", R"({"image":")" + image + R"(","model":"blind"})");
  EXPECT_EQ(answer->code(), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace hailstone::ocr
