// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/engine.hpp"

#include <utility>

#include "engines/hailo/chip/shared_chip.hpp"
#include "engines/hailo/chip/status.hpp"
#include "engines/hailo/hef.hpp"
#include "engines/hailo/models.hpp"
#include "os/files/regular_file.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::hailo {
namespace fs = std::filesystem;
namespace {

using inference::Footprint;
using inference::ModelSpec;

/// What the board of the AI HAT+ 2 has; the chip itself says it once it is open.
constexpr ByteSize kBoardMemory = ByteSize::gib(8);
/// From a slow card, with little contiguous memory: minutes.
constexpr auto kLoadLimit = std::chrono::minutes(5);

/// Adds what was measured round a load.
class MeasuredModel : public inference::Model {
 public:
  MeasuredModel(std::unique_ptr<inference::Model> model, SharedChip& shared, Footprint footprint)
      : model_(std::move(model)), shared_(shared), footprint_(footprint) {}

  inference::TensorSession* tensor() noexcept override { return model_->tensor(); }
  inference::TensorSession* network(std::string_view kind) noexcept override {
    return model_->network(kind);
  }
  inference::TextSession* text() noexcept override { return model_->text(); }
  inference::HearSession* hear() noexcept override { return model_->hear(); }
  int slots() const noexcept override { return model_->slots(); }
  bool alive() const noexcept override { return !shared_.is_lost() && model_->alive(); }
  Footprint footprint() const override { return footprint_; }

 private:
  const std::unique_ptr<inference::Model> model_;
  SharedChip& shared_;
  const Footprint footprint_;
};

ByteSize bytes_of(const std::optional<ChipFigures>& figures) {
  return ByteSize::bytes(figures ? figures->memory_used : 0);
}

class HailoEngine : public inference::Engine {
 public:
  HailoEngine(LibraryOptions library, SharedChip::EndProcess end_process)
      : library_(std::move(library)), shared_(std::move(end_process)) {}

  std::string_view name() const noexcept override { return "hailo"; }

  inference::Availability probe() const override {
    const auto state = library_.open();
    if (state.runtime == nullptr) return {false, state.reason, state.version};
    const std::string version = state.version + (state.is_standin ? " (stand-in)" : "");
    try {
      // Opening the chip would take it away from others.
      if (state.runtime->scan().empty()) {
        return {false,
                "HailoRT " + state.version +
                    " is installed, and it finds no Hailo: `hailstone doctor` tells why",
                version};
      }
    } catch (const ChipError& error) {
      const Error explained = explain_status(error.status(), "looking for it", error.what());
      return {false, std::string(explained.what()) + ": " + explained.detail(), version};
    }
    const auto figures = shared_.figures();
    return {true, {}, version, figures ? ByteSize::bytes(figures->memory_total) : kBoardMemory};
  }

  std::optional<Celsius> chip_temperature() const override { return shared_.temperature(); }

  Footprint estimate(const ModelSpec& spec, const inference::LoadOptions&) const override {
    Footprint sum = estimate_file(spec);
    for (const auto& [kind, file] : spec.networks) {
      sum += estimate_file(inference::network_spec(spec, kind));
    }
    return sum;
  }

  inference::ModelFacts describe(const ModelSpec& spec,
                                 inference::FactDetail detail) const override {
    return facts_of(read(spec), spec, detail);
  }

  std::unique_ptr<inference::Model> load(const ModelSpec& spec, const inference::LoadOptions&,
                                         const RunContext& run) override {
    run.check();
    const HefInfo hef = read(spec);
    for (const auto& [kind, file] : spec.networks) read(inference::network_spec(spec, kind));
    HailoRt& runtime = require_runtime();
    const Turns::Turn turn(shared_.loads(), run);
    Chip& chip = shared_.ensure_open(runtime, run);
    const std::string doing = "loading " + spec.name;
    try {
      const ByteSize chip_before = bytes_of(shared_.read_figures());
      const ByteSize host_before = os::own_rss();
      auto model = open({shared_, chip, runtime, spec, run}, hef);
      const Footprint taken{os::own_rss() - host_before,
                            bytes_of(shared_.read_figures()) - chip_before};
      run.check();
      return std::make_unique<MeasuredModel>(std::move(model), shared_,
                                             measured(taken, kind_of(hef, spec), spec));
    } catch (const ChipError& error) {
      throw explain_load(error, hef, spec, doing);
    }
  }

 private:
  HailoRt& require_runtime() const {
    const auto state = library_.open();
    if (state.runtime != nullptr) return *state.runtime;
    throw Error(ErrorCode::kUnsupported, state.reason);
  }

  HefInfo read(const ModelSpec& spec) const {
    os::open_regular_file(spec.weights);
    HailoRt& runtime = require_runtime();
    try {
      HefInfo hef = runtime.describe(spec.weights.native());
      require_chip(hef, spec);
      return hef;
    } catch (const ChipError& error) {
      throw explain_status(error.status(), "reading " + spec.name, error.what());
    }
  }

  Footprint estimate_file(const ModelSpec& spec) const {
    const HefKind kind = kind_of(read(spec), spec);
    return estimate_footprint(kind, ByteSize::bytes(fs::file_size(spec.weights)));
  }

  std::unique_ptr<inference::Model> open(const Opening& opening, const HefInfo& hef) {
    const CallWatch::Call call(shared_.watch(), "loading " + opening.spec.name, kLoadLimit);
    switch (kind_of(hef, opening.spec)) {
      case HefKind::kLanguage:
        return open_text_model(opening);
      case HefKind::kVisionLanguage:
        return open_seeing_model(opening);
      case HefKind::kSpeech:
        return open_hearing_model(opening);
      case HefKind::kNetwork:
        break;
    }
    return open_tensor_model(opening, hef);
  }

  /// A chip that does not tell its memory has taken what was estimated.
  Footprint measured(Footprint taken, HefKind kind, const ModelSpec& spec) const {
    if (taken.npu > ByteSize()) return taken;
    taken.npu = estimate_footprint(kind, ByteSize::bytes(fs::file_size(spec.weights))).npu;
    return taken;
  }

  /// A second model that writes is refused by the chip as if the line were broken.
  Error explain_load(const ChipError& error, const HefInfo& hef, const ModelSpec& spec,
                     const std::string& doing) {
    const HefKind kind = kind_of(hef, spec);
    const bool writes = kind == HefKind::kLanguage || kind == HefKind::kVisionLanguage;
    if (writes && means_lost(error.status()) && shared_.answers()) {
      return language_place_taken(spec.name);
    }
    return shared_.explain(error, doing);
  }

  mutable Library library_;
  SharedChip shared_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_hailo_engine(
    LibraryOptions library, std::function<void(const std::string& why)> end_process) {
  return std::make_unique<HailoEngine>(std::move(library), std::move(end_process));
}

}  // namespace hailstone::engines::hailo
