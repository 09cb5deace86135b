// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/silero_detector.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hailstone::sound {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

/// 32 ms; all versions know it.
constexpr std::size_t kWindow = 512;
/// Of the window before, which version 5 and later want to see again.
constexpr std::size_t kContext = 64;

Tensor make_floats(TensorInfo info, std::vector<std::int64_t> shape, std::vector<float> values) {
  info.shape = std::move(shape);
  return {std::move(info), std::move(values)};
}

/// The network's memory: "state", or "h" and "c". It starts with zeros.
struct Memory {
  std::size_t input = 0;   ///< its place among the inputs
  std::size_t output = 0;  ///< and what it becomes among the outputs
  Tensor value;
};

class SileroDetector final : public VoiceDetector {
 public:
  SileroDetector(inference::TensorSession& session, const RunContext& run)
      : session_(session), run_(run), inputs_(session.inputs()), outputs_(session.outputs()) {
    if (find(inputs_, "state")) {
      has_context_ = true;
      remember("state", "stateN", 128);
    } else if (find(inputs_, "h") && find(inputs_, "c")) {
      remember("h", "hn", 64);
      remember("c", "cn", 64);
    }
    const auto input = find(inputs_, "input");
    if (memories_.empty() || !input) {
      throw Error(ErrorCode::kUnsupported, "the network for voice activity is none of Silero's");
    }
    input_ = *input;
    reset();
  }

  std::size_t window() const noexcept override { return kWindow; }

  float judge(std::span<const float> samples) override {
    auto outputs = session_.run(make_inputs(samples), run_);
    for (auto& memory : memories_) memory.value.data = outputs.at(memory.output).data;
    const auto& answer = outputs.at(find(outputs_, "output").value_or(0)).data;
    float speech = 0;
    if (answer.size() < sizeof(speech)) {
      throw Error(ErrorCode::kEngineFailed, "the network for voice activity gives nothing");
    }
    std::memcpy(&speech, answer.data(), sizeof(speech));
    return speech;
  }

  void reset() override {
    context_.assign(has_context_ ? kContext : 0, 0.0F);
    for (auto& memory : memories_) {
      const auto& shape = memory.value.info.shape;
      const auto count =
          std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
      memory.value.data = std::vector<float>(static_cast<std::size_t>(count));
    }
  }

 private:
  static std::optional<std::size_t> find(const std::vector<TensorInfo>& infos,
                                         std::string_view name) {
    const auto found = std::find_if(infos.begin(), infos.end(),
                                    [name](const TensorInfo& info) { return info.name == name; });
    if (found == infos.end()) return std::nullopt;
    return static_cast<std::size_t>(found - infos.begin());
  }

  void remember(std::string_view name, std::string_view next, std::int64_t width) {
    const auto input = find(inputs_, name);
    const auto output = find(outputs_, next);
    if (!input || !output) return;
    TensorInfo info = inputs_[*input];
    info.shape = {2, 1, width};
    memories_.push_back({*input, *output, {std::move(info), {}}});
  }

  std::vector<Tensor> make_inputs(std::span<const float> samples) {
    std::vector<float> seen = context_;
    seen.insert(seen.end(), samples.begin(), samples.end());
    if (has_context_) context_.assign(samples.end() - kContext, samples.end());
    std::vector<Tensor> tensors(inputs_.size());
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].name == "sr") {
        TensorInfo info = inputs_[i];
        if (!info.shape.empty()) info.shape = {1};
        tensors[i] = {std::move(info), std::vector<std::int64_t>{kSampleRate}};
      }
    }
    const auto length = static_cast<std::int64_t>(seen.size());
    tensors[input_] = make_floats(inputs_[input_], {1, length}, std::move(seen));
    for (const auto& memory : memories_) tensors[memory.input] = memory.value;
    return tensors;
  }

  inference::TensorSession& session_;
  const RunContext run_;
  const std::vector<TensorInfo> inputs_;
  const std::vector<TensorInfo> outputs_;
  std::size_t input_ = 0;
  bool has_context_ = false;
  std::vector<float> context_;
  std::vector<Memory> memories_;
};

}  // namespace

std::unique_ptr<VoiceDetector> make_silero_detector(inference::TensorSession& session,
                                                    const RunContext& run) {
  return std::make_unique<SileroDetector>(session, run);
}

}  // namespace hailstone::sound
