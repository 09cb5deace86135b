// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/detect/service.hpp"

#include <array>
#include <string_view>

namespace hailstone::detect {

Result DetectService::detect(picture::Photo& photo, const picture::ObjectTask& task,
                             const RunContext& run) const {
  static constexpr std::array<std::string_view, 2> kTasks = {"detect", "detect-oriented"};
  return finder_.find(kTasks, photo, task, run);
}

}  // namespace hailstone::detect
