// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/objects.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/vision/picture/region.hpp"
#include "vision/boxes/tiles.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/detect/detector.hpp"
#include "vision/masks/instance_masks.hpp"

namespace hailstone::picture {
namespace {

constexpr std::size_t kMostNamesShown = 100;
constexpr std::string_view kOriented = "yolov8-obb";

const vision::Detector& require_detector(const VisionModel& model) {
  if (const auto* detector = vision::find_detector(model.decoder)) return *detector;
  throw Error(ErrorCode::kUnsupported,
              model.decoder.empty()
                  ? "nobody says how to read the output of model '" + model.chosen.name + "'"
                  : "model '" + model.chosen.name + "' has the decoder '" + model.decoder +
                        "', which finds no objects",
              "its manifest names the decoder; see docs/catalog.md");
}

vision::DetectOptions decode_options(const ObjectOptions& options, const VisionModel& model) {
  vision::DetectOptions out;
  out.score_threshold = options.threshold;
  out.suppression.iou_threshold = options.iou;
  out.suppression.max_detections = options.max;
  out.classes = find_classes(options.classes, model);
  out.class_count = static_cast<int>(model.labels.size());
  out.anchors = model.anchors;
  return out;
}

std::vector<Region> parts_of(const Region& region, const ObjectOptions& options, Size input) {
  const Size size{static_cast<int>(region.box.width), static_cast<int>(region.box.height)};
  std::vector<Region> parts{region};
  if (!wants_tiles(options.tiling, size, input)) return parts;
  vision::TilePlan plan;
  plan.width = std::min(input.width, size.width);
  plan.height = std::min(input.height, size.height);
  for (const auto& tile : vision::plan_tiles(size.width, size.height, plan)) {
    parts.push_back({{region.box.x + tile.x, region.box.y + tile.y, static_cast<double>(tile.width),
                      static_cast<double>(tile.height)},
                     false});
  }
  return parts;
}

/// Parts of a picture need all of its pixels, and so does whoever draws on it.
Pixels pixels_for(const ObjectTask& wanted, Size picture, Size input) noexcept {
  const bool needs_all = wanted.decode_whole || wanted.options.region ||
                         wants_tiles(wanted.options.tiling, picture, input);
  return needs_all ? Pixels::kAll : Pixels::kEnough;
}

/// In pixels of the original picture, for merging.
vision::Tile to_tile(const media::Box& box, const media::Placement& placement) {
  const auto round = [](double value) { return static_cast<int>(std::lround(value)); };
  return {round(placement.to_picture_x(box.x)), round(placement.to_picture_y(box.y)),
          round(box.width / placement.scale_x), round(box.height / placement.scale_y)};
}

/// Everything about one request that its parts share.
struct Search {
  Network& network;
  const media::DecodedImage& picture;
  const ObjectTask& wanted;
  const vision::Detector& detector;
  vision::DetectOptions options;
};

std::vector<vision::Detection> look_at(const Search& search, const Region& part,
                                       const RunContext& run) {
  Network& network = search.network;
  media::Image scratch;
  const Look look = network.look(cut_region(search.picture, part, scratch), run);
  const Stage stage(network.timings().post, network.clock());
  auto options = search.options;
  options.input_width = look.input.width;
  options.input_height = look.input.height;
  const auto placement = search.picture.placement.then(part.placement()).then(look.placement);
  const auto& header = search.picture.header;
  auto found = vision::to_picture(search.detector.decode(look.outputs, options), placement,
                                  header.width, header.height);
  const bool has_masks = !found.empty() && !found.front().mask_coefficients.empty();
  if (search.wanted.masks == Masks::kMake && has_masks) {
    vision::make_masks(found, vision::find_prototypes(look.outputs, options), placement, options);
  }
  return found;
}

}  // namespace

std::vector<int> find_classes(const std::vector<std::string>& names, const VisionModel& model) {
  std::vector<int> classes;
  for (const auto& name : names) {
    const auto label =
        std::find_if(model.labels.begin(), model.labels.end(),
                     [&](const auto& text) { return equals_ignoring_case(text, name); });
    if (label == model.labels.end()) {
      auto known = model.labels;
      if (known.size() > kMostNamesShown) known.resize(kMostNamesShown);
      throw Error(ErrorCode::kBadRequest,
                  "classes: model '" + model.chosen.name + "' does not know '" +
                      std::string(utf8_prefix(name, 64)) + "'",
                  "it knows: " + join(known, ", "));
    }
    classes.push_back(static_cast<int>(label - model.labels.begin()));
  }
  return classes;
}

std::string ObjectResult::label_of(const vision::Detection& detection) const {
  const auto index = static_cast<std::size_t>(detection.class_id);
  return index < labels.size() ? labels[index] : "class " + std::to_string(detection.class_id);
}

bool wants_tiles(Tiling tiling, Size picture, Size input) noexcept {
  if (tiling == Tiling::kOff || input.width == 0 || input.height == 0) return false;
  const bool is_larger = picture.width > input.width || picture.height > input.height;
  if (tiling == Tiling::kOn) return is_larger;
  return picture.width > 2 * input.width || picture.height > 2 * input.height;
}

/// A picture of the batch lane, decoded while others are in the network: otherwise it would be
/// decoded on a slot, where nothing else runs meanwhile. A few at a time: pixels are many.
class ObjectFinder::Ahead {
 public:
  Ahead(ObjectFinder& finder, Photo& photo, const VisionModel& model, const ObjectTask& wanted)
      : finder_(finder) {
    const bool may = ++finder_.ahead_ <= kMostAhead;
    // Where the input's size is known only once the model is loaded, it is decoded then.
    if (!may || !model.input || model.input->width <= 0 || model.input->height <= 0) return;
    const Size size{model.input->width, model.input->height};
    const Stage stage(spent_, finder_.clock_);
    const bool is_all = pixels_for(wanted, photo.size(), size) == Pixels::kAll;
    photo.decode(is_all ? media::DecodeOptions() : decode_options_for(*model.input, size));
  }
  ~Ahead() { --finder_.ahead_; }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  std::chrono::nanoseconds spent() const noexcept { return spent_; }

