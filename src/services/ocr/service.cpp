// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/ocr/service.hpp"

#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/geometry/warp.hpp"

namespace hailstone::ocr {
namespace {

inference::ReadSession& require_session(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().read()) return *session;
  throw Error(ErrorCode::kUnsupported, "model '" + model + "' does not read text");
}

/// The part of the picture that is asked for, and where it begins.
struct Part {
  media::Image image;
  double x = 0;
  double y = 0;
};

Part cut(const media::DecodedImage& picture, const media::Box& region) {
  Part part{media::crop(picture.image, region), std::round(region.x), std::round(region.y)};
  if (part.image.width > 0 && part.image.height > 0) return part;
  throw Error(ErrorCode::kBadRequest, "region lies outside of the picture of " +
                                          std::to_string(picture.header.width) + "x" +
                                          std::to_string(picture.header.height) + " pixels");
}

void move_by(media::Box& box, const Part& part) noexcept {
  box.x += part.x;
  box.y += part.y;
}

}  // namespace

Result OcrService::read(picture::Photo& photo, const Task& task, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  const auto model = choice_.choose("ocr", task.model);
  Result result;
  result.size = photo.size();
  result.model = model.chosen.name;
  auto lease = [&] {
    const picture::Stage stage(result.timings.queue, clock_);
    return choice_.models().acquire(model.chosen, std::nullopt, run);
  }();
  auto& session = require_session(lease, result.model);
  result.engine = lease.engine();
  Part part;
  const media::Image* image = nullptr;
  {
    const picture::Stage stage(result.timings.decode, clock_);
    const auto& picture = photo.decode();
    if (task.region) part = cut(picture, *task.region);
    image = task.region ? &part.image : &picture.image;
  }
  const picture::Stage stage(result.timings.infer, clock_);
  result.lines = session.read(*image, task.language, run);
  for (auto& line : result.lines) {
    move_by(line.box, part);
    for (auto& word : line.words) move_by(word.box, part);
  }
  return result;
}

}  // namespace hailstone::ocr
