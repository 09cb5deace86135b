// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "speech/piper/voice_config.hpp"

namespace hailstone::speech::piper {
namespace {

using Json = nlohmann::json;

constexpr int kLowestRate = 8'000;
constexpr int kHighestRate = 96'000;
constexpr double kMostScale = 10;

[[noreturn]] void refuse(const std::string& field, const std::string& wanted) {
  throw Error(ErrorCode::kBadRequest, "the voice's file: " + field + ": " + wanted + " expected",
              "the file that Piper's voices bring along: VOICE.onnx.json");
}

const Json& member(const Json& object, const char* name) {
  static const Json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

std::string text_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

float scale_of(const Json& object, const char* name, float otherwise) {
  const Json& value = member(object, name);
  if (value.is_null()) return otherwise;
  if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > kMostScale) {
    refuse("inference." + std::string(name), "a number from 0 to 10");
  }
  return value.get<float>();
}

int rate_of(const Json& file) {
  const Json& value = member(member(file, "audio"), "sample_rate");
  const auto rate = value.is_number_integer() ? value.get<std::int64_t>() : 0;
  if (rate < kLowestRate || rate > kHighestRate) {
    refuse("audio.sample_rate", "a number from 8000 to 96000");
  }
  return static_cast<int>(rate);
}

/// "en_US" to "en-us"; older files have only the name of espeak-ng's voice.
std::string language_of(const Json& file, const std::string& espeak_voice) {
  std::string code = text_of(member(file, "language"), "code");
  if (code.empty()) code = espeak_voice;
  std::replace(code.begin(), code.end(), '_', '-');
  return to_lower(code);
}

void read_phoneme_type(const Json& file, VoiceConfig& voice) {
  const std::string type = to_lower(text_of(file, "phoneme_type"));
  voice.takes_text = type == "text";
  if (voice.takes_text) return;
  if (!type.empty() && type != "espeak") {
    throw Error(ErrorCode::kUnsupported,
                "the voice's file: phoneme_type '" + std::string(utf8_prefix(type, 40)) +
                    "' is not supported",
                "voices with espeak or text are");
  }
  voice.espeak_voice = text_of(member(file, "espeak"), "voice");
  if (voice.espeak_voice.empty()) refuse("espeak.voice", "the name of a voice of espeak-ng");
}

void read_ids(const Json& file, VoiceConfig& voice) {
  const Json& map = member(file, "phoneme_id_map");
  if (!map.is_object() || map.empty()) refuse("phoneme_id_map", "an object with lists of numbers");
  for (const auto& [symbol, ids] : map.items()) {
    const bool is_list = ids.is_array() && std::all_of(ids.begin(), ids.end(), [](const Json& id) {
                           return id.is_number_unsigned();
                         });
    if (!is_list) refuse("phoneme_id_map." + symbol, "a list of numbers");
    voice.ids[symbol] = ids.get<std::vector<std::int64_t>>();
  }
}

bool is_texts(const Json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const Json& each) { return each.is_string(); });
}

void read_replacements(const Json& file, VoiceConfig& voice) {
  const Json& map = member(file, "phoneme_map");
  if (map.is_null()) return;
  if (!map.is_object()) refuse("phoneme_map", "an object with lists of texts");
  for (const auto& [symbol, by] : map.items()) {
    if (!is_texts(by)) refuse("phoneme_map." + symbol, "a list of texts");
    voice.replaced[symbol] = by.get<std::vector<Symbol>>();
  }
}

void read_clusters(const Json& file, VoiceConfig& voice) {
  const Json& list = member(file, "vowel_clusters");
  if (list.is_null()) return;
  if (!list.is_array()) refuse("vowel_clusters", "a list of lists of texts");
  for (const auto& cluster : list) {
    if (!is_texts(cluster) || cluster.empty()) refuse("vowel_clusters", "a list of lists of texts");
    voice.clusters.push_back(cluster.get<std::vector<Symbol>>());
  }
  std::stable_sort(voice.clusters.begin(), voice.clusters.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void read_speakers(const Json& file, VoiceConfig& voice) {
  const Json& count = member(file, "num_speakers");
  if (!count.is_number_integer() || count.get<std::int64_t>() < 2) return;
  const std::int64_t most = count.get<std::int64_t>();
  const auto check = [&](const Json& id, const char* field) {
    if (!id.is_number_unsigned() || id.get<std::int64_t>() >= most) {
      refuse(field, "numbers below num_speakers");
    }
    return id.get<std::int64_t>();
  };
  const Json& map = member(file, "speaker_id_map");
  if (!map.is_object() || map.empty())
    refuse("speaker_id_map", "an object with a number for each speaker");
  for (const auto& [name, id] : map.items()) voice.speakers[name] = check(id, "speaker_id_map");
  const Json& first = member(file, "default_speaker_id");
  if (!first.is_null()) voice.default_speaker = check(first, "default_speaker_id");
}

}  // namespace

VoiceConfig read_voice_config(std::string_view json) {
  const Json file = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object()) refuse("as a whole", "a JSON object");
  VoiceConfig voice;
  voice.sample_rate = rate_of(file);
  voice.quality = text_of(member(file, "audio"), "quality");
  read_phoneme_type(file, voice);
  voice.language = language_of(file, voice.espeak_voice);
  const Json& scales = member(file, "inference");
  voice.noise_scale = scale_of(scales, "noise_scale", voice.noise_scale);
  voice.length_scale = scale_of(scales, "length_scale", voice.length_scale);
  voice.noise_width = scale_of(scales, "noise_w", voice.noise_width);
  read_ids(file, voice);
  read_replacements(file, voice);
  read_clusters(file, voice);
  read_speakers(file, voice);
  return voice;
}

}  // namespace hailstone::speech::piper
