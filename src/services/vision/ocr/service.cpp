// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/service.hpp"

#include <utility>

#include "base/error.hpp"
#include "services/vision/ocr/pair.hpp"
#include "services/vision/picture/region.hpp"

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

void move_lines(std::vector<inference::ReadLine>& lines, const picture::Region& region) noexcept {
  for (auto& line : lines) {
    move_by(line.box, region);
    for (auto& word : line.words) move_by(word.box, region);
  }
}

void refuse_language(const std::string& model) {
  throw Error(ErrorCode::kBadRequest,
              "language: model '" + model + "' reads the characters that it was trained with",
              "leave it out, or take a model that knows languages: starter-ocr");
}

}  // namespace

Result OcrService::read(picture::Photo& photo, const Task& task, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  const auto model = choice_.choose("ocr", task.model);
  const bool is_pair = model.chosen.stored.find_layer("recogniser") != nullptr;
  if (is_pair && !task.language.empty()) refuse_language(model.chosen.name);
  Result result = is_pair ? read_by_networks(photo, task, model, run)
                          : read_by_session(photo, task, model, run);
  result.size = photo.size();
  result.model = model.chosen.name;
  return result;
}

Result OcrService::read_by_session(picture::Photo& photo, const Task& task,
                                   const picture::VisionModel& model, const RunContext& run) {
  Result result;
  auto lease = [&] {
    const picture::Stage stage(result.timings.queue, clock_);
    return choice_.models().acquire(model.chosen, std::nullopt, run);
  }();
  auto& session = require_session(lease, model.chosen.name);
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
  move_lines(result.lines, region);
  return result;
}

Result OcrService::read_by_networks(picture::Photo& photo, const Task& task,
                                    const picture::VisionModel& model, const RunContext& run) {
  picture::Network network(choice_, model, run, clock_);
  const auto& picture = network.decode(photo, picture::Pixels::kAll);
  const auto region = picture::find_region(picture, task.region);
  media::Image scratch;
  Result result;
  result.lines = read_by_pair(network, picture::cut_region(picture, region, scratch), run);
  move_lines(result.lines, region);
  result.engine = network.engine();
  result.timings = network.timings();
  return result;
}

}  // namespace hailstone::ocr
