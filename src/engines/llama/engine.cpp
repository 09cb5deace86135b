// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/engine.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "engines/llama/gguf/facts.hpp"
#include "engines/llama/load_plan.hpp"
#include "engines/llama/programs/quantizer.hpp"
#include "engines/llama/programs/runtime_tree.hpp"
#include "engines/llama/programs/server_version.hpp"
#include "engines/llama/server_process.hpp"
#include "engines/llama/text_session.hpp"
#include "inference/loads/bounded_loads.hpp"
#include "log/log.hpp"
#include "os/cores.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;
using inference::FactDetail;
using inference::LoadOptions;
using inference::ModelSpec;

class LlamaModel final : public inference::Model {
 public:
  LlamaModel(std::unique_ptr<ServerProcess> server, ServerFacts facts, TextAbilities abilities,
             int slots)
      : server_(std::move(server)), text_(*server_, std::move(facts), abilities), slots_(slots) {}

  inference::TextSession* text() noexcept override { return &text_; }
  int slots() const noexcept override { return slots_; }
  bool alive() const noexcept override { return server_->alive(); }
  inference::Footprint footprint() const override { return {server_->memory(), {}}; }

 private:
  std::unique_ptr<ServerProcess> server_;
  LlamaTextSession text_;
  const int slots_;
};

HasProjector has_projector(const ModelSpec& spec) {
  return spec.projectors.empty() ? HasProjector::kNo : HasProjector::kYes;
}

/// Of everything that is loaded. Throws Error(kNotFound) for what is missing.
std::uint64_t file_bytes(const ModelSpec& spec) {
  std::uint64_t sum = 0;
  const auto add = [&](const fs::path& file) {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    if (error) {
      throw Error(ErrorCode::kNotFound, "the model file " + file.filename().native() +
                                            " cannot be read: " + error.message());
    }
    sum += bytes;
  };
  add(spec.weights);
  for (const fs::path& file : spec.projectors) add(file);
  for (const fs::path& file : spec.adapters) add(file);
  return sum;
}

/// The server runs in another folder than we.
ModelSpec with_absolute_paths(ModelSpec spec) {
  spec.weights = fs::absolute(spec.weights);
  for (fs::path& file : spec.projectors) file = fs::absolute(file);
  for (fs::path& file : spec.adapters) file = fs::absolute(file);
  return spec;
}

class LlamaEngine final : public inference::Engine, public inference::BoundedLoads {
 public:
  explicit LlamaEngine(LlamaOptions options)
      : options_(std::move(options)),
        threads_(options_.threads > 0 ? options_.threads : os::default_threads()) {}

  std::string_view name() const noexcept override { return "llama"; }

  inference::Availability probe() const override {
    if (const auto command = find_server(options_.server, options_.runtime_dirs)) {
      return {true, {}, version_.of(*command)};
    }
    if (!options_.server.empty()) {
      return {false, options_.server.native() + " is not a program that can be run"};
    }
    return {false,
            "llama.cpp's llama-server is missing; `tools/engine-runtime make` downloads it, or "
            "install the package llama.cpp-tools where there is one"};
  }

  inference::Footprint estimate(const ModelSpec& spec, const LoadOptions& options) const override {
    const Gguf gguf = read_gguf(spec.weights, FactDetail::kBrief);
    const LoadPlan plan = make_plan(gguf, options, threads_);
    return {estimate_memory(gguf, plan, file_bytes(spec)), {}};
  }

  inference::ModelFacts describe(const ModelSpec& spec, FactDetail detail) const override {
    return facts_of(read_gguf(spec.weights, detail), has_projector(spec), detail);
  }

  std::unique_ptr<inference::Model> load(const ModelSpec& spec, const LoadOptions& options,
                                         const RunContext& run) override {
    return load_at_most(std::nullopt, spec, options, run);
  }
  std::unique_ptr<inference::Model> load_within(ByteSize most, const ModelSpec& spec,
                                                const LoadOptions& options,
                                                const RunContext& run) override {
    return load_at_most(most, spec, options, run);
  }

  void quantize(const inference::QuantizeTask& task, const inference::OnFraction& on_fraction,
                const RunContext& run) override {
    const auto tool = find_tool("llama-quantize", options_.server, options_.runtime_dirs);
    if (!tool) {
      throw Error(ErrorCode::kUnsupported,
                  "models cannot be quantized here: llama.cpp's llama-quantize is missing; "
                  "`tools/engine-runtime make` downloads it");
    }
    run_quantizer(*tool, task, threads_, on_fraction, run);
  }

 private:
  std::unique_ptr<inference::Model> load_at_most(std::optional<ByteSize> most,
                                                 const ModelSpec& spec, const LoadOptions& options,
                                                 const RunContext& run);

  const LlamaOptions options_;
  const int threads_;
  mutable ServerVersion version_;
};

std::unique_ptr<inference::Model> LlamaEngine::load_at_most(std::optional<ByteSize> most,
                                                            const ModelSpec& spec,
                                                            const LoadOptions& options,
                                                            const RunContext& run) {
  run.check();
  const auto command = find_server(options_.server, options_.runtime_dirs);
  if (!command) throw Error(ErrorCode::kUnsupported, probe().reason);
  const Gguf gguf = read_gguf(spec.weights, FactDetail::kBrief);
  file_bytes(spec);  // all of them are there
  const LoadPlan plan = make_plan(gguf, options, threads_);
  auto server = std::make_unique<ServerProcess>(*command, plan, with_absolute_paths(spec),
                                                options_.run_dir, options_.stall);
  server->wait_until_ready(most, run);
  ServerFacts facts = parse_props(server->get("/props", run));
  facts.context_length = std::min(facts.context_length, plan.context_length);
  log::debug("llama", "model loaded",
             {{"model", spec.name},
              {"context", std::to_string(facts.context_length)},
              {"slots", std::to_string(plan.slots)},
              {"threads", std::to_string(plan.threads)}});
  const TextAbilities abilities{!plan.embeds_only, !spec.projectors.empty()};
  return std::make_unique<LlamaModel>(std::move(server), std::move(facts), abilities, plan.slots);
}

}  // namespace

std::unique_ptr<inference::Engine> make_llama_engine(LlamaOptions options) {
  return std::make_unique<LlamaEngine>(std::move(options));
}

}  // namespace hailstone::engines::llama
