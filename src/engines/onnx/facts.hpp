// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network is and what it will cost, of its file alone.

#include "base/byte_size.hpp"
#include "formats/onnx_file.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::onnx {

/// Throws Error(kNotFound) for a missing file, kBadRequest for one that is no network, and
/// kUnsupported for one whose weights are in other files: it could name any file of the machine.
formats::OnnxFile read_network(const inference::ModelSpec& spec);

inference::ModelFacts facts_of(const formats::OnnxFile& file, inference::FactDetail detail);

}  // namespace hailstone::engines::onnx
