// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network is and what it will cost, of its file alone.

#include <optional>

#include "base/byte_size.hpp"
#include "formats/onnx_file.hpp"
#include "inference/engine.hpp"
#include "inference/image_input.hpp"

namespace hailstone::engines::onnx {

/// Throws Error(kNotFound) for a missing file, kBadRequest for one that is no network, and
/// kUnsupported for one that the library must not be given: its weights are in other files, which
/// could be any of the machine's, or formats::OnnxVerdict has another reason.
formats::OnnxFile read_network(const inference::ModelSpec& spec);

/// What it will take when it has run, besides the bare host: what the library needs for itself, the
/// weights (once as read, once as the fastest kernels want them), and the activations, which grow
/// with inputs and outputs. Sizes that may be anything are those of the picture that the manifest
/// names, else 640.
ByteSize estimate_memory(const formats::OnnxFile& file, ByteSize weights,
                         const std::optional<inference::ImageInput>& input);

/// The same of a further network in the same process: without what the library needs for itself.
ByteSize estimate_network(const formats::OnnxFile& file, ByteSize weights,
                          const std::optional<inference::ImageInput>& input);

/// Whether every run has the same shapes.
bool has_fixed_inputs(const formats::OnnxFile& file) noexcept;

inference::ModelFacts facts_of(const formats::OnnxFile& file, inference::FactDetail detail);

}  // namespace hailstone::engines::onnx
