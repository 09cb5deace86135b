// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The first run of a network that was just recognised: pictures that nobody took, and what its
// outputs say of the claim. Pure; any thread.

#include <span>
#include <string>
#include <vector>

#include "inference/tensor_session.hpp"
#include "media/image.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::vision {

/// Soft light, some shapes and some noise: no two numbers give the same picture, and no channel
/// looks like another. The same on every machine. Throws Error(kBadRequest) for sides below 1.
media::Image make_trial_picture(int width, int height, unsigned number);

/// The outputs for one picture, of that size.
struct TrialRun {
  std::vector<inference::Tensor> outputs;
  int width = 0;
  int height = 0;
};

struct Verdict {
  bool fits = true;
  bool confirms = false;  ///< other networks would hardly have given such values
  std::string reason;     ///< why it does not fit, for people
};

/// Corrects in `known` what the values show to be otherwise (a decoder of the same family, how sure
/// it is: values that confirm it make that one step surer). runs: at least one; of different
/// pictures. labels: how many the model has; 0: not known. Throws nothing for any outputs.
Verdict judge(KnownNetwork& known, std::span<const TrialRun> runs, std::size_t labels);

}  // namespace hailstone::vision
