// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of Go's templates that a request's `template` needs: the values below, if / else if /
// else / end on them, comments, and trim markers. Pure.

#include <string>
#include <string_view>

namespace hailstone::services {

struct TemplateValues {
  std::string_view system;
  std::string_view prompt;
  std::string_view suffix;
};

/// Up to {{ .Response }}: what stands behind it comes after the reply. Throws Error(kBadRequest)
/// that says what is supported for anything else, also in branches that are not taken.
std::string render_go_template(std::string_view text, const TemplateValues& values);

}  // namespace hailstone::services
