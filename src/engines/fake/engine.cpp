// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/engine.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "engines/fake/life.hpp"
#include "engines/fake/script.hpp"
#include "engines/fake/sessions.hpp"
#include "engines/fake/vocabulary.hpp"

namespace hailstone::engines::fake {
namespace {

/// As hot as the models on it say. Thread-safe.
class Chip {
 public:
  void heat(const std::optional<Celsius>& by) {
    const std::lock_guard lock(mutex_);
    if (by) heats_.insert(*by);
  }
  void cool(const std::optional<Celsius>& by) {
    const std::lock_guard lock(mutex_);
    if (by) heats_.erase(heats_.find(*by));
  }
  std::optional<Celsius> temperature() const {
    const std::lock_guard lock(mutex_);
    if (heats_.empty()) return std::nullopt;
    return *heats_.rbegin();
  }

 private:
  mutable std::mutex mutex_;
  std::multiset<Celsius> heats_;  // guarded by mutex_
};

class FakeModel : public inference::Model {
 public:
  FakeModel(std::string engine, const inference::ModelSpec& spec, Script script, Place place,
            std::shared_ptr<Vocabulary> vocabulary, std::shared_ptr<Chip> chip)
      : life_(std::move(engine), spec.name, std::move(script), place),
        vocabulary_(std::move(vocabulary)),
        chip_(std::move(chip)) {
    for (const auto& [kind, file] : spec.networks) {
      networks_.try_emplace(kind, life_, parse_script(inference::network_spec(spec, kind)));
    }
    chip_->heat(life_.script().chip_temperature);
  }
  ~FakeModel() override { chip_->cool(life_.script().chip_temperature); }
  FakeModel(const FakeModel&) = delete;
  FakeModel& operator=(const FakeModel&) = delete;

  Life& life() noexcept { return life_; }

  inference::TensorSession* tensor() noexcept override { return if_has("tensor", tensor_); }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    const auto found = networks_.find(kind);
    return found == networks_.end() ? nullptr : &found->second.session;
  }
  inference::TextSession* text() noexcept override { return if_has("text", text_); }
  inference::HearSession* hear() noexcept override { return if_has("hear", hear_); }
  inference::SaySession* say() noexcept override { return if_has("say", say_); }
  inference::ReadSession* read() noexcept override { return if_has("read", read_); }
  inference::CallSession* call() noexcept override { return if_has("call", call_); }
  int slots() const noexcept override { return life_.script().slots; }
  bool alive() const noexcept override { return life_.alive(); }
  inference::Footprint footprint() const override { return {life_.memory(), {}}; }

 private:
  template <typename Session>
  Session* if_has(std::string_view kind, Session& session) const noexcept {
    return life_.script().has_session(kind) ? &session : nullptr;
  }

  struct Network {
    Network(Life& life, Script own) : script(std::move(own)), session(life, script) {}
    const Script script;
    FakeTensor session;
  };

  Life life_;
  std::map<std::string, Network, std::less<>> networks_;
  std::shared_ptr<Vocabulary>
      vocabulary_;  // the engine's, as the next; it may go before its models
  std::shared_ptr<Chip> chip_;
  FakeText text_{life_, *vocabulary_};
  FakeTensor tensor_{life_, life_.script()};
  FakeHear hear_{life_};
  FakeSay say_{life_};
  FakeRead read_{life_};
  FakeCall call_{life_};
};

void check_weights(const inference::ModelSpec& spec) {
  if (spec.weights.empty()) return;
  std::ifstream file(spec.weights, std::ios::binary);
  if (!file || std::filesystem::is_directory(spec.weights)) {
    throw Error(ErrorCode::kNotFound, "model " + spec.name + ": no file " + spec.weights.native());
  }
  constexpr std::string_view kBroken = "broken";
  std::array<char, kBroken.size()> begin{};
  file.read(begin.data(), begin.size());
  if (std::string_view(begin.data(), begin.size()) == kBroken) {
    throw Error(ErrorCode::kBadRequest,
                "model " + spec.name + ": " + spec.weights.native() + " is broken");
  }
}

class FakeEngine : public inference::Engine {
 public:
  FakeEngine(std::string name, Place place) : name_(std::move(name)), place_(place) {}

  std::string_view name() const noexcept override { return name_; }
  inference::Availability probe() const override { return {true, {}}; }
  std::optional<Celsius> chip_temperature() const override { return chip_->temperature(); }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    check_weights(spec);
    return {parse_script(spec).footprint, {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail detail) const override {
    check_weights(spec);
    const Script script = parse_script(spec);
    if (script.crash_at_describe) crash();
    inference::ModelFacts facts;
    facts.architecture = script.architecture;
    facts.parameters = script.parameters;
    facts.quantization = script.quantization;
    facts.context_length = script.context_length;
    facts.embedding_length = script.dimensions;
    facts.chat_template = script.chat_template;
    facts.capabilities = script.capabilities;
    facts.metadata = {{"general.architecture", script.architecture},
                      {"general.parameter_count", script.parameters}};
    if (detail == inference::FactDetail::kFull) {
      facts.tensors = {{"output", "U8", {static_cast<std::uint64_t>(script.dimensions)}}};
    }
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    check_weights(spec);
    for (const auto& [kind, file] : spec.networks)
      check_weights(inference::network_spec(spec, kind));
    Script script = parse_script(spec);
    if (options.context_length > 0) script.context_length = options.context_length;
    if (options.parallel > 0) script.slots = options.parallel;
    auto model =
        std::make_unique<FakeModel>(name_, spec, std::move(script), place_, vocabulary_, chip_);
    model->life().load(run);
    return model;
  }

 private:
  void crash() const {
    if (place_ == Place::kOwnProcess) std::raise(SIGKILL);
    throw Error(ErrorCode::kEngineFailed, "the " + name_ + " engine crashed, as scripted");
  }

  const std::string name_;
  const Place place_;
  const std::shared_ptr<Vocabulary> vocabulary_ = std::make_shared<Vocabulary>();
  const std::shared_ptr<Chip> chip_ = std::make_shared<Chip>();
};

}  // namespace

std::unique_ptr<inference::Engine> make_fake_engine(std::string name, Place place) {
  return std::make_unique<FakeEngine>(std::move(name), place);
}

}  // namespace hailstone::engines::fake
