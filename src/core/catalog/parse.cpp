// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/parse.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/toml_fields.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/model_name.hpp"
#include "core/store/store.hpp"
#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::core {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kWidestInput = 1 << 14;

constexpr std::string_view kLayouts[] = {"nchw", "nhwc"};
constexpr std::string_view kColors[] = {"bgr", "gray", "rgb"};
constexpr std::string_view kResizes[] = {"crop", "letterbox", "letterbox-top-left", "stretch"};

/// Where a table stands, for messages, and the file that it stands in.
struct Place {
  const std::string& file;
  std::string where;

  Place inside(const std::string& what) const {
    return {file, where.empty() ? what : where + ": " + what};
  }
};

/// One number for each channel; a single one counts for all of them.
std::vector<double> read_per_channel(TomlFields& fields, std::string_view name, int channels) {
  auto out = fields.numbers(name);
  if (out.size() == 1) out.resize(static_cast<std::size_t>(channels), out.front());
  if (!out.empty() && out.size() != static_cast<std::size_t>(channels)) {
    fields.refuse(name, "must have one number, or one for each channel");
  }
  return out;
}

CatalogInput read_input(const toml::table& table, const Place& place) {
  TomlFields fields(table, place.file, place.where);
  CatalogInput out;
  out.width = static_cast<int>(fields.number("width", 1, kWidestInput).value_or(0));
  out.height = static_cast<int>(fields.number("height", 1, kWidestInput).value_or(0));
  out.multiple = static_cast<int>(fields.number("multiple", 1, kWidestInput).value_or(0));
  out.max_side = static_cast<int>(fields.number("max_side", 1, kWidestInput).value_or(0));
  out.min_side = static_cast<int>(fields.number("min_side", 1, kWidestInput).value_or(0));
  if (out.min_side > out.max_side) {
    fields.refuse("min_side", "must not be more than max_side, which has to be there");
  }
  out.layout = fields.one_of("layout", kLayouts);
  if (out.layout.empty()) out.layout = "nhwc";
  out.color = fields.one_of("color", kColors);
  if (out.color.empty()) out.color = "rgb";
  out.channels = out.color == "gray" ? 1 : 3;
  out.resize = fields.one_of("resize", kResizes);
  if (out.resize.empty()) out.resize = "stretch";
  out.pad = static_cast<int>(fields.number("pad", 0, 255).value_or(0));
  out.mean = read_per_channel(fields, "mean", out.channels);
  out.std = read_per_channel(fields, "std", out.channels);
  if (std::count(out.std.begin(), out.std.end(), 0.0) > 0) fields.refuse("std", "must not be 0");
  fields.finish();
  return out;
}

CatalogFile read_file(const toml::table& table, const Place& place) {
  TomlFields fields(table, place.file, place.where);
  CatalogFile out;
  out.kind = fields.one_of("kind", catalog_file_kinds());
  if (out.kind.empty()) out.kind = "model";
  out.url = fields.required_text("url");
  if (const auto size = fields.number("size", 1, kLargest)) {
    out.size = ByteSize::bytes(static_cast<std::uint64_t>(*size));
  }
  out.sha256 = fields.text("sha256");
  if (!out.sha256.empty() && find_digest_hex("sha256:" + out.sha256) != out.sha256) {
    fields.refuse("sha256", "must be 64 lower-case hex digits");
  }
  const bool is_safe =
      out.url.starts_with("https://") || (out.url.starts_with("http://") && !out.sha256.empty());
  if (!is_safe) fields.refuse("url", "must begin with https:// (http:// only with a sha256)");
  if (const auto* input = fields.table("input")) {
    const auto kinds = network_kinds();
    if (std::find(kinds.begin(), kinds.end(), out.kind) == kinds.end()) {
      fields.refuse("input", "is for further networks; the model's own is the variant's");
    }
    out.input = read_input(*input, place.inside("input"));
  }
  fields.finish();
  return out;
}

ByteSize read_bytes(TomlFields& fields, std::string_view name) {
  return ByteSize::bytes(static_cast<std::uint64_t>(fields.number(name, 0, kLargest).value_or(0)));
}

