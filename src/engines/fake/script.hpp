// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of a fake model, read once.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "base/celsius.hpp"
#include "base/error.hpp"
#include "inference/model_facts.hpp"
#include "inference/model_spec.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::fake {

/// Counts are -1 where nothing is scripted. README.md says what each is for.
struct Script {
  std::vector<std::string> sessions{"text", "tensor", "hear", "say", "read", "call"};
  std::optional<std::string> reply;
  std::string thinking;
  std::vector<std::string> calls;  ///< "NAME {json}"
  std::string preface;
  int fragment = 0;
  int cached_tokens = 0;
  int tokens = -1;
  std::chrono::milliseconds token_time{0};
  std::chrono::milliseconds prompt_time{0};
  std::chrono::milliseconds load_time{0};
  int slots = 4;
  int context_length = 2048;
  int dimensions = 8;
  std::vector<std::int64_t> shape{-1, -1, 3};
  std::vector<inference::Tensor> outputs;  ///< what every run of a net gives; empty: its input
  std::vector<inference::Capability> capabilities{
      inference::Capability::kCompletion, inference::Capability::kTools,
      inference::Capability::kInsert, inference::Capability::kEmbedding};
  std::string architecture = "fake";
  std::uint64_t parameters = 0;
  std::string quantization = "unknown";
  std::string chat_template;
  ByteSize footprint;
  ByteSize leak;
  std::optional<Celsius> chip_temperature;
  std::optional<Error> refusal;
  bool crash_at_load = false;
  bool hang_at_load = false;
  int fail_after = -1;
  int crash_after = -1;
  int hang_after = -1;
  std::string hang_on;  ///< a message; empty: none
  bool hang_hard = false;
  bool crash_at_describe = false;
  bool wrong_shape = false;
  bool brief_output = false;

  bool has_session(std::string_view kind) const noexcept;
  bool can(inference::Capability capability) const noexcept;
};

/// Of the model alone, not of its further networks: these have scripts of their own
/// (inference::network_spec). Throws Error(kBadRequest) that names a setting it does not know or
/// cannot read.
Script parse_script(const inference::ModelSpec& spec);

}  // namespace hailstone::engines::fake
