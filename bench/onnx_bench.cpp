// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What our engine adds to ONNX Runtime: a network is run alternately bare (its input converted
// beforehand), by the engine in this process with a picture, and by the engine in its host with the
// same picture. This program starts itself anew through the engine runtime's loader, so that all
// three have the same libraries. Times are medians in milliseconds; "added" is the median of the
// differences between neighbours.
//
// Without a network: one that takes a picture of 640x640 and computes next to nothing.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "engines/onnx/engine.hpp"
#include "engines/onnx/network/image_tensor.hpp"
#include "engines/onnx/ort.hpp"
#include "engines/onnx/testing/real_host.hpp"
#include "engines/onnx/values.hpp"
#include "formats/testing/micro_onnx.hpp"

namespace {

using namespace hailstone;
namespace onnx = engines::onnx;
using inference::Tensor;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kSide = 640;
constexpr auto kTime = std::chrono::seconds(8);
constexpr const char* kInput = R"({"layout":"nchw","std":255})";

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

/// As the engine does, but for what it is measured for.
class Bare {
 public:
  Bare(const inference::ModelSpec& spec, const inference::TensorInfo& input, const Tensor& picture)
      : session_(make_session(spec)),
        tensor_(onnx::to_input(picture, input, inference::parse_image_input(kInput))) {
    Ort::AllocatorWithDefaultOptions allocator;
    input_ = input.name;
    for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
  }

  void run() {
    const char* input = input_.c_str();
    std::vector<const char*> outputs;
    for (const auto& name : outputs_) outputs.push_back(name.c_str());
    const auto value = onnx::wrap(
        tensor_, session_.GetInputTypeInfo(0).GetTensorTypeAndShapeInfo().GetElementType());
    session_.Run({}, &input, &value, 1, outputs.data(), outputs.size());
  }

 private:
  static Ort::Session make_session(const inference::ModelSpec& spec) {
    const onnx::QuietStderr quiet;
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);
    options.AddConfigEntry("session.intra_op.allow_spinning", "0");
    return {onnx::environment(), spec.weights.c_str(), options};
  }

  Ort::Session session_;
  const Tensor tensor_;
  std::string input_;
  std::vector<std::string> outputs_;
};

Tensor picture_for(const inference::TensorInfo& input) {
  const auto side = [&](std::size_t i) { return input.shape[i] > 0 ? input.shape[i] : kSide; };
  Tensor picture{{input.name, inference::ElementType::kUint8, {1, side(2), side(3), 3}}, {}};
  picture.data.resize(static_cast<std::size_t>(side(2) * side(3) * 3), std::byte{77});
  return picture;
}

void compare(const inference::ModelSpec& spec) {
  const auto here = onnx::make_onnx_engine(1);
  const auto hosted = onnx::testing::make_hosted_onnx();
  inference::LoadOptions options;
  options.threads = 1;
  const auto near = here->load(spec, options, {});
  const auto far = hosted->load(spec, options, {});
  const auto input = near->tensor()->inputs().at(0);
  const std::vector<Tensor> pictures = {picture_for(input)};
  Bare bare(spec, input, pictures[0]);
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

/// Returns where there is no loader to go through.
void start_through_loader(char** argv) {
  const auto runtime = onnx::testing::find_runtime();
  if (!runtime || std::getenv("HAILSTONE_BENCH_INSIDE") != nullptr) return;
  ::setenv("HAILSTONE_BENCH_INSIDE", "1", 1);
  std::vector<std::string> words = runtime->command("/proc/self/exe");
  words.back() = std::filesystem::read_symlink("/proc/self/exe");
  std::vector<char*> command;
  for (auto& word : words) command.push_back(word.data());
  for (++argv; *argv != nullptr; ++argv) command.push_back(*argv);
  command.push_back(nullptr);
  ::execv(command[0], command.data());
}

}  // namespace

int main(int argc, char** argv) {
  start_through_loader(argv);
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
    spec.settings = {{"input", kInput}};
    try {
      compare(spec);
    } catch (const Error& error) {
      std::printf("%s: %s\n", file.c_str(), error.what());
    }
  }
}
