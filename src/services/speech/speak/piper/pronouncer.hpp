// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How texts are pronounced, for voices that take phonemes: espeak-ng knows, in a process of its
// own.

#include <string>

#include "base/run_context.hpp"
#include "services/common/tasks/task_models.hpp"

namespace hailstone::speak {

/// As thread-safe as the models, which outlive it.
class Pronouncer {
 public:
  explicit Pronouncer(const services::TaskModels& models) : models_(models) {}

  /// As speech::piper::Pronounce. Throws http::StatusError 503 where there is no model of the
  /// engine espeak, and what ModelAccess::acquire and CallSession::call throw.
  std::string phonemes(const std::string& text, const std::string& voice, const RunContext& run);

 private:
  services::ChosenModel choose() const;

  const services::TaskModels& models_;
};

}  // namespace hailstone::speak
