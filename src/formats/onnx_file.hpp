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
#include <vector>

namespace hailstone::formats {

struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> shape;  ///< -1: any
};

struct OnnxFile {
  std::string description;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<OnnxInput> inputs;

  std::optional<std::string> find(std::string_view key) const;
};

/// From the stream's beginning. Files come from strangers: what is read is bounded. Throws
/// Error(kBadRequest) for what is no ONNX file.
OnnxFile read_onnx_file(std::istream& in);

}  // namespace hailstone::formats
