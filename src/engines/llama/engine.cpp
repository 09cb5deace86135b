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
#include "engines/llama/slots/slot_keeper.hpp"
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

/// The server's doors to its slots; the server outlives them.
SlotDoor door_of(ServerProcess& server) {
  return {[&server](const std::string& target, const RunContext& run) {
            return server.get(target, run);
          },
          [&server](const std::string& target, std::string body, const RunContext& run) {
            return server.post(target, std::move(body), run);
          }};
}

/// What a loaded server is, besides the process.
struct Loaded {
  ServerFacts facts;
  TextAbilities abilities;
  int slots = 1;
  std::uint64_t bytes_per_token = 0;   ///< of a slot
  std::optional<SlotKeeper> keeper{};  ///< nothing: what it reads is not kept
};

class LlamaModel final : public inference::Model {
 public:
  LlamaModel(std::unique_ptr<ServerProcess> server, Loaded loaded)
      : server_(std::move(server)),
        text_(*server_, std::move(loaded.facts), loaded.abilities),
        slots_(loaded.slots),
        bytes_per_token_(loaded.bytes_per_token),
        keeper_(std::move(loaded.keeper)) {}
  ~LlamaModel() override {
    if (keeper_ && server_->alive()) {
      keeper_->save(door_of(*server_), {text_.prompt_tokens_per_second(), bytes_per_token_});
    }
  }
  LlamaModel(const LlamaModel&) = delete;
  LlamaModel& operator=(const LlamaModel&) = delete;

  inference::TextSession* text() noexcept override { return &text_; }
  int slots() const noexcept override { return slots_; }
  bool alive() const noexcept override { return server_->alive(); }
  inference::Footprint footprint() const override { return {server_->memory(), {}}; }

 private:
  std::unique_ptr<ServerProcess> server_;
  LlamaTextSession text_;
  const int slots_;
  const std::uint64_t bytes_per_token_;
  std::optional<SlotKeeper> keeper_;
};

/// All that a slot's state depends on: the files, how they are loaded, and by which server.
std::string key_of(const ModelSpec& spec, const LoadPlan& plan, const std::string& version) {
  std::string key = "llama-server " + version + "\n";
  const auto add = [&](const fs::path& file) {
    std::error_code ignored;
    key += file.native() + " " + std::to_string(fs::file_size(file, ignored)) + " " +
           std::to_string(fs::last_write_time(file, ignored).time_since_epoch().count()) + "\n";
  };
  add(spec.weights);
  for (const fs::path& file : spec.adapters) add(file);
  return key + std::to_string(plan.context_length) + " x " + std::to_string(plan.slots) + "\n";
}

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

/// llama.cpp itself weighs the "yes" of Qwen's rerankers against their "no".
inference::Ranking::Scale scale_of_ranks(const Gguf& gguf) {
  const auto architecture = gguf.find_text("general.architecture").value_or("");
  return architecture.starts_with("qwen3") ? inference::Ranking::Scale::kProbability
                                           : inference::Ranking::Scale::kLogit;
}

class LlamaEngine final : public inference::Engine, public inference::BoundedLoads {
 public:
  explicit LlamaEngine(LlamaOptions options)
      : options_(std::move(options)),
        threads_(options_.threads > 0 ? options_.threads : os::default_threads()),
        prompts_(std::make_shared<PromptFiles>(options_.prompts)) {}

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

  std::optional<SlotKeeper> make_keeper(const ModelSpec& spec, const ServerCommand& command,
                                        LoadPlan& plan) const;

  const LlamaOptions options_;
  const int threads_;
  // Models share it: one may be unloaded when the engine is gone.
  const std::shared_ptr<const PromptFiles> prompts_;
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
  LoadPlan plan = make_plan(gguf, options, threads_);
  auto keeper = make_keeper(spec, *command, plan);
  auto server = std::make_unique<ServerProcess>(*command, plan, with_absolute_paths(spec),
                                                options_.run_dir, options_.stall, options_.groups);
  server->wait_until_ready(most, run);
  ServerFacts facts = parse_props(server->get("/props", run));
  facts.context_length = std::min(facts.context_length, plan.context_length);
  log::debug("llama", "model loaded",
             {{"model", spec.name},
              {"context", std::to_string(facts.context_length)},
              {"slots", std::to_string(plan.slots)},
              {"threads", std::to_string(plan.threads)}});
  TextAbilities abilities{!plan.embeds_only && !plan.ranks, !spec.projectors.empty()};
  if (plan.ranks) abilities.ranks = scale_of_ranks(gguf);
  if (keeper) keeper->restore(door_of(*server), run);
  const auto bytes_per_token =
      plan.slot_cache.count() / static_cast<std::uint64_t>(plan.context_length);
  return std::make_unique<LlamaModel>(
      std::move(server),
      Loaded{std::move(facts), abilities, plan.slots, bytes_per_token, std::move(keeper)});
}

/// Embeddings have no conversations, and the server keeps no pictures.
std::optional<SlotKeeper> LlamaEngine::make_keeper(const ModelSpec& spec,
                                                   const ServerCommand& command,
                                                   LoadPlan& plan) const {
  if (plan.embeds_only || plan.ranks || !spec.projectors.empty()) return std::nullopt;
  const auto folder = prompts_->find_folder(key_of(spec, plan, version_.of(command)));
  if (!folder) return std::nullopt;
  plan.prompt_folder = fs::absolute(*folder);
  return SlotKeeper(prompts_, *folder, spec.name);
}

}  // namespace

std::unique_ptr<inference::Engine> make_llama_engine(LlamaOptions options) {
  return std::make_unique<LlamaEngine>(std::move(options));
}

}  // namespace hailstone::engines::llama
