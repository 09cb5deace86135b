// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/settings.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/error.hpp"

namespace hailstone::engines::onnx {
namespace {

constexpr int kMostThreads = 64;

[[noreturn]] void refuse(const inference::ModelSpec& spec, const std::string& name,
                         const std::string& wanted) {
  throw Error(ErrorCode::kBadRequest, "model " + spec.name + ": setting " + name + ": " + wanted +
                                          " expected, got '" + spec.settings.at(name) + "'");
}

int read_threads(const inference::ModelSpec& spec) {
  const auto found = spec.settings.find("threads");
  if (found == spec.settings.end()) return 0;
  const std::string& text = found->second;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 ||
      number > kMostThreads) {
    refuse(spec, "threads", "a number from 0 to " + std::to_string(kMostThreads));
  }
  return number;
}

Optimisation read_optimisation(const inference::ModelSpec& spec) {
  const auto found = spec.settings.find("optimisation");
  if (found == spec.settings.end() || found->second == "all") return Optimisation::kAll;
  if (found->second == "extended") return Optimisation::kExtended;
  if (found->second == "basic") return Optimisation::kBasic;
  if (found->second == "none") return Optimisation::kNone;
  refuse(spec, "optimisation", "all, extended, basic or none");
}

/// The first that says something.
int choose_threads(int of_the_load, int of_the_manifest, int otherwise) noexcept {
  if (of_the_load > 0) return std::min(of_the_load, kMostThreads);
  return of_the_manifest > 0 ? of_the_manifest : otherwise;
}

}  // namespace

ModelSettings read_settings(const inference::ModelSpec& spec, const inference::LoadOptions& options,
                            int threads) {
  ModelSettings settings;
  settings.input = inference::find_image_input(spec.settings);
  settings.threads = choose_threads(options.threads, read_threads(spec), threads);
  settings.optimisation = read_optimisation(spec);
  return settings;
}

ModelSettings read_network_settings(const inference::ModelSpec& network,
                                    const ModelSettings& model) {
  ModelSettings settings = model;
  settings.input = inference::find_image_input(network.settings);
  return settings;
}

}  // namespace hailstone::engines::onnx
