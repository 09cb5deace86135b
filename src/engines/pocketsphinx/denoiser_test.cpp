// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/denoiser.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "engines/pocketsphinx/decoder.hpp"

namespace hailstone::engines::pocketsphinx {
namespace {

/// Half a second of noise, then a second with a hum in it that swells and fades.
std::vector<std::int16_t> hum_in_noise() {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 300);
  std::vector<std::int16_t> samples(kSampleRate * 3 / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = static_cast<double>(i) / kSampleRate;
    const double loudness = time < 0.5 ? 0 : 6000 * std::abs(std::sin(12 * time));
    samples[i] = static_cast<std::int16_t>(
        std::lround(loudness * std::sin(2 * std::numbers::pi * 300 * time) + noise(random)));
  }
  return samples;
}

double power(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  return sum / static_cast<double>(samples.size());
}

TEST(Denoiser, NoiseGoesFromTheFirstMomentOnAndAVoiceStays) {
  const auto noisy = hum_in_noise();
  Denoiser denoiser;
  denoiser.begin(std::span(noisy).first(kSampleRate * 7 / 10));
  std::vector<std::int16_t> clean;
  for (std::size_t at = 0; at < noisy.size(); at += 700) {
    const auto piece =
        denoiser.push(std::span(noisy).subspan(at, std::min<std::size_t>(700, noisy.size() - at)));
    clean.insert(clean.end(), piece.begin(), piece.end());
  }
  const auto last = denoiser.finish();
  clean.insert(clean.end(), last.begin(), last.end());
  ASSERT_EQ(clean.size(), noisy.size());
  const auto part = [](const std::vector<std::int16_t>& samples, std::size_t from, std::size_t to) {
    return power(std::span(samples).subspan(from, to - from));
  };
  EXPECT_LT(part(clean, 1000, 7000), 0.2 * part(noisy, 1000, 7000));
  EXPECT_GT(part(clean, 9000, 23'000), 0.7 * part(noisy, 9000, 23'000));
}

TEST(Denoiser, SoundOfLessThanAFrameComesOutWhole) {
  Denoiser denoiser;
  denoiser.begin({});
  EXPECT_TRUE(denoiser.push(std::vector<std::int16_t>(100, 5)).empty());
  EXPECT_EQ(denoiser.finish().size(), 100U);
}

}  // namespace
}  // namespace hailstone::engines::pocketsphinx
