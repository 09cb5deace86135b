// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From single runs to a figure, and what the runs are given. Pure: the same each time, so that two
// machines, or two engines, do the same work.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/measurements/measurement.hpp"
#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"
#include "media/image.hpp"
#include "media/pcm.hpp"

namespace hailstone::bench {

/// One run.
struct Sample {
  std::chrono::nanoseconds time{};
  double per_second = 0;
  std::optional<double> prompt_per_second;
};

/// Medians, and the 90th percentile by the nearest rank. There must be a sample.
core::Speed summarize(core::SpeedKind kind, std::vector<Sample> samples);

/// English prose of so many words; the number of the run stands at its beginning, so that no engine
/// finds the prompt in its cache.
std::string make_prompt(int run, int words);

/// A tone that goes up and down, like a voice in pitch and loudness.
media::Pcm make_sound(std::chrono::seconds length);

/// Dark marks in lines on white, like print.
media::Image make_page(int width, int height);

/// What a network's inputs expect: a picture of the manifest's size for each where the manifest
/// names one; else grey bytes, or zeros of another type. A size that is left open becomes 1 for a
/// batch (the first of four), otherwise 640. Throws Error(kUnsupported) above 1 GiB.
std::vector<inference::Tensor> make_tensors(const std::vector<inference::TensorInfo>& inputs,
                                            const std::optional<inference::ImageInput>& picture);

}  // namespace hailstone::bench
