// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/object_request.hpp"

#include <array>
#include <limits>
#include <utility>

#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::picture {
namespace {

constexpr std::array<std::string_view, 3> kFormats = {"json", "coco", "image"};

Answer answer(const ObjectService& service, ObjectFinder& finder, Photo& photo,
              const ObjectRequest& wanted, const WriteObjects& write, const RunContext& run) {
  const auto result = finder.find(service.task, photo, wanted.task, run);
  Answer answer{{}, result.model, result.engine, result.timings};
  if (wanted.format == ObjectFormat::kImage) {
    answer.response = draw_objects(result, photo.take_image(), wanted.file);
  } else {
    answer.response.body = write(result, wanted);
  }
  return answer;
}

}  // namespace

ObjectRequest parse_object_request(const PictureRequest& request, ObjectOptions defaults) {
  ObjectRequest out;
  out.task.options = parse_object_options(request, std::move(defaults));
  if (const auto format = request.find_field("format")) {
    out.format = static_cast<ObjectFormat>(parse_word("format", *format, kFormats));
  }
  if (const auto id = request.find_field("image_id")) {
    out.image_id = parse_integer("image_id", *id, 0, std::numeric_limits<int>::max());
  }
  out.file = choose_image_file(request.accept);
  out.task.decode_whole = out.format == ObjectFormat::kImage;
  return out;
}

VisionTask make_object_task(ObjectFinder& finder, ObjectService service) {
  std::string name = service.task;
  auto prepare = [service = std::move(service),
                  &finder](const PictureRequest& request) -> Analysis {
    const auto wanted = parse_object_request(request, service.defaults);
    return [service, &finder, wanted, write = service.make_writer(request)](
               std::vector<Photo>& photos, const RunContext& run) {
      return answer(service, finder, photos.front(), wanted, write, run);
    };
  };
  return {std::move(name), std::move(prepare)};
}

}  // namespace hailstone::picture
