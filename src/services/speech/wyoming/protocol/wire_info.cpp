// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"
#include "services/speech/wyoming/protocol/info.hpp"
#include "services/speech/wyoming/protocol/wire_frame.hpp"

namespace hailstone::wyoming {
namespace {

using http::Json;

/// Clients require each of these fields.
Json artifact(const std::string& name, const std::string& description, const std::string& version) {
  return {{"name", name},
          {"attribution", {{"name", "Hailstone"}, {"url", ""}}},
          {"installed", true},
          {"description", description},
          {"version", version}};
}

Json write_models(const std::vector<ModelInfo>& models, const std::string& version) {
  Json list = Json::array();
  for (const auto& model : models) {
    Json json = artifact(model.name, model.description, version);
    json["languages"] = model.languages;
    if (!model.phrase.empty()) json["phrase"] = model.phrase;
    list.push_back(std::move(json));
  }
  return list;
}

Json programs(const Info& info, const std::vector<ModelInfo>& models, const char* description,
              const char* members, const Json& abilities) {
  if (models.empty()) return Json::array();
  Json program = artifact("hailstone", description, info.version);
  program[members] = write_models(models, info.version);
  program.update(abilities);
  return Json::array({program});
}

}  // namespace

std::string write_info(const Info& info) {
  const Json data = {
      {"asr", programs(info, info.hears, "Hailstone speech to text", "models",
                       {{"supports_transcript_streaming", true},
                        {"requires_external_vad", true},
                        {"prefers_auto_gain_enabled", true},
                        {"prefers_noise_reduction_enabled", true}})},
      {"tts", programs(info, info.voices, "Hailstone text to speech", "voices",
                       {{"supports_synthesize_streaming", true}})},
      {"handle", programs(info, info.answers, "Hailstone conversation", "models",
                          {{"supports_handled_streaming", true},
                           {"supports_home_control", !info.controls.empty()}})},
      {"intent", programs(info, info.controls, "Hailstone conversation and home control", "models",
                          Json::object())},
      {"wake", programs(info, info.wakes, "Hailstone wake words", "models", Json::object())},
      {"mic", Json::array()},
      {"snd", Json::array()}};
  return write_frame({"info", http::to_text(data), {}});
}

}  // namespace hailstone::wyoming
