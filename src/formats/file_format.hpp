// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What kind of model file something is, by its first bytes: names prove nothing.

#include <string>
#include <string_view>

namespace hailstone::formats {

enum class FileFormat {
  kUnknown,
  kGguf,
  kOnnx,
  kHef,
  kGgml,
  kSafetensors,
  kWebPage,     ///< what a browser's address gives instead of the file
  kGitPointer,  ///< what a clone without Git LFS has instead of the file
};

/// How many bytes find_format wants to see.
inline constexpr std::size_t kFormatBytes = 16;

FileFormat find_format(std::string_view first_bytes) noexcept;

/// As in a config's model_format: "gguf"; empty where no engine reads it.
std::string_view name_of(FileFormat format) noexcept;

/// Why a file that no engine runs is none, and what would help; both end a sentence about it:
/// "is a web page, not a model".
struct NoModel {
  std::string_view what;
  std::string_view help;
};
NoModel explain(FileFormat format) noexcept;

}  // namespace hailstone::formats
