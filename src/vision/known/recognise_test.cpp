// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/recognise.hpp"

#include <gmock/gmock.h>

#include "vision/known/class_names.hpp"

namespace hailstone::vision {
namespace {

using inference::ColorOrder;
using inference::ElementType;
using inference::Resize;
using inference::TensorInfo;
using inference::TensorLayout;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Shape = std::vector<std::int64_t>;

struct Row {
  const char* name;
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  std::map<std::string, std::string> metadata;
  const char* task;
  const char* decoder;
  const char* labels;
};

TensorInfo info(std::string name, Shape shape) {
  return {std::move(name), ElementType::kFloat32, std::move(shape)};
}

/// Outputs "name_stride" for the strides 8, 16, 32 of a 640 x 640 input.
std::vector<TensorInfo> heads(std::initializer_list<const char*> names,
                              std::initializer_list<std::int64_t> channels, std::int64_t anchors) {
  std::vector<TensorInfo> outputs;
  auto channel = channels.begin();
  for (const char* name : names) {
    for (const int stride : {8, 16, 32}) {
      const std::int64_t side = 640 / stride;
      outputs.push_back(info(std::string(name) + "_" + std::to_string(stride),
                             {1, side * side * anchors, *channel}));
    }
    ++channel;
  }
  return outputs;
}

/// Maps [side,side,channels] as a HEF gives them, and what comes besides.
std::vector<TensorInfo> maps(std::initializer_list<std::int64_t> channels,
                             std::vector<TensorInfo> more = {}) {
  for (const int stride : {8, 16, 32}) {
    for (const auto count : channels) {
      more.push_back(
          info("conv" + std::to_string(more.size()), {640 / stride, 640 / stride, count}));
    }
  }
  return more;
}

const std::map<std::string, std::string> kUltralytics = {
    {"author", "Ultralytics"}, {"task", "detect"}, {"names", "{0: 'cat', 1: \"dog's\"}"}};

std::vector<Row> rows() {
  const std::vector<TensorInfo> nchw640 = {info("images", {1, 3, 640, 640})};
  const std::vector<TensorInfo> hef640 = {info("input_layer1", {640, 640, 3})};
  const std::vector<TensorInfo> paddle = {info("x", {-1, 3, -1, -1})};
  return {
      {"yolox_nano",
       {info("images", {1, 3, 416, 416})},
       {info("output", {1, 3549, 85})},
       {},
       "detect",
       "yolox",
       "coco80"},
      {"yolov8n", nchw640, {info("output0", {1, 84, 8400})}, {}, "detect", "yolov8", "coco80"},
      {"yolov8n_rows", nchw640, {info("output0", {1, 8400, 84})}, {}, "detect", "yolov8", "coco80"},
      {"own_yolov8",
       nchw640,
       {info("output0", {1, 6, 8400})},
       kUltralytics,
       "detect",
       "yolov8",
       ""},
      {"yolov5n",
       nchw640,
       {info("output0", {1, 25200, 85})},
       {{"stride", "32"}},
       "detect",
       "yolov5",
       "coco80"},
      {"yolo11n_pose",
       nchw640,
       {info("output0", {1, 56, 8400})},
       {{"task", "pose"}, {"names", "{0: 'person'}"}},
       "pose",
       "yolov8-pose",
       "coco17"},
      {"yolov8n_pose_silent",
       nchw640,
       {info("output0", {1, 56, 8400})},
       {},
       "pose",
       "yolov8-pose",
       "coco17"},
      {"yolov8n_seg",
       {info("images", {1, 3, 320, 320})},
       {info("output0", {1, 116, 2100}), info("output1", {1, 32, 80, 80})},
       {},
       "segment",
       "yolov8-seg",
       "coco80"},
      {"yolov5n_seg",
       nchw640,
       {info("output0", {1, 25200, 117}), info("output1", {1, 32, 160, 160})},
       {},
       "segment",
       "yolov5-seg",
       "coco80"},
      {"yolo11n_obb",
       {info("images", {1, 3, 1024, 1024})},
       {info("output0", {1, 20, 21504})},
       {},
       "detect-oriented",
       "yolov8-obb",
       "dota15"},
      {"yolov10n", nchw640, {info("output0", {1, 300, 6})}, {}, "detect", "yolov10", "coco80"},
      {"nanodet",
       {info("data", {1, 3, 416, 416})},
       {info("output", {1, 3598, 112})},
       {},
       "detect",
       "nanodet",
       "coco80"},
      {"rfdetr",
       {info("input", {1, 3, 384, 384})},
       {info("logits", {1, 300, 91}), info("pred_boxes", {1, 300, 4})},
       {},
       "detect",
       "detr",
       "coco91"},
      {"ssd",
       {info("image_tensor", {1, -1, -1, 3})},
       {info("detection_boxes", {1, 100, 4}), info("detection_classes", {1, 100}),
        info("detection_scores", {1, 100}), info("num_detections", {1})},
       {},
       "detect",
       "ssd",
       "coco90"},
      {"centernet",
       {info("input", {1, 3, 512, 512})},
       {info("hm", {1, 80, 128, 128}), info("wh", {1, 2, 128, 128}), info("reg", {1, 2, 128, 128})},
       {},
       "detect",
       "centernet",
       "coco80"},
      {"hef_nms",
       hef640,
       {info("yolov8n/yolov8_nms_postprocess", {40080})},
       {},
       "detect",
       "nms-by-class",
       "coco80"},
      {"hef_yolov8_pose", hef640, maps({64, 1, 51}), {}, "pose", "yolov8-pose", "coco17"},
      {"hef_yolov8_seg",
       hef640,
       maps({64, 80, 32}, {info("proto", {160, 160, 32})}),
       {},
       "segment",
       "yolov8-seg",
       "coco80"},
      {"hef_yolov5_seg",
       hef640,
       maps({351}, {info("proto", {160, 160, 32})}),
       {},
       "segment",
       "yolov5-seg",
       "coco80"},
      {"hef_obb",
       {info("in", {1024, 1024, 3})},
       maps({64, 15, 1}),
       {},
       "detect-oriented",
       "yolov8-obb",
       "dota15"},
      {"yunet",
       {info("input", {1, 3, 640, 640})},
       heads({"cls", "obj", "bbox", "kps"}, {1, 1, 4, 10}, 1),
       {},
       "face-detect",
       "yunet",
       "face1"},
      {"scrfd_dynamic",
       {info("input.1", {-1, 3, -1, -1})},
       {info("score_8", {-1, -1, -1}), info("bbox_8", {-1, -1, -1}), info("kps_8", {-1, -1, -1})},
       {},
       "face-detect",
       "scrfd",
       "face1"},
      {"scrfd_numbers",
       {info("input.1", {1, 3, 640, 640})},
       heads({"4", "5", "6"}, {1, 4, 10}, 2),
       {},
       "face-detect",
       "scrfd",
       "face1"},
      {"hef_scrfd", hef640, maps({2, 8, 20}), {}, "face-detect", "scrfd", "face1"},
      {"hef_retinaface",
       {info("in", {736, 1280, 3})},
       maps({4, 8, 20}),
       {},
       "face-detect",
       "retinaface",
       "face1"},
      {"ultraface",
       {info("input", {1, 3, 240, 320})},
       {info("scores", {1, 4420, 2}), info("boxes", {1, 4420, 4})},
       {},
       "face-detect",
       "ssd",
       "face1"},
      {"mobilefacenet",
       {info("input", {1, 3, 112, 112})},
       {info("output", {1, 128})},
       {},
       "face-embed",
       "embedding",
       ""},
      {"reid",
       {info("input", {1, 3, 256, 128})},
       {info("output", {1, 512})},
       {},
       "person-embed",
       "embedding",
       ""},
      {"pydnetpp",
       {info("image", {1, 3, -1, -1})},
       {info("disparity", {1, 1, -1, -1})},
       {},
       "depth",
       "depth",
       ""},
      {"depth_anything",
       {info("pixel_values", {1, 3, 518, 518})},
       {info("predicted_depth", {1, 518, 518})},
       {},
       "depth",
       "inverse-depth",
       ""},
      {"scdepth",
       {info("scdepthv3/input_layer1", {256, 320, 3})},
       {info("scdepthv3/conv31", {256, 320, 1})},
       {},
       "depth",
       "scdepth",
       ""},
      {"deeplab",
       {info("sub_7", {1, 257, 257, 3})},
       {info("ResizeBilinear_3", {1, 257, 257, 21})},
       {},
       "semantic",
       "class-map",
       "voc21"},
      {"paddle_det", paddle, {info("sigmoid_0.tmp_0", {-1, 1, -1, -1})}, {}, "ocr", "db", ""},
      {"paddle_rec",
       {info("x", {-1, 3, 32, -1})},
       {info("save_infer_model/scale_0.tmp_1", {-1, -1, 97})},
       {},
       "ocr",
       "ctc",
       ""},
      {"resnet",
       {info("data", {1, 3, 224, 224})},
       {info("logits", {1, 1000})},
       {},
       "classify",
       "logits",
       "imagenet1000"},
      {"clip",
       {info("pixel_values", {-1, 3, 224, 224})},
       {info("image_embeds", {-1, 512})},
       {},
       "classify",
       "clip",
       ""},
      {"silero",
       {info("input", {-1, -1}), info("state", {2, -1, 128}), info("sr", {})},
       {info("output", {-1, 1}), info("stateN", {-1, -1, -1})},
       {},
       "vad",
       "silero",
       ""},
  };
}

Clues with_file(std::map<std::string, std::string> metadata) {
  return {std::move(metadata), 0, {}, {}};
}

TEST(Recognise, KnowsTheUsualNetworks) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto known = recognise(row.inputs, row.outputs, with_file(row.metadata));
    ASSERT_TRUE(known.has_value());
    EXPECT_EQ(known->task, row.task);
    EXPECT_EQ(known->decoder, row.decoder);
    EXPECT_EQ(known->labels, row.labels);
  }
}

