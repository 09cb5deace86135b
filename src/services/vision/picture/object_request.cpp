// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/object_request.hpp"

#include <limits>
#include <utility>

#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::picture {

ObjectRequest parse_object_request(const PictureRequest& request,
                                   std::span<const std::string_view> formats,
                                   ObjectOptions defaults) {
  ObjectRequest out;
  out.task.options = parse_object_options(request, std::move(defaults));
  if (const auto format = request.find_field("format")) {
    out.format = parse_word("format", *format, formats);
  }
  if (const auto id = request.find_field("image_id")) {
    out.image_id = parse_integer("image_id", *id, 0, std::numeric_limits<int>::max());
  }
  out.file = choose_image_file(request.accept);
  out.task.decode_whole = formats[out.format] == "image";
  return out;
}

}  // namespace hailstone::picture
