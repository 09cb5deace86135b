// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/formats/coco.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::picture {
namespace {

/// instances_val2017.json, "categories"; then what the paper had besides, and what Pascal VOC and
/// others call the same.
constexpr std::pair<int, std::string_view> kCategories[] = {
    {1, "person"},
    {2, "bicycle"},
    {3, "car"},
    {4, "motorcycle"},
    {5, "airplane"},
    {6, "bus"},
    {7, "train"},
    {8, "truck"},
    {9, "boat"},
    {10, "traffic light"},
    {11, "fire hydrant"},
    {13, "stop sign"},
    {14, "parking meter"},
    {15, "bench"},
    {16, "bird"},
    {17, "cat"},
    {18, "dog"},
    {19, "horse"},
    {20, "sheep"},
    {21, "cow"},
    {22, "elephant"},
    {23, "bear"},
    {24, "zebra"},
    {25, "giraffe"},
    {27, "backpack"},
    {28, "umbrella"},
    {31, "handbag"},
    {32, "tie"},
    {33, "suitcase"},
    {34, "frisbee"},
    {35, "skis"},
    {36, "snowboard"},
    {37, "sports ball"},
    {38, "kite"},
    {39, "baseball bat"},
    {40, "baseball glove"},
    {41, "skateboard"},
    {42, "surfboard"},
    {43, "tennis racket"},
    {44, "bottle"},
    {46, "wine glass"},
    {47, "cup"},
    {48, "fork"},
    {49, "knife"},
    {50, "spoon"},
    {51, "bowl"},
    {52, "banana"},
    {53, "apple"},
    {54, "sandwich"},
    {55, "orange"},
    {56, "broccoli"},
    {57, "carrot"},
    {58, "hot dog"},
    {59, "pizza"},
    {60, "donut"},
    {61, "cake"},
    {62, "chair"},
    {63, "couch"},
    {64, "potted plant"},
    {65, "bed"},
    {67, "dining table"},
    {70, "toilet"},
    {72, "tv"},
    {73, "laptop"},
    {74, "mouse"},
    {75, "remote"},
    {76, "keyboard"},
    {77, "cell phone"},
    {78, "microwave"},
    {79, "oven"},
    {80, "toaster"},
    {81, "sink"},
    {82, "refrigerator"},
    {84, "book"},
    {85, "clock"},
    {86, "vase"},
    {87, "scissors"},
    {88, "teddy bear"},
    {89, "hair drier"},
    {90, "toothbrush"},
    {0, "background"},
    {12, "street sign"},
    {26, "hat"},
    {29, "shoe"},
    {30, "eye glasses"},
    {45, "plate"},
    {66, "mirror"},
    {68, "window"},
    {69, "desk"},
    {71, "door"},
    {83, "blender"},
    {91, "hair brush"},
    {4, "motorbike"},
    {5, "aeroplane"},
    {63, "sofa"},
    {64, "pottedplant"},
    {67, "diningtable"},
    {72, "tvmonitor"},
    {64, "potted-plant"},
    {67, "dining-table"},
    {72, "tv-monitor"},
    {1, "pedestrian"},
    {77, "mobile phone"},
    {78, "microwave oven"},
    {82, "fridge"},
    {89, "hair dryer"},
    {60, "doughnut"},
};

std::optional<int> find_category(const std::string& label) {
  const std::string name = to_lower(trim(label));
  const auto* found = std::find_if(std::begin(kCategories), std::end(kCategories),
                                   [&](const auto& row) { return row.second == name; });
  if (found == std::end(kCategories)) return std::nullopt;
  return found->first;
}

}  // namespace

CocoCategories::CocoCategories(std::span<const std::string> labels) {
  std::set<int> seen;
  for (const auto& label : labels) {
    const auto id = find_category(label);
    if (!id || !seen.insert(*id).second) {
      ids_.clear();
      return;
    }
    ids_.push_back(*id);
  }
}

int CocoCategories::of(int class_id) const noexcept {
  const auto index = static_cast<std::size_t>(class_id);
  return index < ids_.size() ? ids_[index] : class_id + 1;
}

}  // namespace hailstone::picture