 private:
  static constexpr int kMostAhead = 4;

  ObjectFinder& finder_;
  std::chrono::nanoseconds spent_{};
};

ObjectResult ObjectFinder::find(std::string_view task, Photo& photo, const ObjectTask& wanted,
                                const RunContext& run) {
  return find(std::span(&task, 1), photo, wanted, run);
}

ObjectResult ObjectFinder::find(std::span<const std::string_view> tasks, Photo& photo,
                                const ObjectTask& wanted, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  VisionModel model = choice_.choose(tasks, wanted.options.model);
  std::optional<Ahead> ahead;
  if (run.lane == Lane::kBatch) ahead.emplace(*this, photo, model, wanted);
  Network network(choice_, std::move(model), run, clock_);
  auto result = find(network, photo, wanted, run);
  if (ahead) result.timings.decode += ahead->spent();
  return result;
}

ObjectResult ObjectFinder::find(Network& network, Photo& photo, const ObjectTask& wanted,
                                const RunContext& run) const {
  const auto pixels = pixels_for(wanted, photo.size(), network.input_size());
  const media::DecodedImage& picture = network.decode(photo, pixels);
  ObjectResult result;
  result.detections = find_in(network, picture, wanted, run);
  result.labels = network.model().labels;
  result.is_oriented = network.model().decoder == kOriented;
  result.size = photo.size();
  result.model = network.model().chosen.name;
  result.engine = network.engine();
  const auto& settings = network.model().chosen.stored.settings;
  if (const auto note = settings.find("note"); note != settings.end()) result.note = note->second;
  result.timings = network.timings();
  return result;
}

std::vector<vision::Detection> ObjectFinder::find_in(Network& network,
                                                     const media::DecodedImage& picture,
                                                     const ObjectTask& wanted,
                                                     const RunContext& run) const {
  const Search search{network, picture, wanted, require_detector(network.model()),
                      decode_options(wanted.options, network.model())};
  const Region region = find_region(picture, wanted.options.region);
  const auto parts = parts_of(region, wanted.options, network.input_size());
  if (parts.size() == 1) return look_at(search, region, run);
  std::vector<vision::FoundInTile> found;
  for (const Region& part : parts) {
    run.check();
    found.push_back({to_tile(part.box, picture.placement), look_at(search, part, run)});
  }
  vision::MergeOptions merge;
  merge.iou_threshold = wanted.options.iou;
  merge.max_detections = wanted.options.max;
  const Stage stage(network.timings().post, clock_);
  return vision::merge_tiles(found, merge, picture.header.width, picture.header.height);
}

}  // namespace hailstone::picture
