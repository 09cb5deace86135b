// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/manifest.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::core {
namespace {

/// So that the sum of all that fit into a manifest does not overflow.
constexpr ByteSize kLargestLayer = ByteSize::gib(256U << 10U);

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kBadRequest, "broken manifest: " + what);
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Layer parse_layer(const Json& json, const std::filesystem::path& root) {
  if (!json.is_object()) refuse("a layer is not an object");
  Layer layer;
  layer.media_type = text_of(json, "mediaType");
  const std::string digest = text_of(json, "digest");
  const auto path = find_blob_path(root, digest);
  if (!path) refuse("a layer's digest is not sha256:<64 hex digits>");
  layer.digest = "sha256:" + *find_digest_hex(digest);
  layer.path = *path;
  const auto size = json.find("size");
  if (size == json.end() || !size->is_number_unsigned()) refuse("a layer has no size");
  layer.size = ByteSize::bytes(size->get<std::uint64_t>());
  if (layer.size > kLargestLayer) refuse("a layer claims to be larger than any disk");
  layer.from = text_of(json, "from");
  return layer;
}

/// What a model is for where its config does not say.
std::string default_task(const std::string& engine) {
  const auto* known = inference::find_known_engine(engine);
  return known == nullptr || known->tasks.empty() ? std::string() : known->tasks.front();
}

void apply_hailstone_part(const Json& ours, StoredModel& model) {
  if (auto task = text_of(ours, "task"); !task.empty()) model.task = std::move(task);
  if (auto engine = text_of(ours, "engine"); !engine.empty()) model.engine = std::move(engine);
  model.decoder = text_of(ours, "decoder");
  model.licence = text_of(ours, "licence");
  // How sure it is what the network is: among the settings, for who chooses between models.
  if (auto certainty = text_of(ours, "certainty"); !certainty.empty()) {
    model.settings["certainty"] = std::move(certainty);
  }
  const auto settings = ours.find("settings");
  if (settings == ours.end() || !settings->is_object()) return;
  for (const auto& [key, value] : settings->items()) {
    model.settings[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
}

}  // namespace

StoredModel parse_manifest(std::string_view bytes, const std::filesystem::path& root) {
  const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) refuse("it is not a JSON object");
  const auto layers = json.find("layers");
  if (layers == json.end() || !layers->is_array() || layers->empty()) refuse("it has no layers");
  StoredModel model;
  model.digest = sha256_hex(bytes);
  for (const auto& layer : *layers) {
    model.layers.push_back(parse_layer(layer, root));
    model.size += model.layers.back().size;
  }
  if (const auto config = json.find("config"); config != json.end() && config->is_object()) {
    model.config = parse_layer(*config, root);
    model.size += model.config->size;
  }
  return model;
}

std::string make_manifest(const Layer& config, const std::vector<Layer>& layers) {
  using Ordered = nlohmann::ordered_json;
  const auto descriptor = [](const Layer& layer) {
    return Ordered{
        {"mediaType", layer.media_type}, {"digest", layer.digest}, {"size", layer.size.count()}};
  };
  Ordered manifest{{"schemaVersion", 2},
                   {"mediaType", "application/vnd.docker.distribution.manifest.v2+json"},
                   {"config", descriptor(config)},
                   {"layers", Ordered::array()}};
  for (const auto& layer : layers) manifest["layers"].push_back(descriptor(layer));
  return manifest.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

void apply_config(std::string_view bytes, StoredModel& model) {
  const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return;
  model.format = text_of(json, "model_format");
  model.family = text_of(json, "model_family");
  model.parameter_size = text_of(json, "model_type");
  model.quantization = text_of(json, "file_type");
  if (const auto families = json.find("model_families");
      families != json.end() && families->is_array()) {
    for (const auto& family : *families) {
      if (family.is_string()) model.families.push_back(family.get<std::string>());
    }
  }
  model.engine = inference::engine_of_format(model.format);
  model.task = default_task(model.engine);
  if (const auto ours = json.find("hailstone"); ours != json.end() && ours->is_object()) {
    apply_hailstone_part(*ours, model);
  }
}

}  // namespace hailstone::core
