// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What kind of model file somebody has uploaded, by its first bytes: names prove nothing.

#include <string>
#include <string_view>

namespace hailstone::library {

enum class FileFormat { kUnknown, kGguf, kOnnx, kHef, kGgml, kSafetensors };

/// How many bytes find_format wants to see.
inline constexpr std::size_t kFormatBytes = 16;

FileFormat find_format(std::string_view first_bytes) noexcept;

/// As in a config's model_format: "gguf"; empty where no engine reads it.
std::string_view name_of(FileFormat format) noexcept;

/// The engine that runs such files: "llama"; empty where none does.
std::string engine_of(FileFormat format);

}  // namespace hailstone::library
