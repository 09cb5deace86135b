// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/engine.hpp"

#include <filesystem>
#include <mutex>

#include "base/error.hpp"
#include "engines/onnx/model.hpp"
#include "engines/onnx/shapes.hpp"

namespace hailstone::engines::onnx {
namespace {

namespace fs = std::filesystem;

/// Measured on nine networks of 0.2 to 40 MB: the library itself, then the weights (once as read,
/// once as the fastest kernels want them) and the activations, which grow with the input.
constexpr ByteSize kLibrary = ByteSize::mib(24);
constexpr double kPerWeight = 2.2;
constexpr ByteSize kActivations = ByteSize::mib(40);

ByteSize file_size(const inference::ModelSpec& spec) {
  std::error_code error;
  const auto size = fs::file_size(spec.weights, error);
  if (error) {
    throw Error(ErrorCode::kNotFound, "model " + spec.name + ": no file " + spec.weights.native());
  }
  return ByteSize::bytes(size);
}

void add_fact(inference::ModelFacts& facts, const std::string& name, std::string value) {
  if (!value.empty()) facts.metadata.emplace_back(name, std::move(value));
}

class OnnxEngine : public inference::Engine {
 public:
  std::string_view name() const noexcept override { return "onnx"; }

  inference::Availability probe() const override {
    if (const auto reason = open_library()) return {false, *reason};
    return {true, {}, library_version()};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    const auto weights = static_cast<double>(file_size(spec).count());
    return {
        kLibrary + ByteSize::bytes(static_cast<std::uint64_t>(weights * kPerWeight)) + kActivations,
        {}};
  }

  /// Opens the network without optimising it: the host that is asked lives for that question.
  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail detail) const override {
    file_size(spec);
    ModelSettings settings;
    settings.optimisation = ORT_DISABLE_ALL;
    OnnxSession session(env(), spec, settings);
    auto facts = read_facts(session.session());
    if (detail == inference::FactDetail::kFull) add_tensors(session, facts);
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    file_size(spec);
    return load_model(env(), spec, options, run);
  }

 private:
  static inference::ModelFacts read_facts(Ort::Session& session) {
    inference::ModelFacts facts;
    Ort::AllocatorWithDefaultOptions allocator;
    const auto metadata = session.GetModelMetadata();
    facts.architecture = metadata.GetGraphNameAllocated(allocator).get();
    add_fact(facts, "onnx.producer", metadata.GetProducerNameAllocated(allocator).get());
    add_fact(facts, "onnx.description", metadata.GetDescriptionAllocated(allocator).get());
    for (const auto& key : metadata.GetCustomMetadataMapKeysAllocated(allocator)) {
      const auto value = metadata.LookupCustomMetadataMapAllocated(key.get(), allocator);
      if (value) add_fact(facts, key.get(), value.get());
    }
    return facts;
  }

  static void add_tensors(const OnnxSession& session, inference::ModelFacts& facts) {
    for (const auto& infos : {session.inputs(), session.outputs()}) {
      for (const auto& info : infos) {
        std::vector<std::uint64_t> shape;
        for (const auto size : info.shape)
          shape.push_back(size < 0 ? 0 : static_cast<std::uint64_t>(size));
        facts.tensors.push_back({info.name, show_shape(info.shape), std::move(shape)});
      }
    }
  }

  Ort::Env& env() const {
    if (const auto reason = open_library()) throw Error(ErrorCode::kUnsupported, *reason);
    const std::lock_guard lock(mutex_);
    if (!env_) env_ = std::make_unique<Ort::Env>(ORT_LOGGING_LEVEL_ERROR, "hailstone");
    return *env_;
  }

  mutable std::mutex mutex_;
  mutable std::unique_ptr<Ort::Env> env_;  // guarded by mutex_ until it is made
};

}  // namespace

std::unique_ptr<inference::Engine> make_onnx_engine() {
  return std::make_unique<OnnxEngine>();
}

}  // namespace hailstone::engines::onnx
