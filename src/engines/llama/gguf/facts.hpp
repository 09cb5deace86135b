// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a GGUF header means: the facts of the model, and what it can do. Pure.

#include "engines/llama/gguf/gguf.hpp"
#include "inference/model_facts.hpp"

namespace hailstone::engines::llama {

enum class HasProjector { kNo, kYes };

inference::ModelFacts facts_of(const Gguf& gguf, HasProjector projector,
                               inference::FactDetail detail);

/// Whether the model is made for embeddings and cannot hold a conversation.
bool is_embedding_model(const Gguf& gguf);

/// Whether it is made to tell how well a document answers a query: it has a classifier's head.
bool is_reranker(const Gguf& gguf);

/// What general.architecture and a key under it say: find_arch_count(gguf, "context_length").
std::optional<std::uint64_t> find_arch_count(const Gguf& gguf, std::string_view key);

}  // namespace hailstone::engines::llama
