// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/ocr/routes.hpp"

#include <utility>

#include "services/ocr/service.hpp"
#include "services/ocr/wire.hpp"
#include "services/picture/picture_reply.hpp"
#include "services/picture/picture_route.hpp"

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

void add_ocr_routes(http::Router& router, OcrService& service) {
  router.add(picture::make_picture_route(
      "/api/ocr", [&service](http::Request& request, http::Reply& reply) {
        const Task task = parse_task(picture::take_picture_request(request));
        const Result result = service.read(task, request.run);
        picture::add_result_headers(reply, result.model, result.engine, result.timings);
        reply.send(respond(result, task.format));
      }));
}

}  // namespace hailstone::ocr
