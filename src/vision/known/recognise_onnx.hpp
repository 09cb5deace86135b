// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network is, by its file alone: nothing has to be loaded. Pure; any thread.

#include <optional>
#include <string>
#include <vector>

#include "formats/onnx_file.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::vision {

/// As recognise() would say once the network is loaded. Nothing also where the file leaves open
/// what only loading finds out, the shapes of outputs although those of inputs are fixed, and where
/// a tensor's type is none of ours.
/// clues: what is known besides; the file's own metadata is added to them.
std::optional<KnownNetwork> recognise_onnx(const formats::OnnxFile& file, Clues clues = {});

/// The same tensors as ONNX Runtime would give them; nothing where a type is none of ours.
std::optional<std::vector<inference::TensorInfo>> infos_of(
    const std::vector<formats::OnnxTensor>& tensors);

}  // namespace hailstone::vision
