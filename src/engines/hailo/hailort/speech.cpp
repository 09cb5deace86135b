// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/hailort/parts.hpp"
#include "engines/hailo/hailort/status.hpp"

namespace hailstone::engines::hailo {
namespace {

using hailort::MemoryView;
using hailort::genai::Speech2Text;
using hailort::genai::Speech2TextParams;
using hailort::genai::Speech2TextTask;

class HailoListener : public Listener {
 public:
  explicit HailoListener(Speech2Text&& model) : model_(std::move(model)) {}

  std::vector<SpokenSegment> hear(std::span<const float> samples, SpeechTask task,
                                  const std::string& language,
                                  std::chrono::milliseconds patience) override {
    auto params = take(model_.create_generator_params(), "Speech2Text::create_generator_params");
    check(params.set_task(task == SpeechTask::kTranslate ? Speech2TextTask::TRANSLATE
                                                         : Speech2TextTask::TRANSCRIBE),
          "Speech2TextGeneratorParams::set_task");
    check(params.set_language(language), "Speech2TextGeneratorParams::set_language");
    const auto audio = MemoryView::create_const(samples.data(), samples.size_bytes());
    const auto heard = take(model_.generate_all_segments(audio, params, patience),
                            "Speech2Text::generate_all_segments");
    std::vector<SpokenSegment> segments;
    segments.reserve(heard.size());
    for (const auto& segment : heard) {
      segments.push_back({segment.start_sec, segment.end_sec, segment.text});
    }
    return segments;
  }

 private:
  Speech2Text model_;
};

}  // namespace

std::unique_ptr<Listener> open_listener(const DevicePointer& device, const std::string& hef) {
  return std::make_unique<HailoListener>(
      take(Speech2Text::create(device, Speech2TextParams(hef)), "Speech2Text::create"));
}

}  // namespace hailstone::engines::hailo
