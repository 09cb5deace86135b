// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/picture/object_request.hpp"

#include <array>
#include <limits>
#include <utility>

#include "services/picture/picture_reply.hpp"
#include "services/picture/picture_route.hpp"
#include "services/picture/upload/text_fields.hpp"

namespace hailstone::picture {
namespace {

constexpr std::array<std::string_view, 3> kFormats = {"json", "coco", "image"};

void answer(const ObjectService& service, ObjectFinder& finder, http::Request& request,
            http::Reply& reply) {
  auto fields = take_picture_request(request);
  auto wanted = parse_object_request(fields, service.defaults);
  wanted.task.masks = service.masks;
  const auto write = service.make_writer(fields);
  auto result = finder.find(service.task, wanted.task, request.run);
  add_result_headers(reply, result.model, result.engine, result.timings);
  if (wanted.format == ObjectFormat::kImage) {
    reply.send(draw_objects(result));
    return;
  }
  http::Response response;
  response.body = write(result, wanted);
  reply.send(std::move(response));
}

}  // namespace

ObjectRequest parse_object_request(PictureRequest& request, ObjectOptions defaults) {
  ObjectRequest out;
  out.task.options = parse_object_options(request, std::move(defaults));
  if (const auto format = request.find_field("format")) {
    out.format = static_cast<ObjectFormat>(parse_word("format", *format, kFormats));
  }
  if (const auto id = request.find_field("image_id")) {
    out.image_id = parse_integer("image_id", *id, 0, std::numeric_limits<int>::max());
  }
  out.task.keep_picture = out.format == ObjectFormat::kImage;
  out.task.picture = std::move(request.pictures.front());
  return out;
}

void add_object_route(http::Router& router, ObjectFinder& finder, ObjectService service) {
  std::string path = service.path;
  router.add(make_picture_route(std::move(path), [service = std::move(service), &finder](
                                                     http::Request& request, http::Reply& reply) {
    answer(service, finder, request, reply);
  }));
}

}  // namespace hailstone::picture
