// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/routes.hpp"

#include "services/vision/ocr/service.hpp"
#include "services/vision/ocr/wire.hpp"

namespace hailstone::ocr {
namespace {

http::Response respond(const Result& result, Format format) {
  http::Response response;
  switch (format) {
    case Format::kJson:
      response.body = write_json(result);
      break;
    case Format::kText:
      response.content_type = "text/plain; charset=utf-8";
      response.body = write_text(result);
      break;
    case Format::kTsv:
      response.content_type = "text/tab-separated-values; charset=utf-8";
      response.body = write_tsv(result);
      break;
    case Format::kHocr:
      response.content_type = "application/xhtml+xml; charset=utf-8";
      response.body = write_hocr(result);
      break;
  }
  return response;
}

}  // namespace

picture::VisionTask make_task(OcrService& service) {
  return {"ocr", task_options(),
          [&service](const picture::PictureRequest& request) -> picture::Analysis {
            return [&service, task = parse_task(request)](auto& photos, const RunContext& run) {
              const Result result = service.read(photos.front(), task, run);
              return picture::Answer{respond(result, task.format), result.model, result.engine,
                                     result.timings};
            };
          }};
}

}  // namespace hailstone::ocr
