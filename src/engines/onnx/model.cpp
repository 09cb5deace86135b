// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/model.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "engines/onnx/image_tensor.hpp"
#include "engines/onnx/shapes.hpp"
#include "os/cores.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

constexpr int kMostThreads = 64;
/// Of an input that takes any size, while warming up.
constexpr std::int64_t kWarmUpSide = 64;

int read_number(const inference::ModelSpec& spec, const char* name, int fallback, int max) {
  const auto found = spec.settings.find(name);
  if (found == spec.settings.end()) return fallback;
  const std::string& text = found->second;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > max) {
    throw Error(ErrorCode::kBadRequest, "model " + spec.name + ": setting " + name +
                                            ": a number from 0 to " + std::to_string(max) +
                                            " expected, got '" + text + "'");
  }
  return number;
}

/// Runs at once: as many as it takes to fill the cores.
int slot_count(int threads) {
  const int cores = os::default_threads() + 1;
  return std::max(1, (cores + threads - 1) / threads);
}

Ort::SessionOptions session_options(const ModelSettings& settings) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(settings.threads);
  options.SetInterOpNumThreads(1);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  options.SetGraphOptimizationLevel(settings.optimisation);
  // A spinning thread takes a core from everybody else while it waits.
  options.AddConfigEntry("session.intra_op.allow_spinning", "0");
  options.SetLogSeverityLevel(ORT_LOGGING_LEVEL_ERROR);
  return options;
}

Ort::Session open_session(Ort::Env& env, const inference::ModelSpec& spec,
                          const ModelSettings& settings) {
  try {
    return {env, spec.weights.c_str(), session_options(settings)};
  } catch (const Ort::Exception& error) {
    throw translate(error, Doing::kLoading, spec.name);
  }
}

ElementType element_type(ONNXTensorElementDataType type, const std::string& name) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
      return ElementType::kFloat32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
      return ElementType::kFloat16;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL:
      return ElementType::kUint8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
      return ElementType::kInt8;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
      return ElementType::kInt32;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
      return ElementType::kInt64;
    default:
      throw Error(ErrorCode::kUnsupported, "tensor " + name + " has elements of type " +
                                               std::to_string(static_cast<int>(type)) +
                                               ", which are not supported");
  }
}

ONNXTensorElementDataType onnx_type(ElementType type) noexcept {
  switch (type) {
    case ElementType::kFloat16:
      return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
    case ElementType::kUint8:
      return ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
    case ElementType::kInt8:
      return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8;
    case ElementType::kInt32:
      return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
    case ElementType::kInt64:
      return ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64;
    case ElementType::kFloat32:
      break;
  }
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
}

TensorInfo read_info(std::string name, const Ort::TypeInfo& type) {
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) {
    throw Error(ErrorCode::kUnsupported, name + " is no tensor");
  }
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  const ElementType element = element_type(tensor.GetElementType(), name);
  return {std::move(name), element, tensor.GetShape()};
}

Ort::Value wrap(Tensor& tensor) {
  static const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  return Ort::Value::CreateTensor(memory, tensor.data.data(), tensor.data.size(),
                                  tensor.info.shape.data(), tensor.info.shape.size(),
                                  onnx_type(tensor.info.type));
}

Tensor unwrap(const Ort::Value& value, const TensorInfo& promised) {
  const auto info = value.GetTensorTypeAndShapeInfo();
  Tensor tensor{
      {promised.name, element_type(info.GetElementType(), promised.name), info.GetShape()}, {}};
  const std::size_t bytes = info.GetElementCount() * inference::size_of(tensor.info.type);
  const auto* data = static_cast<const std::byte*>(value.GetTensorRawData());
  tensor.data.assign(data, data + bytes);
  return tensor;
}

Tensor zeros(const TensorInfo& info) {
  Tensor tensor{info, {}};
  std::size_t bytes = inference::size_of(info.type);
  for (std::size_t i = 0; i < tensor.info.shape.size(); ++i) {
    auto& size = tensor.info.shape[i];
    if (size < 1) size = i == 0 ? 1 : kWarmUpSide;
    bytes *= static_cast<std::size_t>(size);
  }
  tensor.data.resize(bytes);
  return tensor;
}

class OnnxModel : public inference::Model {
 public:
  OnnxModel(Ort::Env& env, const inference::ModelSpec& spec, const ModelSettings& settings)
      : session_(env, spec, settings) {}

