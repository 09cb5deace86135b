// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which stored model looks at a picture.

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/resource_pool.hpp"
#include "base/run_context.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/engine.hpp"
#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"
#include "services/common/model_access.hpp"
#include "vision/detect/detector.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::picture {

/// A stored model of a vision task, ready to be acquired.
struct VisionModel {
  services::ChosenModel chosen;
  std::string decoder;                         ///< empty: the manifest is silent
  std::optional<inference::ImageInput> input;  ///< nothing: the manifest is silent
  std::vector<std::string> labels;             ///< in the order of the network's classes
  std::vector<vision::Anchor> anchors;         ///< prior boxes that the manifest names
};

/// Thread-safe.
class ModelChoice {
 public:
  /// catalog_folders: where to look what could be installed.
  ModelChoice(services::ModelAccess& models, std::vector<std::filesystem::path> catalog_folders)
      : models_(models), catalog_folders_(std::move(catalog_folders)) {}

  /// name: a client's, may be empty; then the model of that task that was installed last is taken,
  /// a starter model only where there is no other, one that may be something else never, and one
  /// whose engine does not work here only where all are such. Throws Error(kNotFound) that names
  /// the models of the task, Error(kBadRequest) for one of another task, and http::StatusError 503
  /// with the command that installs one where there is none at all.
  VisionModel choose(std::string_view task, std::string_view name);
  /// The same where models of several tasks would do; without a name, the first task that has any.
  VisionModel choose(std::span<const std::string_view> tasks, std::string_view name);
  /// The same for who can read one decoder only; a model of another one is not chosen where none is
  /// named, nor advised, but given where its manifest is silent.
  VisionModel choose_read_by(std::string_view decoder, std::string_view task,
                             std::string_view name);

  /// The model, loaded; blocks and throws as ModelAccess::acquire does. Where the manifest does not
  /// say how the network is read, that is found out, put into model, and remembered for the next
  /// choose(): from its file, or where that does not tell, from its tensors once it is loaded;
  /// where its input is another than the engine was told, it is loaded anew then. What is not
  /// recognised stays as it is. The model's further networks are looked at, too: a recogniser makes
  /// a detector of text ("db") a reader ("ppocr").
  core::Lease acquire(VisionModel& model, const RunContext& run);

  services::ModelAccess& models() const noexcept { return models_; }

 private:
  /// What was found out about a model.
  struct Recognised {
    std::string decoder;
    std::map<std::string, std::string> inputs;  ///< settings: "input", "input.recogniser"
    std::vector<std::string> labels;
  };

  struct FirstLook {};

  /// What its networks are, by kind; "" is the model's own.
  using Networks = std::map<std::string, vision::KnownNetwork, std::less<>>;

  bool complete(VisionModel& model);
  bool read_files(VisionModel& model);
  core::Lease look_first(VisionModel& model, const RunContext& run);
  void remember(const VisionModel& model, std::optional<Recognised> known);
  std::optional<Recognised> put_together(const Networks& networks) const;
  using Tasks = std::span<const std::string_view>;
  VisionModel choose(Tasks tasks, std::string_view name, std::string_view decoder);
  std::vector<core::StoredModel> models_of(std::string_view task) const;
  std::string default_name(Tasks tasks, std::string_view decoder) const;
  /// "models for detect: a, b"; empty where there is none.
  std::string show_models_of(Tasks tasks) const;
  std::string show_guesses(Tasks tasks) const;
  [[noreturn]] void refuse_missing(Tasks tasks, std::string_view decoder) const;

  services::ModelAccess& models_;
  const std::vector<std::filesystem::path> catalog_folders_;
  std::mutex mutex_;
  std::map<std::string, std::optional<Recognised>> recognised_;  // by digest; guarded by mutex_
  /// One request at a time looks at what nobody has seen; those that came with it would have the
  /// model loaded with and without what was found out, by turns.
  ResourcePool<FirstLook> first_looks_{1, [] { return std::make_unique<FirstLook>(); }};
};

}  // namespace hailstone::picture
