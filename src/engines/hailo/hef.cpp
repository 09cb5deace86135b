// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/hef.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::Capability;

constexpr std::array<std::pair<std::string_view, HefKind>, 4> kKinds = {
    {{"network", HefKind::kNetwork},
     {"language", HefKind::kLanguage},
     {"vision-language", HefKind::kVisionLanguage},
     {"speech", HefKind::kSpeech}}};

bool has_group(const HefInfo& hef, std::string_view end) {
  return std::any_of(hef.groups.begin(), hef.groups.end(),
                     [end](const std::string& group) { return group.ends_with(end); });
}

std::string_view name_of(HefKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)].first;
}

/// Of families whose prompts say how tools are called and thoughts are marked.
bool is_of_family(const inference::ModelSpec& spec, std::initializer_list<std::string_view> words) {
  const std::string name = to_lower(spec.name);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

void add_stream(inference::ModelFacts& facts, const StreamInfo& stream) {
  constexpr std::array<std::string_view, 3> kNames = {"UINT8", "UINT16", "F32"};
  facts.tensors.push_back({stream.name,
                           std::string(kNames[static_cast<std::size_t>(stream.element)]),
                           {stream.height, stream.width, stream.features}});
}

}  // namespace

HefKind kind_of(const HefInfo& hef, const inference::ModelSpec& spec) {
  if (const auto said = spec.settings.find("kind"); said != spec.settings.end()) {
    for (const auto& [word, kind] : kKinds) {
      if (word == said->second) return kind;
    }
    throw Error(ErrorCode::kBadRequest,
                "model " + spec.name +
                    ": setting kind must be network, language, vision-language or speech");
  }
  const bool has_encoder = has_group(hef, "encoder");
  if (has_group(hef, "prefill")) {
    return has_encoder ? HefKind::kVisionLanguage : HefKind::kLanguage;
  }
  return has_encoder && has_group(hef, "decoder") ? HefKind::kSpeech : HefKind::kNetwork;
}

void require_chip(const HefInfo& hef, const inference::ModelSpec& spec) {
  const auto is_ours = [](const std::string& chip) {
    const std::string name = to_lower(chip);
    return name.find("10h") != std::string::npos || name.find("15h") != std::string::npos;
  };
  if (hef.chips.empty() || std::any_of(hef.chips.begin(), hef.chips.end(), is_ours)) return;
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": its HEF was compiled for " + join(hef.chips, ", "),
              "it has to be one for the Hailo-10H");
}

inference::ModelFacts facts_of(const HefInfo& hef, const inference::ModelSpec& spec,
                               inference::FactDetail detail) {
  const HefKind kind = kind_of(hef, spec);
  inference::ModelFacts facts;
  facts.architecture = "hef";
  facts.quantization = "HEF";
  facts.metadata = {{"hailo.kind", std::string(name_of(kind))},
                    {"hailo.groups", join(hef.groups, ", ")}};
  if (!hef.chips.empty()) facts.metadata.emplace_back("hailo.chips", join(hef.chips, ", "));
  if (kind == HefKind::kLanguage || kind == HefKind::kVisionLanguage) {
    facts.context_length = kUsualContext;
    facts.capabilities = {Capability::kCompletion};
    if (kind == HefKind::kVisionLanguage) {
      facts.capabilities.push_back(Capability::kVision);
    } else if (is_of_family(spec, {"qwen", "llama3.2", "function"})) {
      facts.capabilities.push_back(Capability::kTools);
    }
    if (is_of_family(spec, {"qwen3", "deepseek"}) && kind == HefKind::kLanguage) {
      facts.capabilities.push_back(Capability::kThinking);
    }
  }
  if (detail == inference::FactDetail::kFull) {
    for (const auto& stream : hef.inputs) add_stream(facts, stream);
    for (const auto& stream : hef.outputs) add_stream(facts, stream);
  }
  return facts;
}

inference::Footprint estimate_footprint(HefKind kind, ByteSize file) noexcept {
  // Of the machine: buffers and what is contiguous, as users have measured it.
  switch (kind) {
    case HefKind::kLanguage:
      return {ByteSize::mib(240), file + ByteSize::mib(128)};
    case HefKind::kVisionLanguage:
      return {ByteSize::mib(300), file + ByteSize::mib(192)};
    case HefKind::kSpeech:
      return {ByteSize::mib(100), file + ByteSize::mib(32)};
    case HefKind::kNetwork:
      break;
  }
  return {ByteSize::mib(24), file + ByteSize::mib(16)};
}

}  // namespace hailstone::engines::hailo
