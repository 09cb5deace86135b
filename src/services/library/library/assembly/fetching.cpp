// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/fetching.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "core/catalog/config_blob.hpp"
#include "core/store/manifest.hpp"
#include "services/library/library/assembly/trial.hpp"

namespace hailstone::library {

core::ModelName Fetching::fetch(const TransferTask& task) {
  const core::Catalog catalog = core::load_catalog(catalog_folders_);
  const auto target = core::resolve_pull(catalog, task.model, models_.placement().machine(catalog));
  if (const auto* files = std::get_if<core::FilesTarget>(&target)) return fetch_from(*files);
  return fetch_from(std::get<core::RegistryTarget>(target),
                    task.insecure ? core::Security::kInsecure : core::Security::kHttps);
}

core::ModelName Fetching::fetch_from(const core::RegistryTarget& target, core::Security security) {
  const bool had_remote = writer_.store().find(target.remote).has_value();
  registry_.pull(
      target.remote, security, [this](const auto& progress) { report(progress); }, run_,
      [this](const auto& model) { try_out(model); });
  if (core::same_name(target.remote, target.name)) return target.remote;
  writer_.copy(target.remote, target.name);
  if (!had_remote) writer_.remove(target.remote);
  return target.name;
}

core::ModelName Fetching::fetch_from(const core::FilesTarget& target) {
  if (const auto& licence = target.model->licence; !core::is_permissive(licence)) {
    report({"licence " + licence + ": not for every use", {}, 0, 0});
  }
  std::vector<core::Layer> layers = fetch_files(*target.variant);
  const std::string& labels = target.model->labels;
  const bool brings_labels = std::any_of(layers.begin(), layers.end(), [](const auto& layer) {
    return layer.media_type == core::kImageLayer + "labels";
  });
  if (!labels.empty() && !brings_labels) {
    const std::string names = join(core::read_labels(catalog_folders_, labels), "\n") + "\n";
    layers.push_back(assembly_.add_text(core::kImageLayer + "labels", names));
  }
  const std::string config = core::make_config_blob(*target.model, *target.variant);
  core::StoredModel stored;
  stored.name = target.name;
  stored.layers = layers;
  core::apply_config(config, stored);
  try_out(stored);
  run_.check();
  report({"writing manifest", {}, 0, 0});
  assembly_.publish(target.name, config, layers);
  return target.name;
}

/// A network that does not load, or whose output is not what its config says, is told here and
/// not by the first request.
void Fetching::try_out(const core::StoredModel& stored) {
  const bool is_network = stored.format == "onnx" || stored.format == "hef";
  if (!is_network || stored.layers.empty()) return;
  Claim claim;
  if (const auto input = inference::find_image_input(stored.settings)) {
    claim.known = vision::KnownNetwork{stored.task, stored.decoder,           {},          {},
                                       *input,      vision::Certainty::kSure, "its config"};
  }
  claim.clues.task = stored.task;
  claim.clues.decoder = stored.decoder;
  if (const auto* labels = stored.find_layer("labels")) {
    claim.clues.label_count = count_lines(core::read_layer(*labels));
  }
  report({"trying the network", {}, 0, 0});
  try_network(models_.runtime(), services::make_spec(stored), claim, run_);
}

std::vector<core::Layer> Fetching::fetch_files(const core::CatalogVariant& variant) {
  std::vector<core::Layer> layers;
  for (const auto& file : variant.files) {
    core::UrlSource source{file.url, file.size, std::nullopt};
    if (!file.sha256.empty()) source.digest = "sha256:" + file.sha256;
    const core::Blob blob = registry_.download(
        source, [this](const auto& progress) { report(progress); }, run_);
    assembly_.hold(blob.digest);
    layers.push_back({core::kImageLayer + file.kind, blob.digest, blob.size, blob.path, {}});
  }
  return layers;
}

void Fetching::report(const core::TransferProgress& progress) const {
  // There is more to do after a download; the service says it when all is done.
  if (progress.status == "success") return;
  on_progress_({progress.status, progress.digest, progress.total, progress.completed});
}

}  // namespace hailstone::library
