// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/voices.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::speak {
namespace {

constexpr std::string_view kDefaultLanguage = "en";

struct KnownName {
  std::string_view name;
  std::string_view gender;
};

/// OpenAI's, which clients send whatever is behind the service.
constexpr std::array kOpenAiNames = {
    KnownName{"alloy", "female"}, KnownName{"ash", "male"},     KnownName{"ballad", "male"},
    KnownName{"cedar", "male"},   KnownName{"coral", "female"}, KnownName{"echo", "male"},
    KnownName{"fable", "male"},   KnownName{"marin", "female"}, KnownName{"nova", "female"},
    KnownName{"onyx", "male"},    KnownName{"sage", "female"},  KnownName{"shimmer", "female"},
    KnownName{"verse", "male"},
};

/// A language without a region means this one.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUsualRegions = {
    {{"en", "en-us"}, {"fr", "fr-fr"}, {"pt", "pt-br"}, {"zh", "cmn"}}};

/// "EN_us:latest" to "en-us".
std::string plain(std::string_view text) {
  std::string out = to_lower(trim(text));
  if (out.ends_with(":latest")) out.resize(out.size() - 7);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

std::string_view primary(std::string_view language) {
  return language.substr(0, language.find('-'));
}

std::string usual_region(const std::string& language) {
  const auto* known = std::find_if(kUsualRegions.begin(), kUsualRegions.end(),
                                   [&](const auto& entry) { return entry.first == language; });
  return known == kUsualRegions.end() ? language : std::string(known->second);
}

/// The smaller the better; each reason outweighs all that follow it.
int penalty(const Voice& voice, const std::string& region, std::string_view gender) {
  int sum = 0;
  if (voice.is_starter) sum += 16;
  if (plain(voice.language) != region) sum += 8;
  if (!gender.empty() && voice.gender != gender) sum += 4;
  if (voice.is_general) sum += 2;
  if (!voice.is_first) sum += 1;
  return sum;
}

const Voice* find_best(const std::vector<Voice>& voices, const std::string& language,
                       std::string_view gender) {
  const std::string region = usual_region(language);
  const Voice* best = nullptr;
  int least = 0;
  for (const auto& voice : voices) {
    const std::string spoken = plain(voice.language);
    if (primary(spoken) != primary(language) && spoken != region) continue;
    const int sum = penalty(voice, region, gender);
    if (best != nullptr && sum >= least) continue;
    best = &voice;
    least = sum;
  }
  return best;
}

/// A voice by one of its names.
const Voice* find_named(const std::vector<Voice>& voices, const std::string& name) {
  const auto first = [&](auto&& fits) -> const Voice* {
    const auto found = std::find_if(voices.begin(), voices.end(), fits);
    return found == voices.end() ? nullptr : &*found;
  };
  if (const auto* found = first([&](const Voice& v) { return plain(v.id) == name; })) return found;
  if (const auto* found =
          first([&](const Voice& v) { return plain(v.model) == name && v.is_first; })) {
    return found;
  }
  // "slt" for "starter-speak/slt", unless that is a language as well: then it means any voice of
  // it.
  if (const auto* found = first([&](const Voice& v) {
        return plain(v.voice) == name && plain(v.voice) != plain(v.language);
      })) {
    return found;
  }
  // Piper's own names: en_US-amy-medium is stored as piper-en-us-amy.
  const std::string piper = "piper-" + name;
  return first([&](const Voice& v) {
    const std::string model = plain(v.model);
    return piper == model || (piper.starts_with(model + "-") && model.size() > 12);
  });
}

/// "de+f3": espeak-ng's voice for German with a variant.
std::optional<Voice> find_variant(const std::vector<Voice>& voices, const std::string& name) {
  const auto plus = name.find('+');
  if (plus == std::string::npos) return std::nullopt;
  const std::string base = name.substr(0, plus);
  for (Voice voice : voices) {
    if (voice.engine != "espeak" || (plain(voice.id) != base && plain(voice.voice) != base))
      continue;
    voice.voice += name.substr(plus);
    voice.id += name.substr(plus);
    return voice;
  }
  return std::nullopt;
}

std::string show(const std::vector<Voice>& voices) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(kMost, voices.size()); ++i) ids.push_back(voices[i].id);
  return "voices: " + join(ids, ", ") +
         (voices.size() > kMost ? ", ... (GET /api/voices lists all)" : "");
}

Error not_found(const std::string& what, const std::vector<Voice>& voices) {
  return {ErrorCode::kNotFound, what, show(voices)};
}

std::vector<Voice> of_model(const std::vector<Voice>& voices, const std::string& model) {
  std::vector<Voice> own;
  std::copy_if(voices.begin(), voices.end(), std::back_inserter(own),
               [&](const Voice& voice) { return plain(voice.model) == plain(model); });
  return own;
}

Choice choose_by_language(const std::vector<Voice>& voices, const std::string& language,
                          std::string_view gender, bool is_substitute) {
  if (const auto* best = find_best(voices, language, gender)) return {*best, is_substitute};
  throw not_found("no voice for the language '" + language + "' is installed", voices);
}

}  // namespace

std::optional<std::string> find_language(std::string_view name) {
  const std::string text = plain(name);
  const auto is_letters = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(),
                       [](unsigned char c) { return std::isalpha(c) != 0; });
  };
  const auto parts = split(text, '-');
  if (parts.empty() || parts[0].size() < 2 || parts[0].size() > 3 || !is_letters(parts[0])) {
    return std::nullopt;
  }
  if (parts.size() == 1) return parts[0];
  if (parts[1].size() < 2 || parts[1].size() > 4 || !is_letters(parts[1])) return std::nullopt;
  return parts[0] + "-" + parts[1];
}

Choice choose_voice(const std::vector<Voice>& all, const VoiceWish& wish) {
  const auto voices = wish.model.empty() ? all : of_model(all, wish.model);
  if (voices.empty()) throw not_found("no voice is installed", all);
  const std::string spoken = wish.language.empty() ? std::string() : plain(wish.language);
  const std::string fallback =
      wish.model.empty() ? std::string(kDefaultLanguage) : plain(voices.front().language);
  const std::string language = spoken.empty() ? fallback : spoken;
  if (wish.voice.empty()) {
    if (!wish.model.empty() && spoken.empty()) {
      const auto first = std::find_if(voices.begin(), voices.end(),
                                      [](const Voice& voice) { return voice.is_first; });
      return {first == voices.end() ? voices.front() : *first, false};
    }
    return choose_by_language(voices, language, {}, false);
  }
  const std::string name = plain(wish.voice);
  if (const auto* found = find_named(voices, name)) return {*found, false};
  if (const auto variant = find_variant(voices, name)) return {*variant, false};
  const auto* known = std::find_if(kOpenAiNames.begin(), kOpenAiNames.end(),
                                   [&](const KnownName& entry) { return entry.name == name; });
  if (known != kOpenAiNames.end() && !wish.is_strict) {
    return choose_by_language(voices, language, known->gender, true);
  }
  const auto told = find_language(name);
  // A language code alone is no voice that is missing.
  const bool is_code = told && *told == name;
  if (!told || (wish.is_strict && !is_code)) {
    throw not_found("voice '" + std::string(utf8_prefix(wish.voice, 60)) + "' is not installed",
                    voices);
  }
  return choose_by_language(voices, *told, {}, !is_code);
}

}  // namespace hailstone::speak
