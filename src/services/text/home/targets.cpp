// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/targets.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hailstone::home {
namespace {

struct Kind {
  std::string_view word;
  std::string_view domain;
};
constexpr std::array kKinds = {
    Kind{"light", "light"},
    Kind{"lights", "light"},
    Kind{"lamp", "light"},
    Kind{"lamps", "light"},
    Kind{"lighting", "light"},
    Kind{"licht", "light"},
    Kind{"lichter", "light"},
    Kind{"lampe", "light"},
    Kind{"lampen", "light"},
    Kind{"beleuchtung", "light"},
    Kind{"blind", "cover"},
    Kind{"blinds", "cover"},
    Kind{"shutter", "cover"},
    Kind{"shutters", "cover"},
    Kind{"curtain", "cover"},
    Kind{"curtains", "cover"},
    Kind{"shades", "cover"},
    Kind{"rollladen", "cover"},
    Kind{"rollläden", "cover"},
    Kind{"rollo", "cover"},
    Kind{"rollos", "cover"},
    Kind{"jalousie", "cover"},
    Kind{"jalousien", "cover"},
    Kind{"vorhang", "cover"},
    Kind{"vorhänge", "cover"},
    Kind{"fan", "fan"},
    Kind{"fans", "fan"},
    Kind{"ventilator", "fan"},
    Kind{"ventilatoren", "fan"},
    Kind{"plug", "switch"},
    Kind{"plugs", "switch"},
    Kind{"socket", "switch"},
    Kind{"sockets", "switch"},
    Kind{"switches", "switch"},
    Kind{"steckdose", "switch"},
    Kind{"steckdosen", "switch"},
    Kind{"heating", "climate"},
    Kind{"thermostat", "climate"},
    Kind{"heizung", "climate"},
    Kind{"speaker", "media_player"},
    Kind{"speakers", "media_player"},
    Kind{"music", "media_player"},
    Kind{"musik", "media_player"},
    Kind{"lautsprecher", "media_player"},
};

bool is_one(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_article(std::string_view word) {
  return is_one(word, {"the", "my", "our", "a", "an", "der", "die", "das", "den", "dem", "mein",
                       "meine", "meinen", "meiner", "unsere", "unser"});
}
bool is_all(std::string_view word) {
  return is_one(word, {"all", "every", "alle", "sämtliche"});
}
bool is_in(std::string_view word) {
  return is_one(word, {"in", "of", "im", "on", "at", "auf", "vom", "von"});
}

WordSpan without_articles(WordSpan words) {
  while (words.size() > 1 && is_article(words.front())) words = words.subspan(1);
  return words;
}

/// Of several with one name it is the one where it is said.
const Device* nearest(const std::vector<const Device*>& devices, std::string_view area) {
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const Device* device) { return device->area == area; });
  return found == devices.end() ? nullptr : *found;
}

/// "kitchen ceiling lamp", "ceiling lamp in the kitchen" for the "ceiling lamp" of the kitchen.
const Device* find_with_area(WordSpan words, const HomeIndex& home) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (const auto* area = home.find_area(words.first(at))) {
      if (const auto* found = nearest(home.find_devices(words.subspan(at)), area->name))
        return found;
    }
    if (!is_in(words[at]) || at + 1 >= words.size()) continue;
    if (const auto* area = home.find_area(without_articles(words.subspan(at + 1)))) {
      if (const auto* found = nearest(home.find_devices(words.first(at)), area->name)) return found;
    }
  }
  return nullptr;
}

const Device* find_device(WordSpan words, const HomeIndex& home, std::string_view here) {
  const auto called = home.find_devices(words);
  if (called.empty()) return find_with_area(words, home);
  const auto* found = nearest(called, here);
  return found == nullptr ? called.front() : found;
}

std::string with_article(WordSpan words, std::string_view language) {
  const std::string text = join_words(words);
  return language == "de" ? text : "the " + text;
}

std::string_view domain_of(std::string_view word) {
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind& each) { return each.word == word; });
  return kind == kKinds.end() ? std::string_view() : kind->domain;
}

std::optional<Target> in_area(std::string_view domain, const std::string& area,
                              const HomeIndex& home, std::string spoken) {
  if (!home.has(domain, area)) return std::nullopt;
  return Target{
      {{"area", area}, {"domain", std::string(domain)}}, std::move(spoken), std::string(domain)};
}

std::optional<Target> find_kind(WordSpan words, const HomeIndex& home, std::string_view here,
                                std::string_view language) {
  const bool all = words.size() > 1 && is_all(words.front());
  if (all) words = without_articles(words.subspan(1));
  const auto spoken = [&] {
    return all ? (language == "de" ? "alle " : "all ") + join_words(words)
               : with_article(words, language);
  };
  if (words.size() == 1) {
    const auto domain = domain_of(words[0]);
    if (domain.empty()) return std::nullopt;
    if (!all)
      return here.empty() ? std::nullopt : in_area(domain, std::string(here), home, spoken());
    if (!home.has(domain, {})) return std::nullopt;
    return Target{{{"name", std::string("all")}, {"domain", std::string(domain)}},
                  spoken(),
                  std::string(domain)};
  }
  if (const auto domain = domain_of(words.back()); !domain.empty()) {
    if (const auto* area = home.find_area(words.first(words.size() - 1))) {
      return in_area(domain, area->name, home, spoken());
    }
  }
  const auto domain = domain_of(words[0]);
  if (domain.empty() || !is_in(words[1]) || words.size() < 3) return std::nullopt;
  const auto* area = home.find_area(without_articles(words.subspan(2)));
  return area == nullptr ? std::nullopt : in_area(domain, area->name, home, spoken());
}

}  // namespace

std::optional<Target> find_target(WordSpan words, const HomeIndex& home, std::string_view here,
                                  std::string_view language) {
  words = without_articles(words);
  if (words.empty()) return std::nullopt;
  if (const auto* device = find_device(words, home, here)) {
    return Target{{{"name", device->name}}, with_article(words, language), device->domain};
  }
  return find_kind(words, home, here, language);
}

std::optional<Target> find_area(WordSpan words, const HomeIndex& home, std::string_view language) {
  words = without_articles(words);
  const auto* area = home.find_area(words);
  if (area == nullptr) return std::nullopt;
  return Target{{{"area", area->name}}, with_article(words, language), {}};
}

}  // namespace hailstone::home
