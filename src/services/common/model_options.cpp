// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/model_options.hpp"

namespace hailstone::services {
namespace {

template <typename T>
void set_if_given(std::optional<T>& base, const std::optional<T>& over) {
  if (over) base = over;
}

void overlay_sampling(inference::Sampling& base, const inference::Sampling& over) {
  set_if_given(base.temperature, over.temperature);
  set_if_given(base.top_k, over.top_k);
  set_if_given(base.top_p, over.top_p);
  set_if_given(base.min_p, over.min_p);
  set_if_given(base.typical_p, over.typical_p);
  set_if_given(base.seed, over.seed);
  set_if_given(base.repeat_last_n, over.repeat_last_n);
  set_if_given(base.repeat_penalty, over.repeat_penalty);
  set_if_given(base.presence_penalty, over.presence_penalty);
  set_if_given(base.frequency_penalty, over.frequency_penalty);
}

}  // namespace

ModelOptions ollama_defaults() {
  ModelOptions options;
  options.sampling.temperature = 0.8;
  options.sampling.top_k = 40;
  options.sampling.top_p = 0.9;
  options.sampling.min_p = 0.0;
  options.sampling.typical_p = 1.0;
  options.sampling.seed = -1;
  options.sampling.repeat_last_n = 64;
  options.sampling.repeat_penalty = 1.0;
  options.sampling.presence_penalty = 0.0;
  options.sampling.frequency_penalty = 0.0;
  options.num_predict = -1;
  options.num_keep = 4;
  return options;
}

ModelOptions overlay(const ModelOptions& base, const ModelOptions& over) {
  ModelOptions out = base;
  overlay_sampling(out.sampling, over.sampling);
  set_if_given(out.stop, over.stop);
  set_if_given(out.num_predict, over.num_predict);
  set_if_given(out.num_keep, over.num_keep);
  set_if_given(out.num_ctx, over.num_ctx);
  set_if_given(out.num_batch, over.num_batch);
  set_if_given(out.num_thread, over.num_thread);
  set_if_given(out.use_mmap, over.use_mmap);
  out.unknown = over.unknown;
  return out;
}

}  // namespace hailstone::services
