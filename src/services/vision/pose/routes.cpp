// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/pose/routes.hpp"

#include "services/vision/pose/service.hpp"
#include "services/vision/pose/wire.hpp"

namespace hailstone::pose {
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
    case Format::kOpenPose:
      response.body = write_openpose(result, OpenPoseBody::kBody25);
      break;
    case Format::kOpenPose18:
      response.body = write_openpose(result, OpenPoseBody::kCoco18);
      break;
  }
  return response;
}

}  // namespace

picture::VisionTask make_task(const PoseService& service) {
  return {"pose", request_options(),
          [&service](const picture::PictureRequest& fields) -> picture::Analysis {
            return
                [&service, request = parse_request(fields)](auto& photos, const RunContext& run) {
                  auto& photo = photos.front();
                  const Result result = service.find_people(photo, request.task, run);
                  return picture::Answer{respond(result, request, photo), result.model,
                                         result.engine, result.timings};
                };
          }};
}

}  // namespace hailstone::pose
