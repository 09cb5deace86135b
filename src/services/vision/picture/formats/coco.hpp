// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// COCO's category ids for a model's classes. Pure.

#include <span>
#include <string>
#include <vector>

namespace hailstone::picture {

/// A model's numbering: COCO's own sparse ids where every label is a category of COCO's, by that or
/// another usual name (Pascal VOC's aeroplane, sofa, tvmonitor ...), and no two are the same;
/// otherwise the classes are counted from 1. Never two classes on one id. A value.
class CocoCategories {
 public:
  explicit CocoCategories(std::span<const std::string> labels);

  int of(int class_id) const noexcept;

 private:
  std::vector<int> ids_;  ///< by class; empty: counted from 1
};

}  // namespace hailstone::picture
