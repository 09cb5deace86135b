// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "services/vision/picture/objects.hpp"

namespace hailstone::workers {

/// [{"label","confidence","bbox":[x,y,w,h]}], as POST /api/detect answers; best first. Throws
/// Error(kEngineFailed) that says where it is something else. Pure.
picture::ObjectResult parse_objects(std::string_view json);

}  // namespace hailstone::workers
