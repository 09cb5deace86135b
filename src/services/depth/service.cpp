// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/depth/service.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "media/codec/decode.hpp"

namespace hailstone::depth {
namespace {

std::string show_size(const media::ImageHeader& header) {
  return std::to_string(header.width) + "x" + std::to_string(header.height);
}

/// Of one size, if there are two.
media::ImageHeader check_pictures(const Task& task) {
  const auto first = media::read_image_header(task.pictures.front().bytes);
  if (task.pictures.size() == 1) return first;
  const auto second = media::read_image_header(task.pictures.back().bytes);
  if (first.width != second.width || first.height != second.height) {
    throw Error(ErrorCode::kBadRequest, "left and right must be of one size, got " +
                                            show_size(first) + " and " + show_size(second));
  }
  return first;
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

Result DepthService::measure(const Task& task, const RunContext& run) {
  const auto header = check_pictures(task);
  const char* name = task.pictures.size() == 1 ? "depth" : "stereo";
  picture::Network network(choice_, choice_.choose(name, task.model), run, clock_);
  const std::string& decoder = require_decoder(network.model());
  std::vector<media::DecodedImage> pictures;
  std::vector<const media::Image*> images;
  {
    const picture::Stage stage(network.timings().decode, clock_);
    for (const auto& picture : task.pictures) {
      pictures.push_back(media::decode_image(picture.bytes, network.decode_options()));
    }
  }
  for (const auto& picture : pictures) images.push_back(&picture.image);
  const picture::Look look = network.look(images, run);
  Result result;
  {
    const picture::Stage stage(network.timings().post, clock_);
    if (look.outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
    const auto placement = pictures.front().placement.then(look.placement);
    auto depth = vision::read_depth(decoder, look.outputs.front());
    depth = vision::to_picture(depth, placement, look.input.width, look.input.height, header.width,
                               header.height);
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
