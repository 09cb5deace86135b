// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the replies of all vision services have in common.

#include <string>

#include "http/message.hpp"
#include "media/image.hpp"
#include "services/picture/objects.hpp"
#include "services/picture/timings.hpp"

namespace hailstone::picture {

/// X-Hailstone-Model, X-Hailstone-Engine and Server-Timing.
void add_result_headers(http::Reply& reply, const std::string& model, const std::string& engine,
                        const Timings& timings);

/// image/jpeg.
http::Response make_jpeg(const media::Image& image);

/// The picture with masks, boxes, skeletons and labels, as a JPEG.
http::Response draw_objects(const ObjectResult& result, media::Image picture);

}  // namespace hailstone::picture
