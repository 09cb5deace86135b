// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/engine.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "engines/onnx/facts.hpp"
#include "engines/onnx/model.hpp"
#include "os/cores.hpp"

namespace hailstone::engines::onnx {
namespace {

/// Measured on nine networks of 0.2 to 40 MB: the library itself, then the weights (once as read,
/// once as the fastest kernels want them) and the activations, which grow with the input.
constexpr ByteSize kLibrary = ByteSize::mib(24);
constexpr double kPerWeight = 2.2;
constexpr ByteSize kActivations = ByteSize::mib(40);

class OnnxEngine : public inference::Engine {
 public:
  explicit OnnxEngine(int threads) : threads_(threads > 0 ? threads : os::default_threads()) {}

  std::string_view name() const noexcept override { return "onnx"; }

  inference::Availability probe() const override {
    if (const auto reason = open_library()) return {false, *reason};
    return {true, {}, library_version()};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    const auto weights =
        (read_network(spec), static_cast<double>(std::filesystem::file_size(spec.weights)));
    return {
        kLibrary + ByteSize::bytes(static_cast<std::uint64_t>(weights * kPerWeight)) + kActivations,
        {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail detail) const override {
    return facts_of(read_network(spec), detail);
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    run.check();
    if (const auto reason = open_library()) throw Error(ErrorCode::kUnsupported, *reason);
    read_network(spec);
    return load_model(environment(), spec, read_settings(spec, options, threads_), run);
  }

 private:
  const int threads_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_onnx_engine(int threads) {
  return std::make_unique<OnnxEngine>(threads);
}

}  // namespace hailstone::engines::onnx