  inference::TensorSession* tensor() noexcept override { return &session_; }
  bool alive() const noexcept override { return true; }
  /// Of the whole host, which has no other model.
  inference::Footprint footprint() const override { return {os::own_rss(), {}}; }

 private:
  OnnxSession session_;
};

}  // namespace

ModelSettings read_settings(const inference::ModelSpec& spec,
                            const inference::LoadOptions& options) {
  ModelSettings settings;
  if (const auto input = spec.settings.find("input"); input != spec.settings.end()) {
    settings.input = inference::parse_image_input(input->second);
  }
  settings.threads = read_number(spec, "threads", options.threads, kMostThreads);
  if (settings.threads == 0) settings.threads = os::default_threads();
  settings.optimisation = static_cast<GraphOptimizationLevel>(
      read_number(spec, "optimisation", ORT_ENABLE_ALL, ORT_ENABLE_ALL));
  return settings;
}

void Slots::acquire(const RunContext& run) {
  std::unique_lock lock(mutex_);
  const auto is_free = [this] { return free_ > 0; };
  if (run.deadline.is_never()) {
    freed_.wait(lock, run.stop, is_free);
  } else {
    freed_.wait_until(lock, run.stop, run.deadline.time(), is_free);
  }
  if (!is_free()) {
    lock.unlock();
    run.check();
    throw Error(ErrorCode::kTimeout, "the network is busy for too long");
  }
  --free_;
}

void Slots::release() noexcept {
  {
    const std::lock_guard lock(mutex_);
    ++free_;
  }
  freed_.notify_one();
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
    inputs_.push_back(read_info(session_.GetInputNameAllocated(i, allocator).get(),
                                session_.GetInputTypeInfo(i)));
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
  auto tensors = prepare(inputs);
  const auto values = run_prepared(tensors, run);
  std::vector<Tensor> outputs;
  outputs.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    outputs.push_back(unwrap(values[i], outputs_[i]));
  }
  return outputs;
}

std::vector<Tensor> OnnxSession::prepare(const std::vector<Tensor>& inputs) const {
  if (inputs.size() != inputs_.size()) {
    throw Error(ErrorCode::kBadRequest, "model " + model_ + ": " + std::to_string(inputs_.size()) +
                                            " inputs expected, got " +
                                            std::to_string(inputs.size()));
  }
  std::vector<Tensor> tensors;
  tensors.reserve(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (is_picture_for(inputs[i], inputs_[i], input_)) {
      TensorInfo own = inputs[i].info;
      check_tensor(inputs[i], own);
      tensors.push_back(to_input(inputs[i], inputs_[i], input_));
    } else {
      check_tensor(inputs[i], inputs_[i]);
      tensors.push_back(inputs[i]);
    }
  }
  return tensors;
}

std::vector<Ort::Value> OnnxSession::run_prepared(std::vector<Tensor>& tensors,
                                                  const RunContext& run) {
  slots_.acquire(run);
  struct Release {
    Slots& slots;
    ~Release() { slots.release(); }
  } const release{slots_};
  std::vector<Ort::Value> values;
  values.reserve(tensors.size());
  for (auto& tensor : tensors) values.push_back(wrap(tensor));
  Ort::RunOptions options;
  const std::stop_callback on_stop(run.stop, [&options] { options.SetTerminate(); });
  try {
    return session_.Run(options, input_names_.data(), values.data(), values.size(),
                        output_names_.data(), output_names_.size());
  } catch (const Ort::Exception& error) {
    run.check();
    throw translate(error, Doing::kRunning, model_);
  }
}

std::unique_ptr<inference::Model> load_model(Ort::Env& env, const inference::ModelSpec& spec,
                                             const inference::LoadOptions& options,
                                             const RunContext& run) {
  run.check();
  auto model = std::make_unique<OnnxModel>(env, spec, read_settings(spec, options));
  auto& session = *model->tensor();
  std::vector<Tensor> inputs;
  for (const auto& info : session.inputs()) inputs.push_back(zeros(info));
  try {
    session.run(inputs, run);
  } catch (const Error& error) {
    // Sizes that may be anything are guessed here; a network that wants others says so.
    const bool is_guess = std::any_of(inputs.begin(), inputs.end(), [&](const Tensor& tensor) {
      const auto index = static_cast<std::size_t>(&tensor - inputs.data());
      return tensor.info.shape != session.inputs()[index].shape;
    });
    if (!is_guess || error.code() != ErrorCode::kEngineFailed) throw;
  }
  return model;
}

}  // namespace hailstone::engines::onnx
