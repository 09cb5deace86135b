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

namespace hailstone::cli {

struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> shape;  ///< -1: any
};

struct OnnxHeader {
  std::string description;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<OnnxInput> inputs;

  std::optional<std::string> find(std::string_view key) const;
};

/// From the stream's beginning. Files come from strangers: what is read is bounded. Throws
/// Error(kBadRequest) for what is no ONNX file.
OnnxHeader read_onnx_header(std::istream& in);

/// The labels in the form in which exporters write them, a Python dictionary:
/// "{0: 'person', 1: 'bicycle'}". Nothing for another text.
std::optional<std::vector<std::string>> find_labels(std::string_view text);

}  // namespace hailstone::cli
