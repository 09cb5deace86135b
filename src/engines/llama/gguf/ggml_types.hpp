// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The number formats of tensors in GGUF files.

#include <cstdint>
#include <string>

namespace hailstone::engines::llama {

/// Elements are stored in blocks of equal size. A format that we do not know has block_bytes 0.
struct TensorFormat {
  std::uint64_t block_elements = 1;
  std::uint64_t block_bytes = 0;
};

TensorFormat format_of(std::uint32_t type) noexcept;

/// "Q4_K"; "type 99" for one that we do not know.
std::string name_of_type(std::uint32_t type);

/// What general.file_type says: "Q4_K_M"; empty for one that we do not know.
std::string name_of_file_type(std::uint64_t file_type);

}  // namespace hailstone::engines::llama
