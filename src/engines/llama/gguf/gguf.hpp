// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The header of a GGUF file: metadata and the list of tensors. Model files come from strangers, so
// every count, length and offset is checked against the file's size before it is believed; weights
// are never read.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inference/model_facts.hpp"

namespace hailstone::engines::llama {

struct GgufTensor {
  std::string name;
  std::uint32_t type = 0;
  std::vector<std::uint64_t> shape;
  std::uint64_t elements = 0;
};

struct Gguf {
  std::vector<std::pair<std::string, inference::Fact>> metadata;  ///< in the file's order
  std::vector<GgufTensor> tensors;
  std::uint64_t file_bytes = 0;

  /// The metadata of that name, if it is there and of a fitting type. Views live as long as this.
  std::optional<std::uint64_t> find_count(std::string_view key) const noexcept;
  std::optional<std::string_view> find_text(std::string_view key) const noexcept;
  const inference::FactList* find_list(std::string_view key) const noexcept;
};

/// Where the bytes come from: must fill the whole span from that offset, or throw.
using ReadAt = std::function<void(std::uint64_t offset, std::span<char> into)>;

/// Throws Error(kBadRequest) for what is not a sound GGUF file of version 2 or 3. Lists keep their
/// values only in full detail; short ones always.
Gguf parse_gguf(std::uint64_t file_bytes, const ReadAt& read_at, inference::FactDetail detail);

/// Throws as parse_gguf, and Error(kNotFound) where there is no such file.
Gguf read_gguf(const std::filesystem::path& file, inference::FactDetail detail);

}  // namespace hailstone::engines::llama
