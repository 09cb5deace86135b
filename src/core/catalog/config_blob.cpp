// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/config_blob.hpp"

#include <nlohmann/json.hpp>

namespace hailstone::core {
namespace {

using Json = nlohmann::json;  // sorts its keys

void set_text(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

Json write_input(const CatalogInput& input) {
  Json out{{"width", input.width},   {"height", input.height}, {"channels", input.channels},
           {"layout", input.layout}, {"color", input.color},   {"resize", input.resize},
           {"pad", input.pad}};
  if (input.multiple > 0) out["multiple"] = input.multiple;
  if (input.min_side > 0) out["min_side"] = input.min_side;
  if (input.max_side > 0) out["max_side"] = input.max_side;
  if (!input.mean.empty()) out["mean"] = input.mean;
  if (!input.std.empty()) out["std"] = input.std;
  return out;
}

Json write_ours(const CatalogModel& model, const CatalogVariant& variant) {
  Json out{{"task", model.task}, {"engine", variant.engine}};
  set_text(out, "runtime", variant.runtime);
  set_text(out, "decoder", variant.decoder);
  set_text(out, "labels", model.labels);
  set_text(out, "licence", model.licence);
  Json footprint = Json::object();
  if (variant.host_memory > ByteSize()) footprint["host_bytes"] = variant.host_memory.count();
  if (variant.npu_memory > ByteSize()) footprint["npu_bytes"] = variant.npu_memory.count();
  if (!footprint.empty()) out["footprint"] = std::move(footprint);
  Json settings = variant.settings;
  if (variant.input) settings["input"] = write_input(*variant.input);
  for (const auto& file : variant.files) {
    if (file.input) settings["input." + file.kind] = write_input(*file.input);
  }
  if (!settings.empty()) out["settings"] = std::move(settings);
  return out;
}

}  // namespace

std::string make_config_blob(const CatalogModel& model, const CatalogVariant& variant) {
  Json out{{"model_format", variant.format}};
  set_text(out, "model_family", model.family);
  if (!model.family.empty()) out["model_families"] = {model.family};
  set_text(out, "model_type", model.parameters);
  set_text(out, "file_type", variant.quantization);
  out["hailstone"] = write_ours(model, variant);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::core
