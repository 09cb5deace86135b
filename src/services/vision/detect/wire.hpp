// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Object detection in its plain dialect and in COCO's. Pure.

#include <cstdint>
#include <string>

#include "services/vision/picture/objects.hpp"

namespace hailstone::detect {

/// [{"label":"person","confidence":0.91,"bbox":[x,y,width,height]}]
std::string write_plain(const picture::ObjectResult& result);

/// [{"image_id":7,"category_id":1,"bbox":[...],"score":0.91}]
std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id);

}  // namespace hailstone::detect
