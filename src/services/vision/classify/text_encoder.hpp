// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a label to its direction in CLIP's space of pictures and texts.

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/vision/classify/tokenizer.hpp"
#include "services/vision/picture/network.hpp"

namespace hailstone::classify {

using Embedding = std::vector<float>;

/// What has been encoded lately: people ask for the same labels again and again. Thread-safe.
class EmbeddingCache {
 public:
  explicit EmbeddingCache(std::size_t most = 2048) : most_(most) {}

  std::optional<Embedding> find(const std::string& model, const std::string& text);
  void add(const std::string& model, const std::string& text, Embedding embedding);

 private:
  using Key = std::pair<std::string, std::string>;
  struct Entry {
    Key key;
    Embedding embedding;
  };

  const std::size_t most_;
  std::mutex mutex_;
  std::list<Entry> entries_;                          // guarded by mutex_; the last used first
  std::map<Key, std::list<Entry>::iterator> by_key_;  // guarded by mutex_
};

/// The text side of a leased model, for one request; belongs to its thread.
class TextEncoder {
 public:
  /// The network and the cache outlive it. Throws Error(kUnsupported) where the model has no text
  /// encoder that takes tokens, or no tokenizer.
  TextEncoder(picture::Network& network, EmbeddingCache& cache);

  /// Of length 1. Throws as picture::Network::run and parse_vocabulary do.
  Embedding encode(const std::string& text, const RunContext& run);

 private:
  const Tokenizer& tokenizer();
  std::vector<inference::Tensor> make_inputs(const std::string& text);

  picture::Network& network_;
  EmbeddingCache& cache_;
  inference::TensorSession& session_;
  std::vector<inference::TensorInfo> inputs_;
  std::optional<Tokenizer> tokenizer_;  // read when a text is not in the cache
};

/// The output that is the embedding: by its name ("text_embeds", "image_embeds"), else the first.
/// Throws Error(kEngineFailed) where there is none.
const inference::Tensor& find_embedding(const std::vector<inference::Tensor>& outputs);

}  // namespace hailstone::classify
