// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Looks at every part of an ONNX file, at any depth, for what must not reach a library that trusts
// it: weights in other files, functions that call themselves, parts that are not known here and
// could be either.

#include <string>

#include "formats/protobuf.hpp"

namespace hailstone::formats {

struct OnnxVerdict {
  /// A tensor somewhere says that its data is elsewhere: any file of the machine could be meant.
  bool needs_other_files = false;
  /// Why a library must not be given the file, for people; empty: nothing against it.
  std::string refusal;
};

/// One pass over the file, without its weights. Throws Error(kBadRequest) where it is broken.
OnnxVerdict judge_onnx_parts(ProtobufWalker& walker);

}  // namespace hailstone::formats
