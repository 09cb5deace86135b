// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/wire_config.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"

namespace hailstone::library {
namespace {

using http::Json;

#if defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
#else
constexpr const char* kArchitecture = "amd64";
#endif

/// Anything but an object reads as an empty one: other programs write these, too. What is nested
/// too deeply to be walked is left out.
Json parse_lenient(std::string_view text) {
  const auto is_shallow = [](int depth, Json::parse_event_t, Json&) {
    return depth <= http::kMaxJsonDepth;
  };
  Json json = Json::parse(text, is_shallow, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

void set_text(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

void set_families(Json& config, const ConfigFacts& facts) {
  Json& families = config["model_families"];
  if (!facts.family.empty() || !families.is_array()) families = Json::array();
  const auto add = [&families](const std::string& family) {
    const bool known = std::find(families.begin(), families.end(), family) != families.end();
    if (!family.empty() && !known) families.push_back(family);
  };
  add(facts.family);
  for (const auto& family : facts.more_families) add(family);
}

void set_ours(Json& config, const ConfigFacts& facts) {
  if (facts.task.empty() && facts.engine.empty() && facts.settings.empty() &&
      facts.decoder.empty()) {
    return;
  }
  Json& ours = config["hailstone"];
  if (!ours.is_object()) ours = Json::object();
  set_text(ours, "task", facts.task);
  set_text(ours, "engine", facts.engine);
  set_text(ours, "decoder", facts.decoder);
  set_text(ours, "certainty", facts.certainty);
  if (facts.settings.empty()) return;
  Json& settings = ours["settings"];
  if (!settings.is_object()) settings = Json::object();
  settings.update(parse_lenient(facts.settings));
}

}  // namespace

std::string write_config(std::string_view base, const ConfigFacts& facts,
                         const std::vector<std::string>& layer_digests) {
  Json config = parse_lenient(base);
  set_text(config, "model_format", facts.format);
  set_text(config, "model_family", facts.family);
  set_families(config, facts);
  set_text(config, "model_type", facts.parameter_size);
  set_text(config, "file_type", facts.quantization);
  if (facts.context_length > 0) config["context_length"] = facts.context_length;
  if (facts.embedding_length > 0) config["embedding_length"] = facts.embedding_length;
  set_ours(config, facts);
  config["architecture"] = kArchitecture;
  config["os"] = "linux";
  config["rootfs"] = {{"type", "layers"}, {"diff_ids", layer_digests}};
  return http::to_text(config);
}

std::string find_setting(std::string_view settings, const std::string& name) {
  const auto all = settings_of(settings);
  const auto found = all.find(name);
  return found == all.end() ? std::string() : found->second;
}

std::string with_setting(std::string_view settings, const std::string& name,
                         std::string_view object) {
  Json merged = parse_lenient(settings);
  merged[name] = parse_lenient(object);
  return http::to_text(merged);
}

std::map<std::string, std::string> settings_of(std::string_view settings) {
  std::map<std::string, std::string> out;
  const Json all = parse_lenient(settings);  // items() borrows it
  for (const auto& [name, value] : all.items()) {
    out[name] = value.is_string() ? value.get<std::string>() : http::to_text(value);
  }
  return out;
}

std::string merge_parameters(std::string_view base, std::string_view over) {
  Json merged = parse_lenient(base);
  merged.update(parse_lenient(over));
  return merged.empty() ? std::string() : http::to_text(merged);
}

}  // namespace hailstone::library
