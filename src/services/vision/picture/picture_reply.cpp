// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/picture_reply.hpp"

#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "http/header_names.hpp"
#include "media/codec/encode.hpp"
#include "media/draw/canvas.hpp"
#include "vision/boxes/corners.hpp"
#include "vision/boxes/to_picture.hpp"

namespace hailstone::picture {
namespace {

/// Joints below this are guesses that only confuse.
constexpr double kShownJoint = 0.3;
constexpr std::size_t kCocoJoints = 17;

void draw_mask(media::Canvas& canvas, const vision::Detection& detection, media::Color color) {
  if (detection.mask.pixels.empty()) return;
  const auto part = vision::pixels_of(detection.box);
  canvas.draw_mask({detection.mask.width, detection.mask.height, detection.mask.pixels},
                   {static_cast<double>(part.x), static_cast<double>(part.y),
                    static_cast<double>(part.width), static_cast<double>(part.height)},
                   color);
}

void draw_joints(media::Canvas& canvas, const vision::Detection& detection, media::Color color) {
  if (detection.keypoints.empty()) return;
  std::vector<std::optional<media::Point>> joints;
  for (const auto& point : detection.keypoints) {
    joints.push_back(point.confidence < kShownJoint
                         ? std::nullopt
                         : std::optional<media::Point>({point.x, point.y}));
  }
  const bool is_body = joints.size() == kCocoJoints;
  canvas.draw_skeleton(joints, is_body ? media::coco_bones() : std::span<const media::Bone>(),
                       color);
}

void draw_object(media::Canvas& canvas, const ObjectResult& result,
                 const vision::Detection& detection) {
  const media::Color color = media::class_color(detection.class_id);
  draw_mask(canvas, detection, color);
  if (result.is_oriented) {
    canvas.draw_polygon(vision::corners_of(detection), color);
  } else {
    canvas.draw_box(detection.box, color);
  }
  draw_joints(canvas, detection, color);
  char score[16];
  std::snprintf(score, sizeof score, " %.2f", detection.score);
  canvas.draw_label(result.label_of(detection) + score, {detection.box.x, detection.box.y}, color);
}

}  // namespace

void add_result_headers(http::Reply& reply, const std::string& model, const std::string& engine,
                        const Timings& timings) {
  reply.add_header(http::kModelHeader, model);
  reply.add_header(http::kEngineHeader, engine);
  reply.add_header("Server-Timing", write_server_timing(timings));
}

ImageFile choose_image_file(std::string_view accept) noexcept {
  const auto names = [&](std::string_view type) {
    return accept.find(type) != std::string_view::npos;
  };
  const bool takes_jpeg = names("image/jpeg") || names("image/*");
  return names("image/png") && !takes_jpeg ? ImageFile::kPng : ImageFile::kJpeg;
}

http::Response text_response(std::string text) {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

http::Response draw_objects(const ObjectResult& result, media::Image picture, ImageFile file) {
  media::Canvas canvas(std::move(picture));
  // The best lie on top.
  for (auto it = result.detections.rbegin(); it != result.detections.rend(); ++it) {
    draw_object(canvas, result, *it);
  }
  http::Response response;
  const bool is_png = file == ImageFile::kPng;
  response.content_type = is_png ? "image/png" : "image/jpeg";
  response.body = is_png ? media::encode_png(canvas.image()) : media::encode_jpeg(canvas.image());
  return response;
}

}  // namespace hailstone::picture
