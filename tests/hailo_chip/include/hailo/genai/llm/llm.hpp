// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hailo/vdevice.hpp"

namespace hailort::genai {

class HAILORTAPI LLMParams {
 public:
  explicit LLMParams(const std::string& hef_path, const std::string& lora_name = "",
                     bool optimize_memory_on_device = false);
  const std::string& hef() const { return hef_; }
  const std::string& lora() const { return lora_; }

 private:
  std::string hef_;
  std::string lora_;
};

class HAILORTAPI LLMGeneratorParams {
 public:
  hailo_status set_temperature(float32_t temperature);
  hailo_status set_top_p(float32_t top_p);
  hailo_status set_top_k(std::uint32_t top_k);
  hailo_status set_frequency_penalty(float32_t penalty);
  hailo_status set_max_generated_tokens(std::uint32_t most);
  hailo_status set_do_sample(bool do_sample);
  hailo_status set_seed(std::uint32_t seed);
  std::uint32_t max_generated_tokens() const { return most_tokens_; }

 private:
  std::uint32_t most_tokens_ = 1024;
};

class HAILORTAPI LLMGeneratorCompletion {
 public:
  enum class Status {
    GENERATING = 0,
    MAX_TOKENS_REACHED,
    LOGICAL_END_OF_GENERATION,
    ABORTED,
  };
  class Impl;

  explicit LLMGeneratorCompletion(std::unique_ptr<Impl> impl);
  LLMGeneratorCompletion(LLMGeneratorCompletion&&);
  ~LLMGeneratorCompletion();
  Expected<std::string> read(std::chrono::milliseconds timeout = std::chrono::seconds(10));
  Status generation_status() const;
  hailo_status abort();

 private:
  std::unique_ptr<Impl> impl_;
};

/// What LLM and VLM have in common in the stand-in.
class LanguageImpl;

class HAILORTAPI LLMGenerator {
 public:
  LLMGenerator(std::shared_ptr<LanguageImpl> impl, const LLMGeneratorParams& params)
      : impl_(std::move(impl)), params_(params) {}
  hailo_status write(const std::string& prompt);
  Expected<LLMGeneratorCompletion> generate();

 private:
  std::shared_ptr<LanguageImpl> impl_;
  LLMGeneratorParams params_;
  std::string prompt_;
};

class HAILORTAPI LLM {
 public:
  static Expected<LLM> create(std::shared_ptr<VDevice> vdevice, const LLMParams& params);
  Expected<LLMGeneratorParams> create_generator_params();
  Expected<LLMGenerator> create_generator(const LLMGeneratorParams& params);
  Expected<LLMGeneratorCompletion> generate(const LLMGeneratorParams& params,
                                            const std::vector<std::string>& messages,
                                            const std::vector<std::string>& tools = {});
  Expected<std::vector<int>> tokenize(const std::string& text);
  Expected<std::size_t> get_context_usage_size();
  Expected<std::size_t> max_context_capacity();
  hailo_status clear_context();
  Expected<BufferPtr> save_context();
  hailo_status load_context(const MemoryView& context);
  Expected<std::string> get_generation_recovery_sequence();
  Expected<std::string> prompt_template();
  Expected<std::vector<std::string>> get_stop_tokens();

  explicit LLM(std::shared_ptr<LanguageImpl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<LanguageImpl> impl_;
};

}  // namespace hailort::genai
