// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/gguf/facts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "engines/llama/gguf/ggml_types.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::Capability;

/// Encoders without a text generating head. Decoders made for embeddings say so with pooling_type.
constexpr std::array<std::string_view, 11> kEncoders = {
    "bert",     "nomic-bert", "nomic-bert-moe", "jina-bert-v2",    "jina-bert-v3", "modern-bert",
    "neo-bert", "eurobert",   "t5encoder",      "gemma-embedding", "roberta",
};

std::string_view architecture_of(const Gguf& gguf) {
  return gguf.find_text("general.architecture").value_or("");
}

int as_int(std::optional<std::uint64_t> count) {
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  return static_cast<int>(std::min(count.value_or(0), kMost));
}

/// For files that do not say: the format that most of the weights have.
std::string prevailing_type(const Gguf& gguf) {
  std::map<std::uint32_t, double> elements;
  for (const GgufTensor& tensor : gguf.tensors) {
    elements[tensor.type] += static_cast<double>(tensor.elements);
  }
  const auto most = std::max_element(elements.begin(), elements.end(),
                                     [](auto& a, auto& b) { return a.second < b.second; });
  return most == elements.end() ? std::string() : name_of_type(most->first);
}

std::string quantization_of(const Gguf& gguf) {
  const auto file_type = gguf.find_count("general.file_type");
  std::string name = file_type ? name_of_file_type(*file_type) : std::string();
  return name.empty() ? prevailing_type(gguf) : name;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::vector<Capability> capabilities_of(const Gguf& gguf, std::string_view chat_template,
                                        HasProjector projector) {
  if (is_reranker(gguf)) return {Capability::kRanking};
  if (is_embedding_model(gguf)) return {Capability::kEmbedding};
  std::vector<Capability> result = {Capability::kCompletion};
  if (contains(chat_template, "tools")) result.push_back(Capability::kTools);
  if (gguf.find_count("tokenizer.ggml.fim_pre_token_id") ||
      gguf.find_count("tokenizer.ggml.prefix_token_id")) {
    result.push_back(Capability::kInsert);
  }
  if (projector == HasProjector::kYes) result.push_back(Capability::kVision);
  if (contains(chat_template, "<think>") || contains(chat_template, "enable_thinking")) {
    result.push_back(Capability::kThinking);
  }
  return result;
}

}  // namespace

std::optional<std::uint64_t> find_arch_count(const Gguf& gguf, std::string_view key) {
  return gguf.find_count(std::string(architecture_of(gguf)).append(".").append(key));
}

bool is_embedding_model(const Gguf& gguf) {
  const std::string_view architecture = architecture_of(gguf);
  return find_arch_count(gguf, "pooling_type").value_or(0) != 0 ||
         std::find(kEncoders.begin(), kEncoders.end(), architecture) != kEncoders.end();
}

bool is_reranker(const Gguf& gguf) {
  constexpr std::uint64_t kRank = 4;
  if (const auto pooling = find_arch_count(gguf, "pooling_type")) return pooling == kRank;
  // Files of 2024 have the head and do not say what for.
  return std::any_of(gguf.tensors.begin(), gguf.tensors.end(), [](const GgufTensor& tensor) {
    return tensor.name == "cls.weight" || tensor.name == "cls.output.weight";
  });
}

inference::ModelFacts facts_of(const Gguf& gguf, HasProjector projector,
                               inference::FactDetail detail) {
  inference::ModelFacts facts;
  facts.architecture = architecture_of(gguf);
  for (const GgufTensor& tensor : gguf.tensors) facts.parameters += tensor.elements;
  facts.quantization = quantization_of(gguf);
  facts.context_length = as_int(find_arch_count(gguf, "context_length"));
  facts.embedding_length = as_int(find_arch_count(gguf, "embedding_length"));
  facts.chat_template = gguf.find_text("tokenizer.chat_template").value_or("");
  facts.capabilities = capabilities_of(gguf, facts.chat_template, projector);
  facts.needs_template =
      facts.chat_template.empty() && !is_embedding_model(gguf) && !is_reranker(gguf);
  facts.metadata = gguf.metadata;
  if (detail == inference::FactDetail::kFull) {
    for (const GgufTensor& tensor : gguf.tensors) {
      facts.tensors.push_back({tensor.name, name_of_type(tensor.type), tensor.shape});
    }
  }
  return facts;
}

}  // namespace hailstone::engines::llama
