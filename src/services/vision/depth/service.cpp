// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/depth/service.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hailstone::depth {
namespace {

std::string show(picture::Size size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

picture::Photo& find_photo(std::vector<picture::Photo>& photos, std::string_view name) {
  return *std::find_if(photos.begin(), photos.end(),
                       [&](const auto& photo) { return photo.name() == name; });
}

/// Of one size, if there are two.
std::vector<picture::Photo*> choose_photos(std::vector<picture::Photo>& photos, const Task& task) {
  photos.front().header();  // no model is loaded for what is no picture
  if (!task.is_pair) return {&photos.front()};
  auto& left = find_photo(photos, "left");
  auto& right = find_photo(photos, "right");
  const auto size = left.size();
  const auto other = right.size();
  if (size.width != other.width || size.height != other.height) {
    throw Error(ErrorCode::kBadRequest,
                "left and right must be of one size, got " + show(size) + " and " + show(other));
  }
  return {&left, &right};
}

const std::string& require_decoder(const picture::VisionModel& model) {
  if (vision::is_depth_decoder(model.decoder)) return model.decoder;
  throw Error(ErrorCode::kUnsupported, "model '" + model.chosen.name + "' has the decoder '" +
                                           model.decoder + "', which gives no depth");
}

/// One pixel of the network's input is more than one of the picture, in which a disparity is
/// measured.
void scale_disparity(vision::Depth& depth, double scale_x) {
  if (depth.kind != vision::DepthKind::kDisparity) return;
  for (float& value : depth.plane.values) value = static_cast<float>(value / scale_x);
}

}  // namespace

Result DepthService::measure(std::vector<picture::Photo>& photos, const Task& task,
                             const RunContext& run) {
  const auto chosen = choose_photos(photos, task);
  const char* name = task.is_pair ? "stereo" : "depth";
  picture::Network network(choice_, choice_.choose(name, task.model), run, clock_);
  const std::string& decoder = require_decoder(network.model());
  std::vector<const media::Image*> images;
  media::Placement placement;  // of each
  for (auto* photo : chosen) {
    const auto& picture = network.decode(*photo);
    images.push_back(&picture.image);
    placement = picture.placement;
  }
  const picture::Look look = network.look(images, run);
  const auto size = chosen.front()->size();
  Result result;
  {
    const picture::Stage stage(network.timings().post, clock_);
    if (look.outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
    placement = placement.then(look.placement);
    auto depth = vision::read_depth(decoder, look.outputs.front());
    depth = vision::to_picture(depth, placement, look.input.width, look.input.height, size.width,
                               size.height);
    scale_disparity(depth, placement.scale_x);
    const bool is_metric = task.rig && depth.kind == vision::DepthKind::kDisparity;
    if (is_metric) depth = vision::to_metric(depth, task.rig->focal, task.rig->baseline);
    result.depth = std::move(depth);
  }
  result.model = network.model().chosen.name;
  result.engine = network.engine();
  result.timings = network.timings();
  return result;
}

}  // namespace hailstone::depth