TEST(Recognise, PadsAsYoloxWasTrained) {
  const auto known = recognise(std::vector{info("images", {1, 3, 416, 416})},
                               std::vector{info("output", {1, 3549, 85})}, {});
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->decoder, "yolox");
  EXPECT_EQ(known->input.resize, Resize::kLetterboxTopLeft);
}

TEST(Recognise, LooksAtPicturesAsLargeAsItWasTrainedWith) {
  const auto depth = recognise(std::vector{info("image", {1, 3, -1, -1})},
                               std::vector{info("disparity", {1, 1, -1, -1})}, {});
  ASSERT_TRUE(depth.has_value());
  EXPECT_EQ(depth->input.min_side, 640);
  EXPECT_EQ(depth->input.max_side, 640);
  const auto text = recognise(std::vector{info("x", {-1, 3, -1, -1})},
                              std::vector{info("sigmoid_0.tmp_0", {-1, 1, -1, -1})}, {});
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(text->input.min_side, 1) << "PaddleOCR makes pictures only smaller";
  EXPECT_EQ(text->input.max_side, 960);
}

TEST(Recognise, SaysHowAPictureGoesIn) {
  const std::vector<TensorInfo> inputs = {info("images", {1, 3, 416, 640})};
  const std::vector<TensorInfo> outputs = {info("output0", {1, 6, 5460})};
  const auto known = recognise(inputs, outputs, with_file(kUltralytics));
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->input.width, 640);
  EXPECT_EQ(known->input.height, 416);
  EXPECT_EQ(known->input.layout, TensorLayout::kNchw);
  EXPECT_EQ(known->input.color, ColorOrder::kRgb);
  EXPECT_EQ(known->input.resize, Resize::kLetterbox);
  EXPECT_EQ(known->input.pad, 114);
  EXPECT_THAT(known->input.std, ElementsAre(255));
  EXPECT_THAT(known->names, ElementsAre("cat", "dog's"));
}

