// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known of a model's speed on a machine: plain values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

/// What was measured. A model that was replaced, or another version of the engine, is another one.
struct MeasuredModel {
  std::string name;  ///< as it is shown: "yolox-nano:onnx"
  std::string digest;
  std::string engine;
  std::string engine_version;  ///< empty: not known

  bool operator==(const MeasuredModel&) const = default;
};

/// Figures of different kinds say nothing about each other.
enum class SpeedKind : std::uint8_t {
  kTokens,        ///< generated, for each second
  kPromptTokens,  ///< read, for each second: of a model that only embeds
  kRuns,          ///< of a network, or pictures read, for each second
  kAudio,         ///< seconds of sound, for each second
};

/// "tokens/s", "prompt tokens/s", "runs/s", "s audio/s".
std::string_view name_of(SpeedKind kind) noexcept;
std::optional<SpeedKind> find_speed_kind(std::string_view name) noexcept;

struct Speed {
  SpeedKind kind = SpeedKind::kRuns;
  double per_second = 0;                    ///< of the median run; the more the better
  std::optional<double> prompt_per_second;  ///< tokens read; of a model that generates
  std::chrono::nanoseconds median{};        ///< of a run
  std::chrono::nanoseconds p90{};
  int runs = 0;

  bool operator==(const Speed&) const = default;
};

struct Measurement {
  MeasuredModel model;
  std::string machine;  ///< see machine_name()
  WallTime when{};      ///< when it was noted last
  std::optional<std::chrono::nanoseconds> load_time;
  std::optional<Speed> speed;
  inference::Footprint memory;  ///< measured with the speed; zero: not measured

  bool operator==(const Measurement&) const = default;
};

}  // namespace hailstone::core
