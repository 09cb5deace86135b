// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sound/echo.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace hailstone::cli {
namespace {

constexpr int kRate = 16'000;
constexpr std::size_t kFrame = kRate / 50;

/// As speech is: noise that swells and fades.
std::vector<std::int16_t> babble(std::size_t size, unsigned seed, double rhythm) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 3000);
  std::vector<std::int16_t> samples(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double swell = std::abs(std::sin(rhythm * static_cast<double>(i) / kRate));
    samples[i] = static_cast<std::int16_t>(std::lround(swell * noise(random)));
  }
  return samples;
}

double power(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  return sum / static_cast<double>(samples.size());
}

/// What is left of a microphone that hears `near`, and `far` 70 ms late at half its loudness.
std::vector<std::int16_t> clean(const std::vector<std::int16_t>& far,
                                const std::vector<std::int16_t>& near) {
  constexpr std::size_t kDelay = kRate * 70 / 1000;
  EchoCanceller echo(kRate);
  std::vector<std::int16_t> out;
  for (std::size_t at = 0; at + kFrame <= far.size(); at += kFrame) {
    echo.played(std::span(far).subspan(at, kFrame));
    std::vector<std::int16_t> heard(near.begin() + static_cast<std::ptrdiff_t>(at),
                                    near.begin() + static_cast<std::ptrdiff_t>(at + kFrame));
    for (std::size_t i = 0; i < kFrame; ++i) {
      if (at + i >= kDelay) {
        heard[i] = static_cast<std::int16_t>(heard[i] + far[at + i - kDelay] / 2);
      }
    }
    const auto piece = echo.clean(heard);
    out.insert(out.end(), piece.begin(), piece.end());
  }
  return out;
}

TEST(EchoCanceller, WhatTheLoudspeakerSaysGoesAndWhoSpeaksStays) {
  if (!EchoCanceller::is_built()) GTEST_SKIP() << "built without libspeexdsp";
  const auto far = babble(10 * kRate, 1, 9);
  std::vector<std::int16_t> near(far.size());
  const auto voice = babble(2 * kRate, 2, 13);
  std::copy(voice.begin(), voice.end(), near.begin() + 8 * kRate);
  const auto out = clean(far, near);
  ASSERT_EQ(out.size(), far.size());
  const auto part = [&](const auto& samples, int from, int to) {
    return power(std::span(samples).subspan(static_cast<std::size_t>(from) * kRate,
                                            static_cast<std::size_t>(to - from) * kRate));
  };
  const double echo = part(far, 6, 8) / 4;
  EXPECT_LT(part(out, 6, 8), 0.03 * echo) << "15 dB less";
  EXPECT_GT(part(out, 8, 10), 0.2 * part(near, 8, 10)) << "the voice is still there";
}

TEST(EchoCanceller, WithoutALoudspeakerTheSoundStaysAsItIs) {
  const auto near = babble(2 * kRate, 3, 9);
  const auto out = clean(std::vector<std::int16_t>(near.size()), near);
  EXPECT_GT(power(out), 0.5 * power(near));
}

}  // namespace
}  // namespace hailstone::cli
