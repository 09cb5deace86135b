// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/leased_detector.hpp"

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "log/log.hpp"
#include "services/speech/sound/silero_detector.hpp"

namespace hailstone::sound {
namespace {

constexpr std::string_view kTask = "vad";

}  // namespace

LeasedDetector acquire_detector(const services::TaskModels& models, const RunContext& run) {
  LeasedDetector out;
  if (!models.installed(std::span(&kTask, 1)).empty()) {
    try {
      const auto model = models.choose(std::span(&kTask, 1), {});
      out.lease.emplace(models.models().acquire(model, std::nullopt, run));
      if (auto* session = out.lease->model().tensor()) {
        out.detector = make_silero_detector(*session, run);
        return out;
      }
    } catch (const Error& error) {
      run.check();
      log::warning("sound", "voice activity is told by loudness", {{"why", error.what()}});
    }
  }
  out.lease.reset();
  out.detector = make_energy_detector();
  return out;
}

}  // namespace hailstone::sound
