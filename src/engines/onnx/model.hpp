// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network that ONNX Runtime has loaded.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engines/onnx/ort.hpp"
#include "inference/engine.hpp"
#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// Read from the manifest and the operator's wishes.
struct ModelSettings {
  std::optional<inference::ImageInput> input;
  int threads = 1;
  GraphOptimizationLevel optimisation = ORT_ENABLE_ALL;
};

/// Throws Error(kBadRequest) that names the setting.
ModelSettings read_settings(const inference::ModelSpec& spec,
                            const inference::LoadOptions& options);

/// How many runs there may be at once. Thread-safe.
class Slots {
 public:
  explicit Slots(int count) noexcept : free_(count) {}
  /// Waits for one; throws Error(kCancelled, kTimeout). Give it back with release().
  void acquire(const RunContext& run);
  void release() noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable_any freed_;
  int free_;  // guarded by mutex_
};

/// Thread-safe.
class OnnxSession : public inference::TensorSession {
 public:
  /// Throws what translate() gives.
  OnnxSession(Ort::Env& env, const inference::ModelSpec& spec, const ModelSettings& settings);

  std::vector<inference::TensorInfo> inputs() const override { return inputs_; }
  std::vector<inference::TensorInfo> outputs() const override { return outputs_; }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override;

  Ort::Session& session() noexcept { return session_; }

 private:
  std::vector<inference::Tensor> prepare(const std::vector<inference::Tensor>& inputs) const;
  std::vector<Ort::Value> run_prepared(std::vector<inference::Tensor>& tensors,
                                       const RunContext& run);
  void read_interface();

  const std::string model_;
  const std::optional<inference::ImageInput> input_;
  Slots slots_;
  Ort::Session session_;
  std::vector<inference::TensorInfo> inputs_;
  std::vector<inference::TensorInfo> outputs_;
  std::vector<const char*> input_names_;
  std::vector<const char*> output_names_;
};

/// Loads, and runs once with zeros, so that the first request does not pay for what is set up then.
std::unique_ptr<inference::Model> load_model(Ort::Env& env, const inference::ModelSpec& spec,
                                             const inference::LoadOptions& options,
                                             const RunContext& run);

}  // namespace hailstone::engines::onnx
