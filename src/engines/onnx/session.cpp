// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/session.hpp"

#include <algorithm>
#include <utility>

#include "engines/onnx/network/image_tensor.hpp"
#include "engines/onnx/network/shapes.hpp"
#include "engines/onnx/values.hpp"
#include "os/cores.hpp"
#include "os/files/regular_file.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::Tensor;

/// Runs at once: as many as the cores have room for.
std::size_t slot_count(int threads) {
  return static_cast<std::size_t>(std::max(1, (os::default_threads() + 1) / threads));
}

Ort::SessionOptions session_options(const ModelSettings& settings) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(settings.threads);
  options.SetInterOpNumThreads(1);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  options.SetGraphOptimizationLevel(static_cast<GraphOptimizationLevel>(settings.optimisation));
  // A spinning thread takes a core from everybody else while it waits.
  options.AddConfigEntry("session.intra_op.allow_spinning", "0");
  choose_fusions(options);
  // Weights beside the arena: less memory, and no slower.
  options.AddConfigEntry("session.use_device_allocator_for_initializers", "1");
  // One block of memory planned beforehand: on YOLOv8n 2 % faster for 27 MiB. Where shapes differ
  // there would be a plan and a block for each.
  if (!settings.has_fixed_shapes) options.DisableMemPattern();
  // Its other format has files of its own for weights, and nobody here looked into it.
  options.AddConfigEntry("session.load_model_format", "ONNX");
  options.SetLogSeverityLevel(ORT_LOGGING_LEVEL_ERROR);
  return options;
}

Ort::Session open_session(Ort::Env& env, const inference::ModelSpec& spec,
                          const ModelSettings& settings) {
  const QuietStderr quiet;
  // Bytes and not a path: beside a path the library would look for more files.
  const os::MappedFile file(spec.weights);
  try {
    return {env, file.bytes().data(), file.bytes().size(), session_options(settings)};
  } catch (const Ort::Exception& error) {
    throw translate(error, Doing::kLoading, spec.name);
  }
}

}  // namespace

void choose_fusions([[maybe_unused]] Ort::SessionOptions& options) {
#if defined(__x86_64__)
  // x * sigmoid(x), which YOLO's networks have after each convolution, as one operation knows no
  // blocked tensors, which convolutions here want: each would pay for the way there and back. As
  // two operations YOLOv8n takes a tenth less time.
  options.AddConfigEntry("optimization.disable_specified_optimizers", "QuickGeluFusion");
#endif
}

OnnxSession::OnnxSession(Ort::Env& env, const inference::ModelSpec& spec,
                         const ModelSettings& settings)
    : model_(spec.name),
      input_(settings.input),
      slots_(slot_count(settings.threads)),
      session_(open_session(env, spec, settings)) {
  read_interface();
}

void OnnxSession::read_interface() {
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < session_.GetInputCount(); ++i) {
    const auto type = session_.GetInputTypeInfo(i);
    inputs_.push_back(read_info(session_.GetInputNameAllocated(i, allocator).get(), type));
    input_types_.push_back(type.GetTensorTypeAndShapeInfo().GetElementType());
  }
  for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
    outputs_.push_back(read_info(session_.GetOutputNameAllocated(i, allocator).get(),
                                 session_.GetOutputTypeInfo(i)));
  }
  for (const auto& input : inputs_) input_names_.push_back(input.name.c_str());
  for (const auto& output : outputs_) output_names_.push_back(output.name.c_str());
}

std::vector<Tensor> OnnxSession::run(const std::vector<Tensor>& inputs, const RunContext& run) {
  run.check();
  if (inputs.size() != inputs_.size()) {
    throw Error(ErrorCode::kBadRequest, "model " + model_ + ": " + std::to_string(inputs_.size()) +
                                            " inputs expected, got " +
                                            std::to_string(inputs.size()));
  }
  Slots::Turn turn(slots_, run);
  turn.scratch().resize(inputs.size());
  std::vector<Ort::Value> values;
  values.reserve(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    values.push_back(prepare(inputs[i], i, turn.scratch()[i]));
  }
  auto results = run_prepared(values, run);
  std::vector<Tensor> outputs;
  outputs.reserve(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    outputs.push_back(unwrap(std::move(results[i]), outputs_[i].name, values));
  }
  return outputs;
}

/// Refers to the tensor, or to scratch, where what a picture becomes is.
Ort::Value OnnxSession::prepare(const Tensor& tensor, std::size_t input,
                                std::vector<std::byte>& scratch) const {
  const auto& expected = inputs_[input];
  if (!is_picture_for(tensor, expected, input_)) {
    check_tensor(tensor, expected);
    return wrap(tensor.info, tensor.data, input_types_[input]);
  }
  check_tensor(tensor, tensor.info);
  const auto info = to_input(tensor, expected, input_, scratch);
  return wrap(info, scratch, input_types_[input]);
}

std::vector<Ort::Value> OnnxSession::run_prepared(const std::vector<Ort::Value>& values,
                                                  const RunContext& run) {
  Ort::RunOptions options;
  const RunWatch::Watched watched(watch_, run, options);
  try {
    return session_.Run(options, input_names_.data(), values.data(), values.size(),
                        output_names_.data(), output_names_.size());
  } catch (const Ort::Exception& error) {
    run.check();
    throw translate(error, Doing::kRunning, model_);
  }
}

}  // namespace hailstone::engines::onnx
