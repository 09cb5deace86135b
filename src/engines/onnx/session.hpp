// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The network's tensors, run by ONNX Runtime.

#include <optional>
#include <string>
#include <vector>

#include "engines/onnx/network/settings.hpp"
#include "engines/onnx/ort.hpp"
#include "engines/onnx/run_watch.hpp"
#include "engines/onnx/slots.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::onnx {

/// Leaves out what makes networks slower on this machine's processor. Every session has it.
void choose_fusions(Ort::SessionOptions& options);

/// Thread-safe.
class OnnxSession : public inference::TensorSession {
 public:
  /// Throws what translate() gives.
  OnnxSession(Ort::Env& env, const inference::ModelSpec& spec, const ModelSettings& settings);

  std::vector<inference::TensorInfo> inputs() const override { return inputs_; }
  std::vector<inference::TensorInfo> outputs() const override { return outputs_; }
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override;

 private:
  Ort::Value prepare(const inference::Tensor& tensor, std::size_t input,
                     std::vector<std::byte>& scratch) const;
  std::vector<Ort::Value> run_prepared(const std::vector<Ort::Value>& values,
                                       const RunContext& run);
  void read_interface();

  const std::string model_;
  const std::optional<inference::ImageInput> input_;
  Slots slots_;
  RunWatch watch_;
  Ort::Session session_;
  std::vector<inference::TensorInfo> inputs_;
  std::vector<inference::TensorInfo> outputs_;
  std::vector<ONNXTensorElementDataType> input_types_;
  std::vector<const char*> input_names_;
  std::vector<const char*> output_names_;
};

}  // namespace hailstone::engines::onnx