TEST(Recognise, DoesNotGuess) {
  const std::vector<TensorInfo> inputs = {info("in", {1, 3, 224, 224})};
  const std::vector<TensorInfo> vector = {info("out", {1, 37})};
  EXPECT_FALSE(recognise(inputs, vector, {}).has_value());
  EXPECT_FALSE(recognise({}, {}, {}).has_value());
  const std::vector<TensorInfo> text = {info("tokens", {1, 77})};
  EXPECT_FALSE(recognise(text, vector, {}).has_value());
}

std::optional<KnownNetwork> see(TensorInfo input, TensorInfo output, const Clues& clues = {}) {
  return recognise(std::vector{std::move(input)}, std::vector{std::move(output)}, clues);
}

TEST(Recognise, AVectorOfPointsIsNoEmbeddingOfAFace) {
  EXPECT_FALSE(see(info("input", {1, 3, 112, 112}), info("output", {1, 136})));
  EXPECT_FALSE(see(info("input", {1, 3, 112, 112}), info("landmarks", {1, 192})));
  const auto face = see(info("input", {1, 3, 112, 112}), info("output", {1, 128}));
  ASSERT_TRUE(face);
  EXPECT_EQ(face->certainty, Certainty::kGuess);
  EXPECT_THAT(face->sign, ::testing::HasSubstr("a vector"));
}

