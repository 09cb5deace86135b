// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A random two-layer BERT with a classifier of one output, as rerankers are, that llama-server
// loads.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "engines/llama/testing/micro_gguf.hpp"

namespace hailstone::engines::llama::testing {

inline std::vector<std::string> reranker_vocabulary() {
  std::vector<std::string> tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  for (char c = 'a'; c <= 'z'; ++c) tokens.push_back(std::string("\u2581") + c);
  for (char c = 'a'; c <= 'z'; ++c) tokens.emplace_back(1, c);
  return tokens;
}

class RerankerWriter {
 public:
  std::string write() {
    head();
    out_.tensor("token_embd.weight", {kWidth, tokens_.size()}, noise(kWidth * tokens_.size()));
    out_.tensor("token_types.weight", {kWidth, 1}, noise(kWidth));
    out_.tensor("position_embd.weight", {kWidth, kContext}, noise(kWidth * kContext));
    norm("token_embd_norm");
    for (const std::string block : {"blk.0.", "blk.1."}) {
      for (const char* name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
        layer(block + name, kWidth, kWidth);
      }
      layer(block + "ffn_up", kWidth, kInner);
      layer(block + "ffn_down", kInner, kWidth);
      norm(block + "attn_output_norm");
      norm(block + "layer_output_norm");
    }
    layer("cls", kWidth, kWidth);
    layer("cls.output", kWidth, 1);
    return out_.file();
  }

 private:
  static constexpr std::uint64_t kWidth = 32;
  static constexpr std::uint64_t kInner = 64;
  static constexpr std::uint64_t kContext = 256;

  void head() {
    constexpr std::uint32_t kRank = 4;
    out_.set("general.architecture", "bert").set("bert.block_count", 2U);
    out_.set("bert.context_length", static_cast<std::uint32_t>(kContext));
    out_.set("bert.embedding_length", static_cast<std::uint32_t>(kWidth));
    out_.set("bert.feed_forward_length", static_cast<std::uint32_t>(kInner));
    out_.set("bert.attention.head_count", 2U).set("bert.attention.layer_norm_epsilon", 1e-5F);
    out_.set("bert.attention.causal", false).set("bert.pooling_type", kRank);
    std::vector<std::int32_t> types(tokens_.size(), 1);
    for (const std::size_t special : {0U, 2U, 3U, 4U}) types[special] = 3;
    types[1] = 2;
    out_.set("tokenizer.ggml.model", "bert").set("tokenizer.ggml.token_type_count", 1U);
    out_.set("tokenizer.ggml.tokens", tokens_).set("tokenizer.ggml.token_type", types);
    out_.set("tokenizer.ggml.scores", std::vector<float>(tokens_.size(), 0.0F));
    out_.set("tokenizer.ggml.padding_token_id", 0U).set("tokenizer.ggml.unknown_token_id", 1U);
    out_.set("tokenizer.ggml.bos_token_id", 2U).set("tokenizer.ggml.cls_token_id", 2U);
    out_.set("tokenizer.ggml.eos_token_id", 3U).set("tokenizer.ggml.seperator_token_id", 3U);
    out_.set("tokenizer.ggml.mask_token_id", 4U);
  }
  void layer(const std::string& name, std::uint64_t from, std::uint64_t to) {
    out_.tensor(name + ".weight", {from, to}, noise(from * to));
    out_.tensor(name + ".bias", {to}, std::vector<float>(to, 0.0F));
  }
  void norm(const std::string& name) {
    out_.tensor(name + ".weight", {kWidth}, std::vector<float>(kWidth, 1.0F));
    out_.tensor(name + ".bias", {kWidth}, std::vector<float>(kWidth, 0.0F));
  }
  std::vector<float> noise(std::size_t count) {
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random_() % 2001) / 1000.0F - 1.0F;
    return values;
  }

  const std::vector<std::string> tokens_ = reranker_vocabulary();
  GgufWriter out_;
  std::mt19937 random_{1};  // its numbers are the same everywhere, a distribution's are not
};

/// A file as llama.cpp's converter would write it; texts are letters.
inline std::string micro_reranker() {
  return RerankerWriter().write();
}

}  // namespace hailstone::engines::llama::testing
