// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network is, where nobody said so: from the names and shapes of its tensors, and from what
// its file says of itself. Pure; any thread.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::vision {

struct KnownNetwork {
  std::string task;     ///< the catalogue's word: "detect"
  std::string decoder;  ///< "yolov8"
  std::string labels;   ///< a label set: "coco80"; empty: none, or not known
  /// Class names that the file itself has (Ultralytics' "names"), by index; empty: none.
  std::vector<std::string> names;
  inference::ImageInput input;
};

/// metadata: the file's own key and value pairs (ONNX metadata_props). Nothing where the network is
/// not known.
std::optional<KnownNetwork> recognise(std::span<const inference::TensorInfo> inputs,
                                      std::span<const inference::TensorInfo> outputs,
                                      const std::map<std::string, std::string>& metadata);

}  // namespace hailstone::vision
