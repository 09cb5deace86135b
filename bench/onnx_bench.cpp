// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What our engine adds to ONNX Runtime: a network is run alternately bare (with the engine's
// options, its input converted beforehand), by the engine in this process with a picture, and by
// the engine in its host with the same picture. This program starts itself anew through the engine
// runtime's loader, so that all three have the same libraries. Times are medians in milliseconds;
// "added" is the median of the differences between neighbours.
//
// Without a network: one that takes a picture of 640x640 and computes next to nothing.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "bare_network.hpp"
#include "base/error.hpp"
#include "engines/onnx/engine.hpp"
#include "formats/testing/micro_onnx.hpp"

namespace {

using namespace hailstone;
namespace onnx = engines::onnx;
using inference::Tensor;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kSide = 640;
constexpr auto kTime = std::chrono::seconds(8);

template <typename Run>
double time_of(Run&& run) {
  const auto begin = std::chrono::steady_clock::now();
  run();
  return Milliseconds(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void compare(const inference::ModelSpec& spec) {
  const auto here = onnx::make_onnx_engine(1);
  const auto hosted = onnx::testing::make_hosted_onnx();
  inference::LoadOptions options;
  options.threads = 1;
  const auto near = here->load(spec, options, {});
  const auto far = hosted->load(spec, options, {});
  const auto input = near->tensor()->inputs().at(0);
  const std::vector<Tensor> pictures = {bench::gray_picture(input, kSide)};
  bench::BareNetwork bare(spec, input, pictures[0], 1, bench::Fusions::kAsEngine);
  std::vector<double> bare_ms, near_ms, far_ms, convert_ms, hop_ms, added_ms;
  const auto end = std::chrono::steady_clock::now() + kTime;
  for (int i = 0; std::chrono::steady_clock::now() < end; ++i) {
    const double a = time_of([&] { bare.run(); });
    const double b = time_of([&] { near->tensor()->run(pictures, {}); });
    const double c = time_of([&] { far->tensor()->run(pictures, {}); });
    if (i < 3) continue;
    bare_ms.push_back(a), near_ms.push_back(b), far_ms.push_back(c);
    convert_ms.push_back(b - a), hop_ms.push_back(c - b), added_ms.push_back(c - a);
  }
  std::printf("%-44s %8.2f %8.2f %8.2f %10.3f %8.3f %8.3f %7zu\n", spec.weights.filename().c_str(),
              median(bare_ms), median(near_ms), median(far_ms), median(convert_ms), median(hop_ms),
              median(added_ms), bare_ms.size());
  std::printf("  estimated %.0f MiB, measured %.0f MiB\n",
              hosted->estimate(spec, options).host.in_mib(), far->footprint().host.in_mib());
}

}  // namespace

int main(int argc, char** argv) {
  bench::start_through_loader(argv);
  if (const auto reason = onnx::open_library()) {
    std::fprintf(stderr, "%s\n", reason->c_str());
    return 1;
  }
  const formats::testing::TempModel small("bench", formats::testing::mean_model(kSide));
  std::vector<std::string> files(argv + 1, argv + argc);
  if (files.empty()) files.push_back(small.path());
  std::printf("%-44s %8s %8s %8s %10s %8s %8s %7s\n", "network", "bare", "in here", "hosted",
              "convert", "hop", "added", "runs");
  for (const auto& file : files) {
    inference::ModelSpec spec;
    spec.name = spec.weights = file;
    spec.settings = {{"input", bench::kPictureInput}};
    try {
      compare(spec);
    } catch (const Error& error) {
      std::printf("%s: %s\n", file.c_str(), error.what());
    }
  }
}
