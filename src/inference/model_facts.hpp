// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a model file says of itself, read without loading the model.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hailstone::inference {

/// Lists (vocabularies) can be huge, so only their length is kept unless asked for.
struct FactList {
  std::uint64_t length = 0;
  std::vector<std::variant<bool, std::int64_t, std::uint64_t, double, std::string>> values;
};

using Fact = std::variant<bool, std::int64_t, std::uint64_t, double, std::string, FactList>;

struct TensorFact {
  std::string name;
  std::string type;  ///< "Q4_K"
  std::vector<std::uint64_t> shape;
};

enum class Capability {
  kCompletion,
  kTools,
  kInsert,
  kVision,
  kEmbedding,
  kThinking,
  kImage,
  kAudio,
  kRanking,
};

/// "completion", "tools", ...: as clients of Ollama know them.
std::string_view name_of(Capability capability) noexcept;

/// The inverse of name_of; nothing for an unknown name.
std::optional<Capability> find_capability(std::string_view name) noexcept;

struct ModelFacts {
  std::string architecture;  ///< "llama"
  std::uint64_t parameters = 0;
  std::string quantization;  ///< "Q4_K_M"
  int context_length = 0;
  int embedding_length = 0;
  std::string chat_template;
  /// It can chat, but neither its file nor its engine knows how a conversation is written.
  bool needs_template = false;
  std::vector<Capability> capabilities;
  std::vector<std::pair<std::string, Fact>> metadata;  ///< in the file's order
  std::vector<TensorFact> tensors;                     ///< only in detail
};

enum class FactDetail { kBrief, kFull };

}  // namespace hailstone::inference
