// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network run by ONNX Runtime alone: what everything that we add is measured against.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "engines/onnx/network/image_tensor.hpp"
#include "engines/onnx/ort.hpp"
#include "engines/onnx/session.hpp"
#include "engines/onnx/testing/real_host.hpp"
#include "engines/onnx/values.hpp"

namespace hailstone::bench {

inline constexpr const char* kPictureInput = R"({"layout":"nchw","std":255})";

enum class Fusions {
  kDefault,   ///< the library's
  kAsEngine,  ///< our engine's
};

/// As everybody runs it, but that the input is converted beforehand. Runs may overlap.
class BareNetwork {
 public:
  BareNetwork(const inference::ModelSpec& spec, const inference::TensorInfo& input,
              const inference::Tensor& picture, int threads = 1,
              Fusions fusions = Fusions::kDefault)
      : session_(make_session(spec, threads, fusions)),
        info_(engines::onnx::to_input(picture, input, inference::parse_image_input(kPictureInput),
                                      bytes_)),
        type_(session_.GetInputTypeInfo(0).GetTensorTypeAndShapeInfo().GetElementType()),
        input_(input.name) {
    Ort::AllocatorWithDefaultOptions allocator;
    for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
      outputs_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
    }
  }

  void run() {
    const char* input = input_.c_str();
    std::vector<const char*> outputs;
    for (const auto& name : outputs_) outputs.push_back(name.c_str());
    const auto value = engines::onnx::wrap(info_, bytes_, type_);
    session_.Run({}, &input, &value, 1, outputs.data(), outputs.size());
  }

 private:
  static Ort::Session make_session(const inference::ModelSpec& spec, int threads, Fusions fusions) {
    const engines::onnx::QuietStderr quiet;
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(threads);
    options.AddConfigEntry("session.intra_op.allow_spinning", "0");
    if (fusions == Fusions::kAsEngine) engines::onnx::choose_fusions(options);
    return {engines::onnx::environment(), spec.weights.c_str(), options};
  }

  Ort::Session session_;
  std::vector<std::byte> bytes_;
  const inference::TensorInfo info_;
  const ONNXTensorElementDataType type_;
  const std::string input_;
  std::vector<std::string> outputs_;
};

/// A picture of one gray that fits the input; sides that may be any are side.
inline inference::Tensor gray_picture(const inference::TensorInfo& input, int side) {
  const auto length = [&](std::size_t i) { return input.shape[i] > 0 ? input.shape[i] : side; };
  const auto size = static_cast<std::size_t>(length(2) * length(3) * 3);
  return {{input.name, inference::ElementType::kUint8, {1, length(2), length(3), 3}},
          std::vector<std::byte>(size, std::byte{77})};
}

/// Starts this program anew through the engine runtime's loader; returns where there is none, and
/// there.
inline void start_through_loader(char** argv) {
  const auto runtime = engines::onnx::testing::find_runtime();
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

}  // namespace hailstone::bench
