// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an ONNX file says of itself, besides its weights, which are skipped. ONNX is a protobuf; of
// its messages only a handful of fields is needed, so that they are read here and not with a
// library.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/onnx_parts.hpp"

namespace hailstone::formats {

/// TensorProto.DataType: 1 is float32, ...
using OnnxType = std::int64_t;

/// "float32", "int4"; "type 99" for what we do not know.
std::string name_of_onnx_type(OnnxType type);

struct OnnxTensor {
  std::string name;
  OnnxType type = 0;                ///< 0: it is no tensor, or does not say
  std::vector<std::int64_t> shape;  ///< -1: any
};

struct OnnxFile {
  std::int64_t ir_version = 0;
  std::int64_t opset = 0;  ///< of the standard operators
  std::string producer;
  std::string producer_version;
  std::string description;
  std::string graph;  ///< its name
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<OnnxTensor> inputs;  ///< without those that are weights with a default
  std::vector<OnnxTensor> outputs;
  /// With the constants of nodes, which need have no name; the first 100'000.
  std::vector<OnnxTensor> weights;
  std::uint64_t parameters = 0;  ///< the elements of all weights
  bool has_graph = false;        ///< false: nothing that can run
  OnnxVerdict verdict;           ///< whether a library may be given it

  std::optional<std::string> find(std::string_view key) const;
};

/// From the stream's beginning. Files come from strangers: what is read is bounded. Throws
/// Error(kBadRequest) for what is no ONNX file.
OnnxFile read_onnx_file(std::istream& in);

}  // namespace hailstone::formats
