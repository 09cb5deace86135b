// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/voices/say_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::inference {
namespace {

/// A list each, in the order of the voices.
constexpr std::array<std::pair<const char*, std::string VoiceFact::*>, 4> kLists = {{
    {"speech.voices", &VoiceFact::id},
    {"speech.languages", &VoiceFact::language},
    {"speech.names", &VoiceFact::name},
    {"speech.genders", &VoiceFact::gender},
}};

bool ends_sentence(std::string_view text, std::size_t at) noexcept {
  const char c = text[at];
  if (c == '\n') return at + 1 < text.size() && text[at + 1] == '\n';
  if (c != '.' && c != '?' && c != '!') return false;
  return at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n';
}

}  // namespace

void check_say_request(const SayRequest& request, std::string_view engine) {
  if (!(request.speed >= kSlowestSpeech && request.speed <= kFastestSpeech)) {
    throw Error(ErrorCode::kBadRequest, "speed must be a number from 0.25 to 4");
  }
  if (request.text.size() > kMostText) {
    throw Error(ErrorCode::kBadRequest, "the text is too long for one piece",
                "at most " + std::to_string(kMostText) + " bytes");
  }
  if (request.is_ssml) {
    throw Error(ErrorCode::kUnsupported, std::string(engine) + " takes plain text, no SSML");
  }
  if (!request.speaker.empty()) {
    throw Error(ErrorCode::kNotFound, "voices of " + std::string(engine) + " have one speaker");
  }
}

std::vector<std::string> cut_text(std::string_view text, std::size_t longest) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    std::size_t end = 0;
    std::size_t blank = 0;  // behind the last one
    while (end < text.size() && end < longest) {
      const std::size_t at = end++;
      if (ends_sentence(text, at)) break;
      if (text[at] == ' ' || text[at] == '\n') blank = end;
      if (end == longest && end < text.size()) {
        end = blank > 0 ? blank : std::max<std::size_t>(1, utf8_prefix(text, longest).size());
        break;
      }
    }
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

void add_voices(ModelFacts& facts, const std::vector<VoiceFact>& voices) {
  for (const auto& [key, member] : kLists) {
    FactList list;
    for (const auto& voice : voices) list.values.emplace_back(voice.*member);
    list.length = list.values.size();
    facts.metadata.emplace_back(key, std::move(list));
  }
}

std::vector<VoiceFact> voices_of(const ModelFacts& facts) {
  std::vector<VoiceFact> voices;
  for (const auto& [key, member] : kLists) {
    for (const auto& [name, fact] : facts.metadata) {
      const auto* list = std::get_if<FactList>(&fact);
      if (name != key || list == nullptr) continue;
      if (voices.size() < list->values.size()) voices.resize(list->values.size());
      for (std::size_t i = 0; i < list->values.size(); ++i) {
        if (const auto* text = std::get_if<std::string>(&list->values[i]))
          voices[i].*member = *text;
      }
    }
  }
  return voices;
}

}  // namespace hailstone::inference
