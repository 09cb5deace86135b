// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/engine.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "engines/onnx/model.hpp"
#include "engines/onnx/network/facts.hpp"
#include "os/cores.hpp"

namespace hailstone::engines::onnx {
namespace {

ByteSize size_of_weights(const inference::ModelSpec& spec) {
  return ByteSize::bytes(std::filesystem::file_size(spec.weights));
}

class OnnxEngine : public inference::Engine {
 public:
  explicit OnnxEngine(int threads) : threads_(threads > 0 ? threads : os::default_threads()) {}

  std::string_view name() const noexcept override { return "onnx"; }

  inference::Availability probe() const override {
    if (const auto reason = open_library()) return {false, *reason};
    return {true, {}, library_version()};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override {
    const ModelSettings settings = read_settings(spec, options, threads_);
    const auto file = read_network(spec);
    ByteSize memory = estimate_memory(file, size_of_weights(spec), settings.input);
    for (const auto& [kind, path] : spec.networks) {
      const auto network = inference::network_spec(spec, kind);
      const auto further = read_network(network);
      memory += estimate_network(further, size_of_weights(network),
                                 read_network_settings(network, settings).input);
    }
    return {memory, {}};
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
    auto settings = read_settings(spec, options, threads_);
    settings.has_fixed_shapes = has_fixed_inputs(read_network(spec));
    for (const auto& [kind, file] : spec.networks) {
      read_network(inference::network_spec(spec, kind));
    }
    return load_model(environment(), spec, settings, run);
  }

 private:
  const int threads_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_onnx_engine(int threads) {
  return std::make_unique<OnnxEngine>(threads);
}

}  // namespace hailstone::engines::onnx