TEST(Recognise, AMapOfAFewChannelsIsAGuessUntilSomebodyNamesThem) {
  const auto input = info("input", {1, 3, 64, 96});
  const auto guess = see(input, info("out", {1, 4, 64, 96}));
  ASSERT_TRUE(guess);
  EXPECT_EQ(guess->certainty, Certainty::kGuess);
  const auto named = see(input, info("out", {1, 4, 64, 96}), {{}, 4, {}, {}});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->certainty, Certainty::kLikely);
  EXPECT_FALSE(see(input, info("out", {1, 3, 64, 96}))) << "a picture";
}

TEST(Recognise, ANetworkForSeveralPicturesAtOnceIsNotTakenForAnother) {
  EXPECT_FALSE(see(info("images", {4, 3, 640, 640}), info("output0", {4, 84, 8400})));
  EXPECT_EQ(count_pictures(std::vector{info("images", {4, 3, 640, 640})}), 4);
  EXPECT_EQ(count_pictures(std::vector{info("images", {-1, 3, 640, 640})}), 1);
}

TEST(Recognise, OtherDetectorsWithTheSameNamesAreNotDetr) {
  const std::vector<TensorInfo> outputs = {info("dets", {1, 100, 5}), info("labels", {1, 100})};
  EXPECT_FALSE(recognise(std::vector{info("input", {1, 3, 640, 640})}, outputs, {}));
}

TEST(Recognise, AnyInputSizeIsNoObstacleWhereTheExporterSaysWhatItIs) {
  const auto input = info("images", {-1, 3, -1, -1});
  auto metadata = kUltralytics;
  metadata["imgsz"] = "[480, 320]";
  metadata["stride"] = "32";
  const auto known = see(input, info("output0", {-1, 6, -1}), with_file(metadata));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->task + " " + known->decoder, "detect yolov8");
  EXPECT_EQ(known->certainty, Certainty::kSure);
  EXPECT_EQ(known->input.width, 0);
  EXPECT_EQ(known->input.max_side, 480);
  EXPECT_EQ(known->input.multiple, 32);
  EXPECT_FALSE(see(input, info("output0", {-1, 6, -1}))) << "a table of nobody knows what";
  metadata["task"] = "obb";
  const auto turned = see(input, info("output0", {-1, -1, -1}), with_file(metadata));
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->decoder, "yolov8-obb");
}

