// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/depth/routes.hpp"

#include <utility>

#include "http/header_names.hpp"
#include "services/vision/depth/service.hpp"
#include "services/vision/depth/wire.hpp"

namespace hailstone::depth {

picture::VisionTask make_task(DepthService& service) {
  return {"depth", task_options(),
          [&service](const picture::PictureRequest& request) -> picture::Analysis {
            return [&service, task = parse_task(request)](auto& photos, const RunContext& run) {
              const Result result = service.measure(photos, task, run);
              DepthFile file = write_depth(result.depth, task.format, task.colormap);
              picture::Answer answer{{}, result.model, result.engine, result.timings};
              answer.response.content_type = std::move(file.content_type);
              answer.response.body = std::move(file.bytes);
              answer.response.headers.add(http::kDepthHeader, std::move(file.figures));
              return answer;
            };
          }};
}

}  // namespace hailstone::depth
