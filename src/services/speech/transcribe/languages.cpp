// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/languages.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"

namespace hailstone::transcribe {
namespace {

struct Language {
  std::string_view code;
  std::string_view name;
};

constexpr std::array kLanguages = {
    Language{"af", "afrikaans"},   Language{"am", "amharic"},
    Language{"ar", "arabic"},      Language{"as", "assamese"},
    Language{"az", "azerbaijani"}, Language{"ba", "bashkir"},
    Language{"be", "belarusian"},  Language{"bg", "bulgarian"},
    Language{"bn", "bengali"},     Language{"bo", "tibetan"},
    Language{"br", "breton"},      Language{"bs", "bosnian"},
    Language{"ca", "catalan"},     Language{"cs", "czech"},
    Language{"cy", "welsh"},       Language{"da", "danish"},
    Language{"de", "german"},      Language{"el", "greek"},
    Language{"en", "english"},     Language{"es", "spanish"},
    Language{"et", "estonian"},    Language{"eu", "basque"},
    Language{"fa", "persian"},     Language{"fi", "finnish"},
    Language{"fo", "faroese"},     Language{"fr", "french"},
    Language{"gl", "galician"},    Language{"gu", "gujarati"},
    Language{"ha", "hausa"},       Language{"haw", "hawaiian"},
    Language{"he", "hebrew"},      Language{"hi", "hindi"},
    Language{"hr", "croatian"},    Language{"ht", "haitian creole"},
    Language{"hu", "hungarian"},   Language{"hy", "armenian"},
    Language{"id", "indonesian"},  Language{"is", "icelandic"},
    Language{"it", "italian"},     Language{"ja", "japanese"},
    Language{"jw", "javanese"},    Language{"ka", "georgian"},
    Language{"kk", "kazakh"},      Language{"km", "khmer"},
    Language{"kn", "kannada"},     Language{"ko", "korean"},
    Language{"la", "latin"},       Language{"lb", "luxembourgish"},
    Language{"ln", "lingala"},     Language{"lo", "lao"},
    Language{"lt", "lithuanian"},  Language{"lv", "latvian"},
    Language{"mg", "malagasy"},    Language{"mi", "maori"},
    Language{"mk", "macedonian"},  Language{"ml", "malayalam"},
    Language{"mn", "mongolian"},   Language{"mr", "marathi"},
    Language{"ms", "malay"},       Language{"mt", "maltese"},
    Language{"my", "myanmar"},     Language{"ne", "nepali"},
    Language{"nl", "dutch"},       Language{"nn", "nynorsk"},
    Language{"no", "norwegian"},   Language{"oc", "occitan"},
    Language{"pa", "punjabi"},     Language{"pl", "polish"},
    Language{"ps", "pashto"},      Language{"pt", "portuguese"},
    Language{"ro", "romanian"},    Language{"ru", "russian"},
    Language{"sa", "sanskrit"},    Language{"sd", "sindhi"},
    Language{"si", "sinhala"},     Language{"sk", "slovak"},
    Language{"sl", "slovenian"},   Language{"sn", "shona"},
    Language{"so", "somali"},      Language{"sq", "albanian"},
    Language{"sr", "serbian"},     Language{"su", "sundanese"},
    Language{"sv", "swedish"},     Language{"sw", "swahili"},
    Language{"ta", "tamil"},       Language{"te", "telugu"},
    Language{"tg", "tajik"},       Language{"th", "thai"},
    Language{"tk", "turkmen"},     Language{"tl", "tagalog"},
    Language{"tr", "turkish"},     Language{"tt", "tatar"},
    Language{"uk", "ukrainian"},   Language{"ur", "urdu"},
    Language{"uz", "uzbek"},       Language{"vi", "vietnamese"},
    Language{"yi", "yiddish"},     Language{"yo", "yoruba"},
    Language{"yue", "cantonese"},  Language{"zh", "chinese"},
};

}  // namespace

std::optional<std::string> find_language_code(std::string_view text) {
  const std::string wanted = to_lower(trim(text));
  if (wanted.empty() || wanted == "auto") return std::string();
  const std::string code = wanted.substr(0, wanted.find_first_of("-_"));
  for (const auto& language : kLanguages) {
    if (language.code == code || language.name == wanted) return std::string(language.code);
  }
  return std::nullopt;
}

std::vector<std::string> language_codes() {
  std::vector<std::string> codes;
  for (const auto& language : kLanguages) codes.emplace_back(language.code);
  return codes;
}

std::string language_name(std::string_view code) {
  const auto* found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                   [code](const Language& known) { return known.code == code; });
  return std::string(found == kLanguages.end() ? code : found->name);
}

}  // namespace hailstone::transcribe