/// Either files, with the weights first, or a registry's model.
void check_source(const CatalogVariant& variant, const TomlFields& fields) {
  if (variant.files.empty() == variant.registry.empty()) {
    fields.refuse("file", "or registry is needed, and only one of them");
  }
  if (!variant.registry.empty() && !find_model_name(variant.registry)) {
    fields.refuse("registry", "'" + variant.registry + "' is not a model's name");
  }
  const auto weights = std::count_if(variant.files.begin(), variant.files.end(),
                                     [](const CatalogFile& file) { return file.kind == "model"; });
  if (!variant.files.empty() && weights != 1) {
    fields.refuse("file", "must have exactly one of the kind 'model'");
  }
}

/// Of an engine that may come from a file, so it need not be known.
std::string read_engine_word(TomlFields& fields, std::string_view name) {
  std::string word = fields.text(name);
  if (word.empty()) fields.refuse(name, "is missing");
  if (!inference::is_engine_word(word)) fields.refuse(name, "must be a word of a-z, 0-9 and '-'");
  return word;
}

/// A known engine runs the formats it names.
void check_format(const CatalogVariant& variant, const TomlFields& fields) {
  const auto* known = inference::find_known_engine(variant.engine);
  if (known == nullptr || known->formats.empty()) return;
  const auto& formats = known->formats;
  if (std::find(formats.begin(), formats.end(), variant.format) != formats.end()) return;
  fields.refuse("format", "'" + variant.format + "' is none of the engine '" + variant.engine +
                              "'; its formats: " + join(formats, ", "));
}

CatalogVariant read_variant(const toml::table& table, const Place& place) {
  TomlFields fields(table, place.file, place.where);
  CatalogVariant out;
  out.engine = read_engine_word(fields, "engine");
  out.format = read_engine_word(fields, "format");
  check_format(out, fields);
  out.runtime = fields.text("runtime");
  out.decoder = fields.one_of("decoder", catalog_decoders());
  out.quantization = fields.text("quantization");
  out.registry = fields.text("registry");
  for (const auto* file : fields.tables("file")) {
    out.files.push_back(
        read_file(*file, place.inside("file " + std::to_string(out.files.size() + 1))));
  }
  if (const auto* input = fields.table("input")) {
    out.input = read_input(*input, place.inside("input"));
  }
  out.host_memory = read_bytes(fields, "host_memory");
  out.npu_memory = read_bytes(fields, "npu_memory");
  out.settings = fields.texts("settings");
  check_source(out, fields);
  fields.finish();
  return out;
}

/// [namespace/]name[:tag] of the default registry: what the store can keep it under.
void check_name(const CatalogModel& model, const TomlFields& fields) {
  const auto name = find_model_name(model.name);
  const bool is_ours = name && name->host == ModelName().host;
  if (!is_ours || (name->display() != model.name && name->display() != model.name + ":latest")) {
    fields.refuse("name", "'" + model.name + "' is not a model's name");
  }
}

CatalogModel read_model(const toml::table& table, const Place& place) {
  TomlFields fields(table, place.file, place.where);
  CatalogModel out;
  out.name = fields.required_text("name");
  check_name(out, fields);
  out.task = fields.one_of("task", catalog_tasks());
  if (out.task.empty()) fields.refuse("task", "is missing");
  out.description = fields.text("description");
  out.licence = fields.required_text("licence");
  out.family = fields.text("family");
  out.parameters = fields.text("parameters");
  out.labels = fields.text("labels");
  out.is_default = fields.truth("default");
  for (const auto* variant : fields.tables("variant")) {
    out.variants.push_back(
        read_variant(*variant, place.inside("variant " + std::to_string(out.variants.size() + 1))));
  }
  if (out.variants.empty()) fields.refuse("variant", "is missing");
  fields.finish();
  return out;
}

/// Messages are easier to follow with the model's name than with its number.
std::string place_of(const toml::table& table, std::size_t number) {
  const auto name = table["name"].value<std::string>();
  return name ? "model '" + *name + "'" : "model " + std::to_string(number);
}

}  // namespace

std::vector<CatalogModel> parse_catalog(std::string_view toml, const std::string& file) {
  const toml::table root = parse_toml(toml, file);
  TomlFields fields(root, file, {});
  std::vector<CatalogModel> models;
  std::set<std::string> names;
  for (const auto* table : fields.tables("model")) {
    models.push_back(read_model(*table, {file, place_of(*table, models.size() + 1)}));
    if (!names.insert(to_lower(models.back().name)).second) {
      TomlFields(*table, file, place_of(*table, 0)).refuse("name", "is there twice");
    }
  }
  fields.finish();
  return models;
}

}  // namespace hailstone::core
