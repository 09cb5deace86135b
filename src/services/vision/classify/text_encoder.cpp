// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/text_encoder.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "core/store/store.hpp"
#include "vision/scores/embedding.hpp"

namespace hailstone::classify {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

constexpr const char* kTextEncoder = "text-encoder";
/// CLIP's context length, for a network that takes any.
constexpr std::size_t kContextLength = 77;

bool is_mask(const TensorInfo& info) {
  return info.name.find("mask") != std::string::npos;
}

bool takes_tokens(const TensorInfo& info) noexcept {
  const bool is_integer = info.type == ElementType::kInt64 || info.type == ElementType::kInt32;
  return is_integer && info.shape.size() == 2;
}

/// One text as a row of 32 or 64 bits.
Tensor make_row(const TensorInfo& info, const std::vector<TokenId>& values) {
  const TensorInfo row{info.name, info.type, {1, static_cast<std::int64_t>(values.size())}};
  if (info.type == ElementType::kInt64) {
    return {row, std::vector<std::int64_t>(values.begin(), values.end())};
  }
  return {row, std::vector<std::int32_t>(values.begin(), values.end())};
}

}  // namespace

std::optional<Embedding> EmbeddingCache::find(const std::string& model, const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find({model, text});
  if (found == by_key_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->embedding;
}

void EmbeddingCache::add(const std::string& model, const std::string& text, Embedding embedding) {
  const std::lock_guard lock(mutex_);
  Key key{model, text};
  if (by_key_.contains(key)) return;
  entries_.push_front({key, std::move(embedding)});
  by_key_.emplace(std::move(key), entries_.begin());
  if (entries_.size() <= most_) return;
  by_key_.erase(entries_.back().key);
  entries_.pop_back();
}

const Tensor& find_embedding(const std::vector<Tensor>& outputs) {
  if (outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
  const auto named = std::find_if(outputs.begin(), outputs.end(), [](const Tensor& output) {
    return output.info.name.find("embeds") != std::string::npos;
  });
  return named == outputs.end() ? outputs.front() : *named;
}

TextEncoder::TextEncoder(picture::Network& network, EmbeddingCache& cache)
    : network_(network),
      cache_(cache),
      session_(network.session(kTextEncoder)),
      inputs_(session_.inputs()) {
  if (std::all_of(inputs_.begin(), inputs_.end(), takes_tokens)) return;
  throw Error(ErrorCode::kUnsupported,
              "the text encoder of model '" + network.model().chosen.name +
                  "' takes something else than tokens",
              "it needs inputs of integers, as input_ids of [1, 77]; compiled HEF text encoders "
              "take embeddings of tokens, whose table is in none of their files");
}

const Tokenizer& TextEncoder::tokenizer() {
  if (tokenizer_) return *tokenizer_;
  const auto& stored = network_.model().chosen.stored;
  const core::Layer* layer = stored.find_layer("tokenizer");
  if (layer == nullptr) {
    throw Error(ErrorCode::kUnsupported,
                "model '" + network_.model().chosen.name + "' has no tokenizer",
                "import it with --file tokenizer=tokenizer.json");
  }
  return tokenizer_.emplace(parse_vocabulary(core::read_layer(*layer)));
}

std::vector<Tensor> TextEncoder::make_inputs(const std::string& text) {
  const auto length = inputs_.front().shape.back();
  const auto longest = length > 1 ? static_cast<std::size_t>(length) : kContextLength;
  auto tokens = tokenizer().encode(text, longest);
  std::vector<TokenId> mask(tokens.size(), 1);
  if (length > 1) {
    tokens.resize(longest, tokenizer().end());
    mask.resize(longest, 0);
  }
  std::vector<Tensor> inputs;
  for (const auto& info : inputs_) inputs.push_back(make_row(info, is_mask(info) ? mask : tokens));
  return inputs;
}

Embedding TextEncoder::encode(const std::string& text, const RunContext& run) {
  const std::string& model = network_.model().chosen.stored.digest;
  if (auto known = cache_.find(model, text)) return *std::move(known);
  run.check();
  const auto outputs = network_.run(session_, make_inputs(text), run);
  auto embedding = vision::read_embedding(find_embedding(outputs));
  cache_.add(model, text, embedding);
  return embedding;
}

}  // namespace hailstone::classify
