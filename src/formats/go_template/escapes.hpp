// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text made fit for HTML, JavaScript and URLs, as Go's templates do it. Pure.

#include <string>
#include <string_view>

namespace hailstone::go_template {

std::string escape_html(std::string_view text);
std::string escape_js(std::string_view text);
std::string escape_query(std::string_view text);

}  // namespace hailstone::go_template
