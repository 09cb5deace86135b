// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/measure.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/engine.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "inference/text_session.hpp"
#include "services/library/bench/samples.hpp"

namespace hailstone::bench {
namespace {

using core::SpeedKind;

constexpr int kMostWords = 128;
constexpr int kMostTokens = 64;
constexpr std::chrono::seconds kSound{10};
constexpr const char* kSentence =
    "The old lighthouse stands on a rock above the sea, and every night its light turns.";

/// A clock that is too coarse must not make anything infinitely fast.
double seconds_of(std::chrono::nanoseconds time) {
  return std::max(1e-9, std::chrono::duration<double>(time).count());
}

class Measuring {
 public:
  Measuring(const Plan& plan, const OnRun& on_run, const Clock& clock, const RunContext& run)
      : plan_(plan), on_run_(on_run), clock_(clock), run_(run) {}

  core::Speed network(inference::TensorSession& session) {
    const auto inputs = make_tensors(session.inputs(), plan_.picture);
    return repeat(SpeedKind::kRuns, 3, 20, [&](int) {
      const auto begun = clock_.now();
      session.run(inputs, run_);
      return whole_run(begun, 1);
    });
  }

  core::Speed text(inference::TextSession& session) {
    const int words = std::clamp(session.context_length() / 8, 1, kMostWords);
    if (plan_.only_embeds) {
      return repeat(SpeedKind::kPromptTokens, 1, 3, [&](int number) {
        const auto begun = clock_.now();
        const auto embeddings = session.embed({make_prompt(number, words)}, run_);
        return whole_run(begun, embeddings.prompt_tokens);
      });
    }
    if (plan_.only_ranks) {
      return repeat(SpeedKind::kPromptTokens, 1, 3, [&](int number) {
        const auto begun = clock_.now();
        const auto ranking = session.rank("hail", {make_prompt(number, words)}, run_);
        return whole_run(begun, ranking.prompt_tokens);
      });
    }
    inference::TextRequest request;
    request.sampling.temperature = 0;
    request.max_tokens = std::clamp(session.context_length() / 4, 1, kMostTokens);
    return repeat(SpeedKind::kTokens, 1, 3, [&](int number) {
      request.prompt = inference::RawPrompt{{}, make_prompt(number, words), {}};
      return generate(session, request);
    });
  }

  core::Speed hear(inference::HearSession& session) {
    inference::HearRequest request;
    request.audio = make_sound(kSound);
    request.options.language = "en";
    return repeat(SpeedKind::kAudio, 1, 3, [&](int) {
      const auto begun = clock_.now();
      session.hear(request, {}, run_);
      return whole_run(begun, static_cast<double>(kSound.count()));
    });
  }

  core::Speed say(inference::SaySession& session) {
    return repeat(SpeedKind::kAudio, 1, 3, [&](int) {
      double length = 0;
      const auto begun = clock_.now();
      session.say(
          {.text = kSentence, .voice = {}},
          [&length](media::Pcm&& piece) {
            length += static_cast<double>(piece.samples.size()) / std::max(1, piece.sample_rate);
          },
          run_);
      return whole_run(begun, length);
    });
  }

  core::Speed read(inference::ReadSession& session) {
    const media::Image page = make_page(800, 600);
    return repeat(SpeedKind::kRuns, 1, 3, [&](int) {
      const auto begun = clock_.now();
      session.read(page, {}, run_);
      return whole_run(begun, 1);
    });
  }

 private:
  template <typename RunOnce>
  core::Speed repeat(SpeedKind kind, int warm_up, int usual_runs, RunOnce&& run_once) {
    const int runs = plan_.runs > 0 ? plan_.runs : usual_runs;
    for (int i = 0; i < warm_up; ++i) run_once(-i);
    std::vector<Sample> samples;
    for (int i = 1; i <= runs; ++i) {
      samples.push_back(run_once(i));
      if (!(samples.back().per_second > 0)) {
        throw Error(ErrorCode::kEngineFailed,
                    "model '" + plan_.model + "' gave nothing: there is nothing to measure");
      }
      on_run_(i, runs);
    }
    return summarize(kind, std::move(samples));
  }

  Sample whole_run(SteadyTime begun, double amount) const {
    const std::chrono::nanoseconds time = clock_.now() - begun;
    return {time, amount / seconds_of(time), std::nullopt};
  }

  /// By the engine's own count, which knows where the prompt ends.
  Sample generate(inference::TextSession& session, const inference::TextRequest& request) const {
    const auto begun = clock_.now();
    const auto result = session.generate(
        request, [](inference::TextChunk&&) {}, run_);
    Sample sample;
    sample.time = clock_.now() - begun;
    sample.per_second = result.generated_tokens / seconds_of(result.generate_time);
    const int read = result.prompt_tokens - result.cached_prompt_tokens;
    if (read > 0 && result.prompt_time > std::chrono::microseconds(1)) {
      sample.prompt_per_second = read / seconds_of(result.prompt_time);
    }
    return sample;
  }

  const Plan& plan_;
  const OnRun& on_run_;
  const Clock& clock_;
  const RunContext& run_;
};

}  // namespace

core::Speed measure(inference::Model& model, const Plan& plan, const OnRun& on_run,
                    const Clock& clock, const RunContext& run) {
  Measuring measuring(plan, on_run, clock, run);
  const bool is_language = plan.task.empty() || plan.task == "chat" || plan.task == "embed" ||
                           plan.task == "vlm" || plan.task == "rerank";
  if (auto* text = model.text(); text != nullptr && is_language) return measuring.text(*text);
  if (auto* hear = model.hear(); hear != nullptr && plan.task == "transcribe") {
    return measuring.hear(*hear);
  }
  if (auto* say = model.say(); say != nullptr && plan.task == "speak") return measuring.say(*say);
  if (auto* read = model.read(); read != nullptr && plan.task == "ocr") {
    return measuring.read(*read);
  }
  // Vision, and whatever has only one session anyway.
  if (auto* tensor = model.tensor()) return measuring.network(*tensor);
  if (auto* text = model.text()) return measuring.text(*text);
  if (auto* hear = model.hear()) return measuring.hear(*hear);
  if (auto* say = model.say()) return measuring.say(*say);
  if (auto* read = model.read()) return measuring.read(*read);
  throw Error(ErrorCode::kUnsupported,
              "model '" + plan.model + "' does nothing that can be measured");
}

}  // namespace hailstone::bench