TEST(Recognise, LabelsThatComeWithANetworkMakeItAClassifier) {
  const auto input = info("input", {1, 3, 224, 224});
  EXPECT_FALSE(see(input, info("output", {1, 5})));
  const auto own = see(input, info("output", {1, 5}), {{}, 5, {}, {}});
  ASSERT_TRUE(own);
  EXPECT_EQ(own->task + " " + own->decoder, "classify logits");
  EXPECT_FALSE(see(input, info("output", {1, 5}), {{}, 4, {}, {}}));
}

TEST(Recognise, WhatItsUserSaysCounts) {
  const auto input = info("input", {1, 3, 224, 224});
  const auto classifier = see(input, info("output", {1, 5}), {{}, 0, "classify", {}});
  ASSERT_TRUE(classifier);
  EXPECT_EQ(classifier->decoder, "logits");
  EXPECT_EQ(classifier->certainty, Certainty::kSure);
  const auto text = see(info("in", {1, 3, -1, -1}), info("map", {1, 1, -1, -1}), {{}, 0, {}, "db"});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->task, "ocr");
  EXPECT_EQ(text->input.multiple, 32) << "as such networks take it";
  EXPECT_FALSE(see(input, info("output", {1, 5}), {{}, 0, "detect", {}})) << "nobody can read that";
  const auto yolo = info("output0", {1, 84, 8400});
  const auto images = info("images", {1, 3, 640, 640});
  EXPECT_FALSE(see(images, yolo, {{}, 0, "pose", {}}));
  EXPECT_EQ(see(images, yolo, {{}, 0, {}, "yolov8"})->certainty, Certainty::kSure);
}

TEST(Recognise, YolosOfOtherFamiliesAreReadAsTheyAreExported) {
  const auto images = info("images", {1, 3, 640, 640});
  // YOLOv7 has v5's table, v9 has v8's (the first of two outputs in its own repository).
  EXPECT_EQ(see(images, info("output", {1, 25200, 85}))->decoder, "yolov5");
  const auto suppressed = see(images, info("output", {-1, 7}));
  ASSERT_TRUE(suppressed);
  EXPECT_EQ(suppressed->decoder, "yolov7-nms");
  EXPECT_EQ(suppressed->labels, "coco80");
  EXPECT_EQ(suppressed->certainty, Certainty::kLikely);
  const std::vector<TensorInfo> v9 = {info("output0", {1, 84, 8400}), info("1952", {1, 84, 8400})};
  EXPECT_EQ(recognise(std::vector{images}, v9, {})->decoder, "yolov8");
}

TEST(Certainty, HasAWord) {
  for (const auto each : {Certainty::kGuess, Certainty::kLikely, Certainty::kSure}) {
    EXPECT_EQ(find_certainty(name_of(each)), each);
  }
  EXPECT_FALSE(find_certainty("perhaps"));
}

TEST(ClassNames, AreReadOutOfPythonAndJson) {
  EXPECT_THAT(parse_class_names("{0: 'a', 2: \"it's\"}"), ElementsAre("a", "", "it's"));
  EXPECT_THAT(parse_class_names(R"({"0":"a","1":"b"})"), ElementsAre("a", "b"));
  EXPECT_THAT(parse_class_names("['a', 'b\\'c']"), ElementsAre("a", "b'c"));
}

TEST(ClassNames, OfAnythingElseAreNone) {
  for (const char* text :
       {"", "{", "{}", "{0 'a'}", "{0: 'a", "{99999999: 'a'}", "['a' 'b']", "x"}) {
    EXPECT_THAT(parse_class_names(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace hailstone::vision
