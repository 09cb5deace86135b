// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/segment/service.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "services/vision/picture/region.hpp"
#include "vision/boxes/to_picture.hpp"

namespace hailstone::segment {
namespace {

constexpr std::string_view kClassMap = "class-map";
/// Instances first: that is what most ask for.
constexpr std::array<std::string_view, 2> kTasks = {"segment", "semantic"};

std::span<const std::string_view> tasks_for(const Task& task) {
  const std::span<const std::string_view> all(kTasks);
  // A model that is named may have been imported for either; its decoder decides.
  if (!task.kind || !task.objects.options.model.empty()) return all;
  return all.subspan(*task.kind == Kind::kSemantic ? 1 : 0, 1);
}

Kind kind_of(const picture::VisionModel& model) {
  return model.decoder == kClassMap ? Kind::kSemantic : Kind::kInstance;
}

void check_kind(const Task& task, const picture::VisionModel& model) {
  if (!task.kind || *task.kind == kind_of(model)) return;
  throw Error(ErrorCode::kBadRequest,
              "kind: model '" + model.chosen.name + "' " +
                  (*task.kind == Kind::kSemantic ? "finds objects, not the class of each pixel"
                                                 : "finds the class of each pixel, not objects"));
}

/// In pixels of the original picture: where the region lies, and how large it is there.
vision::PixelBox place_of(const picture::Region& region, const media::DecodedImage& picture) {
  const auto& header = picture.header;
  if (region.is_whole) return {0, 0, header.width, header.height};
  const int x = static_cast<int>(region.box.x);  // it is decoded whole
  const int y = static_cast<int>(region.box.y);
  return {x, y, std::min(static_cast<int>(region.box.width), header.width - x),
          std::min(static_cast<int>(region.box.height), header.height - y)};
}

void keep_wanted(std::vector<vision::Detection>& found, const Task& task,
                 const std::vector<int>& classes) {
  std::erase_if(found, [&](const auto& each) {
    const bool is_asked_for = classes.empty() || std::find(classes.begin(), classes.end(),
                                                           each.class_id) != classes.end();
    return !is_asked_for || each.score < task.least_share;
  });
  const auto most = static_cast<std::size_t>(task.objects.options.max);
  if (found.size() > most) found.resize(most);
}

}  // namespace

Result SegmentService::segment(picture::Photo& photo, const Task& task, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  const auto& name = task.objects.options.model;
  picture::Network network(choice_, choice_.choose(tasks_for(task), name), run, clock_);
  check_kind(task, network.model());
  if (kind_of(network.model()) == Kind::kSemantic) return find_classes(network, photo, task, run);
  return {finder_.find(network, photo, task.objects, run), Kind::kInstance, {}};
}

Result SegmentService::find_classes(picture::Network& network, picture::Photo& photo,
                                    const Task& task, const RunContext& run) const {
  const auto& options = task.objects.options;
  const auto& model = network.model();
  const auto classes = picture::find_classes(options.classes, model);
  const bool needs_all = task.objects.decode_whole || options.region.has_value();
  const auto& picture =
      network.decode(photo, needs_all ? picture::Pixels::kAll : picture::Pixels::kEnough);
  const auto region = picture::find_region(picture, options.region);
  media::Image scratch;
  const auto look = network.look(picture::cut_region(picture, region, scratch), run);
  Result result;
  result.kind = Kind::kSemantic;
  auto& objects = result.objects;
  {
    const picture::Stage stage(network.timings().post, clock_);
    if (look.outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
    const auto place = place_of(region, picture);
    const auto placement =
        region.is_whole ? picture.placement.then(look.placement) : look.placement;
    const auto map =
        vision::read_class_map(look.outputs.front(), static_cast<int>(model.labels.size()));
    result.map = vision::to_picture(map, placement, look.input.width, look.input.height,
                                    place.width, place.height);
    objects.detections = vision::to_detections(result.map);
    keep_wanted(objects.detections, task, classes);
    for (auto& detection : objects.detections) {
      detection.box.x += place.x;
      detection.box.y += place.y;
    }
  }
  objects.labels = model.labels;
  objects.size = photo.size();
  objects.model = model.chosen.name;
  objects.engine = network.engine();
  objects.timings = network.timings();
  return result;
}

}  // namespace hailstone::segment
