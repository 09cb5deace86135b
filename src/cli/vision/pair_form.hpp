// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two pictures of a pair of cameras as one request.

#include <string>
#include <string_view>

namespace hailstone::cli {

struct PairForm {
  std::string content_type;
  std::string body;
};

/// multipart/form-data (RFC 7578) with the parts "left" and "right". Pure.
PairForm make_pair_form(std::string_view left, std::string_view right);

}  // namespace hailstone::cli
