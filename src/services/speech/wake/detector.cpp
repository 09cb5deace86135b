// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/detector.hpp"

#include <utility>

#include "base/error.hpp"
#include "core/runtime/runtime.hpp"

namespace hailstone::wake {
namespace {

/// Scores before that are of noise, as openWakeWord has it.
constexpr int kBlindSteps = 5;

inference::TensorSession& require(inference::TensorSession* session, const std::string& model,
                                  const char* part) {
  if (session != nullptr) return *session;
  throw Error(ErrorCode::kUnsupported, "model '" + model + "' has no network '" + part + "'",
              "a wake word is made of openWakeWord's classifier with the files melspectrogram and "
              "embedding beside it: hailstone pull openwakeword-hey-jarvis");
}

}  // namespace

WakeDetector::WakeDetector(services::ModelAccess& models, std::vector<Listened> words,
                           const WakeOptions& options)
    : models_(models), words_(std::move(words)), triggers_(words_.size(), Trigger(options)) {}

std::vector<Detection> WakeDetector::push(std::span<const float> samples, const RunContext& run,
                                          const OnScores& on_scores) {
  std::vector<Detection> detections;
  rest_.insert(rest_.end(), samples.begin(), samples.end());
  std::size_t used = 0;
  for (; rest_.size() - used >= kStep; used += kStep) {
    const auto scores = judge(std::span<const float>(rest_).subspan(used, kStep), run);
    position_ += kStep;
    if (on_scores) on_scores(position_, scores);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (triggers_[i].push(scores[i], position_)) detections.push_back({i, position_, scores[i]});
    }
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(used));
  return detections;
}

std::vector<float> WakeDetector::judge(std::span<const float> step, const RunContext& run) {
  std::vector<float> scores;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto& chosen = words_[i].model;
    const auto lease = models_.acquire(chosen, std::nullopt, run);
    auto& model = lease.model();
    if (i == 0) {
      features_.push(step,
                     {require(model.network("melspectrogram"), chosen.name, "melspectrogram"),
                      require(model.network("embedding"), chosen.name, "embedding")},
                     run);
    }
    const auto answer = run_floats(
        require(model.tensor(), chosen.name, "classifier"),
        {1, static_cast<std::int64_t>(kWindowLength), static_cast<std::int64_t>(kEmbeddingSize)},
        features_.window(), 1, run);
    scores.push_back(steps_ < kBlindSteps ? 0 : answer.front());
  }
  ++steps_;
  return scores;
}

}  // namespace hailstone::wake
