// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/routes.hpp"

#include "services/vision/classify/service.hpp"
#include "services/vision/classify/wire.hpp"

namespace hailstone::classify {

picture::VisionTask make_task(ClassifyService& service) {
  return {"classify", task_options(),
          [&service](const picture::PictureRequest& request) -> picture::Analysis {
            return [&service, task = parse_task(request)](auto& photos, const RunContext& run) {
              const Result result = service.classify(photos.front(), task, run);
              picture::Answer answer{{}, result.model, result.engine, result.timings};
              answer.response.body = write_plain(result);
              return answer;
            };
          }};
}

}  // namespace hailstone::classify
