// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/ocr/service.hpp"

#include <utility>

#include "base/error.hpp"
#include "services/picture/region.hpp"

namespace hailstone::ocr {
namespace {

inference::ReadSession& require_session(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().read()) return *session;
  throw Error(ErrorCode::kUnsupported, "model '" + model + "' does not read text");
}

void move_by(media::Box& box, const picture::Region& region) noexcept {
  box.x += region.box.x;
  box.y += region.box.y;
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
  picture::Region region;
  media::Image scratch;
  const media::Image* image = nullptr;
  {
    const picture::Stage stage(result.timings.decode, clock_);
    const auto& picture = photo.decode();
    region = picture::find_region(picture, task.region);
    image = &picture::cut_region(picture, region, scratch);
  }
  const picture::Stage stage(result.timings.infer, clock_);
  result.lines = session.read(*image, task.language, run);
  for (auto& line : result.lines) {
    move_by(line.box, region);
    for (auto& word : line.words) move_by(word.box, region);
  }
  return result;
}

}  // namespace hailstone::ocr
