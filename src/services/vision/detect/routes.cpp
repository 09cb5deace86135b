// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/detect/routes.hpp"

#include "http/header_names.hpp"
#include "services/vision/detect/service.hpp"
#include "services/vision/detect/wire.hpp"
#include "services/vision/picture/formats/yolo_text.hpp"

namespace hailstone::detect {
namespace {

http::Response respond(const Result& result, const Request& request, picture::Photo& photo) {
  http::Response response;
  switch (request.format) {
    case Format::kJson:
      response.body = write_plain(result);
      break;
    case Format::kCoco:
      response.body = write_coco(result, request.image_id);
      break;
    case Format::kImage:
      return picture::draw_objects(result, photo.take_image(), request.file);
    case Format::kYolo:
      return picture::text_response(picture::write_yolo_boxes(result));
    case Format::kDota:
      return picture::text_response(write_dota(result));
    case Format::kClasses:
      return picture::text_response(picture::write_classes(result.labels));
  }
  return response;
}

}  // namespace

picture::VisionTask make_task(const DetectService& service) {
  return {"detect", request_options(),
          [&service](const picture::PictureRequest& fields) -> picture::Analysis {
            return
                [&service, request = parse_request(fields)](auto& photos, const RunContext& run) {
                  auto& photo = photos.front();
                  const Result result = service.detect(photo, request.task, run);
                  picture::Answer answer{respond(result, request, photo), result.model,
                                         result.engine, result.timings};
                  if (!result.note.empty()) {
                    answer.response.headers.add(http::kNoteHeader, result.note);
                  }
                  return answer;
                };
          }};
}

}  // namespace hailstone::detect
