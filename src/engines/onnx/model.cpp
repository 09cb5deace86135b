// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/model.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "engines/onnx/network/facts.hpp"
#include "engines/onnx/session.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::Tensor;
using inference::TensorInfo;

/// Of an input that takes any size, while warming up.
constexpr std::int64_t kWarmUpSide = 64;
/// A broken file may promise anything.
constexpr std::size_t kMostWarmUpBytes = std::size_t{256} << 20;

class OnnxModel : public inference::Model {
 public:
  OnnxModel(Ort::Env& env, const inference::ModelSpec& spec, const ModelSettings& settings)
      : session_(env, spec, settings) {}

  OnnxSession& session() noexcept { return session_; }
  OnnxSession& add_network(Ort::Env& env, const std::string& kind,
                           const inference::ModelSpec& network, const ModelSettings& settings) {
    return networks_.try_emplace(kind, env, network, settings).first->second;
  }

  inference::TensorSession* tensor() noexcept override { return &session_; }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    const auto found = networks_.find(kind);
    return found == networks_.end() ? nullptr : &found->second;
  }
  bool alive() const noexcept override { return true; }
  /// Of the whole host, which has no other model.
  inference::Footprint footprint() const override { return {os::own_rss(), {}}; }

 private:
  OnnxSession session_;
  std::map<std::string, OnnxSession, std::less<>> networks_;
};

/// The shape with which a network is warmed up: what may be any size is one picture of the size
/// that the manifest says.
std::vector<std::int64_t> warm_up_shape(const TensorInfo& info, const ModelSettings& settings) {
  std::vector<std::int64_t> shape = info.shape;
  const bool has_size = settings.input && settings.input->width > 0 && settings.input->height > 0;
  const bool is_planar = settings.input && settings.input->layout == inference::TensorLayout::kNchw;
  const std::size_t row = is_planar ? 2 : 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] > 0) continue;
    shape[i] = i == 0 ? 1 : kWarmUpSide;
    if (shape.size() != 4 || !has_size) continue;
    if (i == row) shape[i] = settings.input->height;
    if (i == row + 1) shape[i] = settings.input->width;
  }
  return shape;
}

/// Nothing where it is too large to be true.
std::optional<Tensor> zeros(const TensorInfo& info, const ModelSettings& settings) {
  Tensor tensor{{info.name, info.type, warm_up_shape(info, settings)}, {}};
  std::size_t bytes = inference::size_of(info.type);
  for (const auto size : tensor.info.shape) {
    if (static_cast<std::size_t>(size) > kMostWarmUpBytes / bytes) return std::nullopt;
    bytes *= static_cast<std::size_t>(size);
  }
  tensor.data = std::vector<std::byte>(bytes);
  return tensor;
}

void warm_up(OnnxSession& session, const ModelSettings& settings, const RunContext& run) {
  std::vector<Tensor> inputs;
  bool is_guess = false;
  for (const auto& info : session.inputs()) {
    auto input = zeros(info, settings);
    if (!input) return;
    is_guess = is_guess || input->info.shape != info.shape;
    inputs.push_back(std::move(*input));
  }
  try {
    session.run(inputs, run);
  } catch (const Error& error) {
    // A network that wants other sizes than we guessed says so; it may be right.
    if (!is_guess || error.code() != ErrorCode::kEngineFailed) throw;
  }
}

}  // namespace

std::unique_ptr<inference::Model> load_model(Ort::Env& env, const inference::ModelSpec& spec,
                                             const ModelSettings& settings, const RunContext& run) {
  run.check();
  auto model = std::make_unique<OnnxModel>(env, spec, settings);
  run.check();
  warm_up(model->session(), settings, run);
  for (const auto& [kind, file] : spec.networks) {
    run.check();
    const auto network = inference::network_spec(spec, kind);
    auto own = read_network_settings(network, settings);
    own.has_fixed_shapes = has_fixed_inputs(read_network(network));
    warm_up(model->add_network(env, kind, network, own), own, run);
  }
  return model;
}

}  // namespace hailstone::engines::onnx
