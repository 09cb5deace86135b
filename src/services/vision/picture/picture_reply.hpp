// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the replies of all vision services have in common.

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "media/image.hpp"
#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/timings.hpp"

namespace hailstone::picture {

/// X-Hailstone-Model, X-Hailstone-Engine and Server-Timing.
void add_result_headers(http::Reply& reply, const std::string& model, const std::string& engine,
                        const Timings& timings);

/// How a drawn picture is sent.
enum class ImageFile : std::uint8_t { kJpeg, kPng };

/// PNG for who takes that and no JPEG.
ImageFile choose_image_file(std::string_view accept) noexcept;

/// The picture with masks, boxes, skeletons and labels.
http::Response draw_objects(const ObjectResult& result, media::Image picture, ImageFile file);

/// A file of text.
http::Response text_response(std::string text);

}  // namespace hailstone::picture
