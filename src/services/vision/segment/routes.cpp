// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/segment/routes.hpp"

#include <utility>

#include "services/vision/picture/formats/yolo_text.hpp"
#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/segment/service.hpp"
#include "services/vision/segment/wire.hpp"

namespace hailstone::segment {
namespace {

/// Whatever is nothing in particular is left untinted.
http::Response draw(Result& result, media::Image picture, picture::ImageFile file) {
  auto& objects = result.objects;
  if (result.kind == Kind::kSemantic) {
    std::erase_if(objects.detections,
                  [&](const auto& each) { return objects.label_of(each) == "background"; });
  }
  return picture::draw_objects(objects, std::move(picture), file);
}

picture::Answer answer(SegmentService& service, picture::Photo& photo, const Request& request,
                       const RunContext& run) {
  Result result = service.segment(photo, request.task, run);
  const auto& objects = result.objects;
  picture::Answer answer{{}, objects.model, objects.engine, objects.timings};
  switch (request.format) {
    case Format::kJson:
      answer.response.body = write_plain(result, request.mask);
      break;
    case Format::kCoco:
      answer.response.body = write_coco(result, request.image_id, request.mask);
      break;
    case Format::kImage:
      answer.response = draw(result, photo.take_image(), request.file);
      break;
    case Format::kYolo:
      answer.response = picture::text_response(picture::write_yolo_outlines(objects));
      break;
    case Format::kClasses:
      answer.response = picture::text_response(picture::write_classes(objects.labels));
      break;
    case Format::kMap:
      answer.response.content_type = "image/png";
      answer.response.body = write_map(result);
      break;
  }
  return answer;
}

}  // namespace

picture::VisionTask make_task(SegmentService& service) {
  return {"segment", request_options(),
          [&service](const picture::PictureRequest& request) -> picture::Analysis {
            return
                [&service, wanted = parse_request(request)](auto& photos, const RunContext& run) {
                  return answer(service, photos.front(), wanted, run);
                };
          }};
}

}  // namespace hailstone::segment
