// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What a picture costs before a network sees it. The aim: decoding and letterboxing a JPEG of 12
// megapixels to 640x640 in 25 ms on one core. How long a JPEG takes goes by its bytes rather than
// by its pixels, so there are several, by libjpeg's quality; the counter MB is the file's size.
// Pictures that are named on the command line are taken as well.

#include <benchmark/benchmark.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/draw/canvas.hpp"
#include "media/geometry/fit.hpp"

namespace {

using namespace hailstone::media;

/// Soft shapes, edges and a sensor's noise: about what a phone's camera makes of a street.
Image make_photo(int width, int height) {
  Image image = make_image(width, height);
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 3);
  auto* out = image.pixels.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double soft =
          60 * std::sin(x * 0.004) * std::cos(y * 0.003) + 20 * std::sin(x * 0.11 + y * 0.07);
      const double edge = (x / 97 + y / 61) % 3 == 0 ? 25 : 0;
      const double grain = noise(random);
      for (const double tone : {120.0, 110.0, 90.0}) {
        *out++ =
            static_cast<std::uint8_t>(std::fmin(255, std::fmax(0, tone + soft + edge + grain)));
      }
    }
  }
  return image;
}

const Image& large_photo() {
  static const Image photo = make_photo(4000, 3000);
  return photo;
}

void note_size(benchmark::State& state, const std::string& bytes) {
  state.counters["MB"] = static_cast<double>(bytes.size()) / 1e6;
}

void letterbox_bytes(benchmark::State& state, const std::string& bytes) {
  note_size(state, bytes);
  for (auto _ : state) {
    const auto decoded = decode_image(bytes, {640, 640, Sides::kOneOf});
    benchmark::DoNotOptimize(fit_image(decoded.image, {640, 640}));
  }
}

void decode_and_letterbox(benchmark::State& state) {
  letterbox_bytes(state, encode_jpeg(large_photo(), static_cast<int>(state.range(0))));
}

void letterbox_file(benchmark::State& state, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  letterbox_bytes(state, {std::istreambuf_iterator<char>(file), {}});
}

void decode_whole(benchmark::State& state) {
  const auto bytes = encode_jpeg(large_photo(), static_cast<int>(state.range(0)));
  note_size(state, bytes);
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(bytes));
}

void decode_png(benchmark::State& state) {
  const auto bytes = encode_png(make_photo(1920, 1080));
  note_size(state, bytes);
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(bytes));
}

void refuse_huge(benchmark::State& state) {
  const auto bytes = encode_jpeg(large_photo());
  for (auto _ : state) {
    try {
      decode_image(bytes, {.max_pixels = 1'000'000});
    } catch (const std::exception& error) {
      benchmark::DoNotOptimize(error.what());
    }
  }
}

void letterbox(benchmark::State& state) {
  const Image photo =
      make_photo(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(fit_image(photo, {640, 640}));
}

void annotate(benchmark::State& state) {
  const Image photo = make_photo(1920, 1080);
  for (auto _ : state) {
    Canvas canvas(photo);
    for (int i = 0; i < 20; ++i) {
      canvas.draw_box({i * 80.0, i * 40.0, 200, 200}, class_color(i));
      canvas.draw_label("person 87%", {i * 80.0, i * 40.0}, class_color(i));
    }
    benchmark::DoNotOptimize(encode_jpeg(canvas.image()));
  }
}

BENCHMARK(decode_and_letterbox)->Arg(70)->Arg(80)->Arg(85)->Arg(90)->Unit(benchmark::kMillisecond);
BENCHMARK(decode_whole)->Arg(80)->Unit(benchmark::kMillisecond);
BENCHMARK(decode_png)->Unit(benchmark::kMillisecond);
BENCHMARK(refuse_huge)->Unit(benchmark::kMicrosecond);
BENCHMARK(letterbox)
    ->Args({1000, 750})
    ->Args({1920, 1080})
    ->Args({4000, 3000})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(annotate)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    benchmark::RegisterBenchmark(argv[i], letterbox_file, std::string(argv[i]))
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
}
