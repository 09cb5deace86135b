// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "engines/hailo/hef.hpp"
#include "engines/hailo/models.hpp"
#include "engines/hailo/tensor_network.hpp"

namespace hailstone::engines::hailo {
namespace {

class TensorModel : public inference::Model {
 public:
  TensorModel(const Opening& opening, const HefInfo& hef)
      : network_(opening.shared, opening.chip, opening.spec,
                 read_network_options(opening.spec, hef)) {}

  void add(const std::string& kind, const Opening& opening, const HefInfo& hef) {
    networks_.try_emplace(kind, opening.shared, opening.chip, opening.spec,
                          read_network_options(opening.spec, hef));
  }

  inference::TensorSession* tensor() noexcept override { return &network_; }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    const auto found = networks_.find(kind);
    return found == networks_.end() ? nullptr : &found->second;
  }
  int slots() const noexcept override { return network_.depth(); }
  bool alive() const noexcept override {
    return network_.alive() && std::all_of(networks_.begin(), networks_.end(),
                                           [](const auto& one) { return one.second.alive(); });
  }
  inference::Footprint footprint() const override { return {}; }

 private:
  TensorNetwork network_;
  std::map<std::string, TensorNetwork, std::less<>> networks_;
};

}  // namespace

std::unique_ptr<inference::Model> open_tensor_model(const Opening& opening, const HefInfo& hef) {
  auto model = std::make_unique<TensorModel>(opening, hef);
  for (const auto& [kind, file] : opening.spec.networks) {
    opening.run.check();
    const auto spec = inference::network_spec(opening.spec, kind);
    const auto further = opening.runtime.describe(spec.weights.native());
    model->add(kind, {opening.shared, opening.chip, opening.runtime, spec, opening.run}, further);
  }
  return model;
}

}  // namespace hailstone::engines::hailo
