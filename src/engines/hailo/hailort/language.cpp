// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Models that write: LLM and VLM differ only in how a reply is asked for.

#include <type_traits>

#include "engines/hailo/hailort/parts.hpp"
#include "engines/hailo/hailort/status.hpp"

namespace hailstone::engines::hailo {
namespace {

using hailort::MemoryView;
using hailort::genai::LLM;
using hailort::genai::LLMGeneratorCompletion;
using hailort::genai::LLMGeneratorParams;
using hailort::genai::LLMParams;
using hailort::genai::VLM;
using hailort::genai::VLMParams;

class HailoWriting : public Writing {
 public:
  explicit HailoWriting(LLMGeneratorCompletion&& completion) : completion_(std::move(completion)) {}

  std::string read(std::chrono::milliseconds patience) override {
    return take(completion_.read(patience), "LLMGeneratorCompletion::read");
  }
  WritingState state() const override {
    switch (completion_.generation_status()) {
      case LLMGeneratorCompletion::Status::GENERATING:
        return WritingState::kGoesOn;
      case LLMGeneratorCompletion::Status::MAX_TOKENS_REACHED:
        return WritingState::kFull;
      case LLMGeneratorCompletion::Status::ABORTED:
        return WritingState::kAborted;
      default:
        return WritingState::kEnded;
    }
  }
  void abort() override { check(completion_.abort(), "LLMGeneratorCompletion::abort"); }

 private:
  LLMGeneratorCompletion completion_;
};

void apply(const WritingOptions& options, LLMGeneratorParams& params) {
  const char* const call = "LLMGeneratorParams";
  if (options.sample) check(params.set_do_sample(*options.sample), call);
  if (options.temperature) check(params.set_temperature(*options.temperature), call);
  if (options.top_p) check(params.set_top_p(*options.top_p), call);
  if (options.top_k) check(params.set_top_k(*options.top_k), call);
  if (options.repeat_penalty) check(params.set_frequency_penalty(*options.repeat_penalty), call);
  if (options.seed) check(params.set_seed(*options.seed), call);
  if (options.most_tokens > 0) check(params.set_max_generated_tokens(options.most_tokens), call);
}

template <typename Model>
class HailoLanguage : public LanguageModel {
 public:
  explicit HailoLanguage(Model&& model) : model_(std::move(model)) {
    capacity_ = take(model_.max_context_capacity(), "max_context_capacity");
  }

  std::size_t capacity() const noexcept override { return capacity_; }
  std::size_t used() override {
    return take(model_.get_context_usage_size(), "get_context_usage_size");
  }
  void clear() override { check(model_.clear_context(), "clear_context"); }
  std::vector<std::byte> save() override {
    const auto buffer = take(model_.save_context(), "save_context");
    const auto* const begin = reinterpret_cast<const std::byte*>(buffer->data());
    return {begin, begin + buffer->size()};
  }
  void restore(std::span<const std::byte> context) override {
    check(model_.load_context(MemoryView::create_const(context.data(), context.size())),
          "load_context");
  }
  std::vector<int> tokenize(const std::string& text) override {
    return take(model_.tokenize(text), "tokenize");
  }
  std::vector<std::string> end_tokens() override {
    return take(model_.get_stop_tokens(), "get_stop_tokens");
  }
  std::string recovery_sequence() override {
    return take(model_.get_generation_recovery_sequence(), "get_generation_recovery_sequence");
  }
  std::string prompt_template() override {
    return take(model_.prompt_template(), "prompt_template");
  }
  std::optional<FrameShape> frame() const noexcept override {
    if constexpr (std::is_same_v<Model, VLM>) {
      const auto& shape = model_.input_frame_shape();
      return FrameShape{shape.width, shape.height};
    }
    return std::nullopt;
  }

  std::unique_ptr<Writing> write(const WritingOptions& options, const std::string& text) override {
    auto params = make_params(options);
    auto generator = take(model_.create_generator(params), "create_generator");
    if constexpr (std::is_same_v<Model, VLM>) {
      return begin(generator.generate(text, {}));
    } else {
      check(generator.write(text), "LLMGenerator::write");
      return begin(generator.generate());
    }
  }

  std::unique_ptr<Writing> write(const WritingOptions& options,
                                 const std::vector<std::string>& messages,
                                 const Frames& frames) override {
    auto params = make_params(options);
    if constexpr (std::is_same_v<Model, VLM>) {
      std::vector<MemoryView> views;
      views.reserve(frames.size());
      for (const auto& frame : frames) {
        views.emplace_back(MemoryView::create_const(frame.data(), frame.size()));
      }
      return begin(model_.generate(params, messages, views));
    } else {
      if (!frames.empty()) fail(HAILO_INVALID_ARGUMENT, "LLM::generate");
      return begin(model_.generate(params, messages));
    }
  }

 private:
  LLMGeneratorParams make_params(const WritingOptions& options) {
    auto params = take(model_.create_generator_params(), "create_generator_params");
    apply(options, params);
    return params;
  }

  static std::unique_ptr<Writing> begin(hailort::Expected<LLMGeneratorCompletion>&& completion) {
    return std::make_unique<HailoWriting>(take(std::move(completion), "generate"));
  }

  Model model_;
  std::size_t capacity_ = 0;
};

}  // namespace

std::unique_ptr<LanguageModel> open_language(const DevicePointer& device, const std::string& hef,
                                             const std::string& lora) {
  // Made with the path: a default one leaves a flag without a value.
  const LLMParams params(hef, lora);
  return std::make_unique<HailoLanguage<LLM>>(take(LLM::create(device, params), "LLM::create"));
}

std::unique_ptr<LanguageModel> open_vision_language(const DevicePointer& device,
                                                    const std::string& hef) {
  const VLMParams params(hef);
  return std::make_unique<HailoLanguage<VLM>>(take(VLM::create(device, params), "VLM::create"));
}

}  // namespace hailstone::engines::hailo
