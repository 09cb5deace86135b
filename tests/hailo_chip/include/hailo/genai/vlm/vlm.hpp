// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hailo/genai/llm/llm.hpp"

namespace hailort::genai {

class HAILORTAPI VLMParams {
 public:
  explicit VLMParams(const std::string& hef_path, bool optimize_memory_on_device = false);
  const std::string& hef() const { return hef_; }

 private:
  std::string hef_;
};

class HAILORTAPI VLMGenerator {
 public:
  VLMGenerator(std::shared_ptr<LanguageImpl> impl, const LLMGeneratorParams& params)
      : impl_(std::move(impl)), params_(params) {}
  Expected<LLMGeneratorCompletion> generate(const std::string& prompt,
                                            const std::vector<MemoryView>& frames);

 private:
  std::shared_ptr<LanguageImpl> impl_;
  LLMGeneratorParams params_;
};

class HAILORTAPI VLM {
 public:
  static Expected<VLM> create(std::shared_ptr<VDevice> vdevice, const VLMParams& params);
  Expected<LLMGeneratorParams> create_generator_params();
  Expected<VLMGenerator> create_generator(const LLMGeneratorParams& params);
  Expected<LLMGeneratorCompletion> generate(const LLMGeneratorParams& params,
                                            const std::vector<std::string>& messages,
                                            const std::vector<MemoryView>& frames);
  Expected<std::vector<int>> tokenize(const std::string& text);
  Expected<std::size_t> get_context_usage_size();
  Expected<std::size_t> max_context_capacity();
  hailo_status clear_context();
  Expected<BufferPtr> save_context();
  hailo_status load_context(const MemoryView& context);
  Expected<std::string> get_generation_recovery_sequence();
  Expected<std::string> prompt_template();
  Expected<std::vector<std::string>> get_stop_tokens();
  const hailo_3d_image_shape_t& input_frame_shape() const;

  explicit VLM(std::shared_ptr<LanguageImpl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<LanguageImpl> impl_;
};

}  // namespace hailort::genai
