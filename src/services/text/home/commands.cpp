// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/commands.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include "services/text/home/phrases.hpp"
#include "services/text/home/targets.hpp"

namespace hailstone::home {
namespace {

using Intents = std::vector<Intent>;

constexpr std::size_t kMostWords = 40;

std::string language_of(std::string_view text) {
  const auto code = text.substr(0, 2);
  if (code.empty()) return "en";
  return code == "en" || code == "de" ? std::string(code) : std::string();
}

bool is_one_of(std::string_view domain, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), domain) != list.end();
}

struct Verb {
  Action action;
  std::string_view intent;
};
/// Home Assistant's on and off open and close covers, and lock and unlock.
constexpr std::array kVerbs = {
    Verb{Action::kOn, "HassTurnOn"},        Verb{Action::kOff, "HassTurnOff"},
    Verb{Action::kOpen, "HassTurnOn"},      Verb{Action::kClose, "HassTurnOff"},
    Verb{Action::kLock, "HassTurnOn"},      Verb{Action::kUnlock, "HassTurnOff"},
    Verb{Action::kPause, "HassMediaPause"}, Verb{Action::kResume, "HassMediaUnpause"},
    Verb{Action::kNext, "HassMediaNext"},   Verb{Action::kColour, "HassLightSet"},
    Verb{Action::kState, "HassGetState"},   Verb{Action::kDegrees, "HassClimateSetTemperature"},
};

/// Whether that can be done to such a thing: nobody locks a lamp.
bool suits(Action action, std::string_view domain) {
  switch (action) {
    case Action::kOn:
    case Action::kOff:
      return !is_one_of(domain, {"cover", "lock", "valve", "sensor", "binary_sensor", "weather"});
    case Action::kOpen:
    case Action::kClose:
      return is_one_of(domain, {"cover", "valve"});
    case Action::kLock:
    case Action::kUnlock:
      return domain == "lock";
    case Action::kPause:
    case Action::kResume:
    case Action::kNext:
      return domain == "media_player";
    case Action::kColour:
      return domain == "light";
    case Action::kDegrees:
      return domain == "climate" || domain == "water_heater";
    case Action::kStart:
      return is_one_of(domain,
                       {"scene", "script", "vacuum", "automation", "media_player", "lawn_mower"});
    default:
      return true;
  }
}

/// What sets a level: the intent and its slot.
std::optional<std::pair<const char*, const char*>> level_intent(std::string_view domain) {
  if (domain == "light") return std::pair("HassLightSet", "brightness");
  if (domain == "cover" || domain == "valve") return std::pair("HassSetPosition", "position");
  if (domain == "media_player") return std::pair("HassSetVolume", "volume_level");
  if (domain == "fan") return std::pair("HassFanSetSpeed", "percentage");
  return std::nullopt;
}

std::string start_intent(std::string_view domain) {
  if (domain == "vacuum") return "HassVacuumStart";
  if (domain == "lawn_mower") return "HassLawnMowerStartMowing";
  return domain == "media_player" ? "HassMediaUnpause" : "HassTurnOn";
}

/// An action on a thing that is there. Nothing where the two do not go together.
std::optional<Intent> make_intent(const Phrase& phrase, const Target& target,
                                  std::string_view language) {
  if (!suits(phrase.action, target.domain)) return std::nullopt;
  Intent intent{{}, target.slots, answer_for(phrase, target.spoken, language)};
  if (phrase.action == Action::kLevel) {
    const auto level = level_intent(target.domain);
    if (!level || phrase.number > 100) return std::nullopt;
    intent.name = level->first;
    intent.slots.push_back({level->second, phrase.number});
    return intent;
  }
  if (phrase.action == Action::kStart) {
    intent.name = start_intent(target.domain);
    return intent;
  }
  const auto* verb = std::find_if(kVerbs.begin(), kVerbs.end(),
                                  [&](const Verb& each) { return each.action == phrase.action; });
  if (verb == kVerbs.end()) return std::nullopt;
  intent.name = verb->intent;
  if (phrase.action == Action::kColour) intent.slots.push_back({"color", phrase.colour});
  if (phrase.action == Action::kDegrees) intent.slots.push_back({"temperature", phrase.number});
  return intent;
}

/// An area has one temperature, whatever makes it.
std::optional<Intent> set_temperature(const Phrase& phrase, std::vector<Slot> slots,
                                      std::string_view language) {
  slots.push_back({"temperature", phrase.number});
  return Intent{"HassClimateSetTemperature", std::move(slots), answer_for(phrase, {}, language)};
}

std::string show_time(Action action, WallTime now, std::string_view language) {
  const std::time_t seconds = WallTime::clock::to_time_t(now);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const bool is_german = language == "de";
  if (action == Action::kTime) {
    std::strftime(text.data(), text.size(), "%H:%M", &local);
    return is_german ? std::string("Es ist ") + text.data() + " Uhr."
                     : std::string("It is ") + text.data() + ".";
  }
  std::strftime(text.data(), text.size(), is_german ? "%d.%m.%Y" : "%A, %B %d, %Y", &local);
  return is_german ? std::string("Heute ist der ") + text.data() + "."
                   : std::string("It is ") + text.data() + ".";
}

/// Understands the commands of one speaker.
class Listener {
 public:
  Listener(const HomeIndex& home, std::string here, std::string language, WallTime now)
      : home_(home), here_(std::move(here)), language_(std::move(language)), now_(now) {}

  /// One command, or several with "and" between them.
  Intents understand(WordSpan words) const {
    if (auto intents = understand_one(words); !intents.empty()) return intents;
    for (std::size_t at = 1; at + 1 < words.size(); ++at) {
      if (!is_and(words[at])) continue;
      auto first = understand_one(words.first(at));
      if (first.empty()) continue;
      auto second = understand(words.subspan(at + 1));
      if (!second.empty()) return joined(std::move(first), std::move(second));
    }
    return {};
  }

 private:
  static bool is_and(std::string_view word) { return is_one_of(word, {"and", "und", "then"}); }
  static Intents joined(Intents first, Intents second) {
    std::move(second.begin(), second.end(), std::back_inserter(first));
    return first;
  }

  Intents understand_one(WordSpan words) const {
    words = without_politeness(words);
    if (words.empty()) return {};
    for (const auto& phrase : find_phrases(words, language_)) {
      if (auto intents = carry_out(phrase); !intents.empty()) return intents;
    }
    return {};
  }

  Intents carry_out(const Phrase& phrase) const {
    switch (phrase.action) {
      case Action::kNeverMind:
        return {{"HassNevermind", {}, {}}};
      case Action::kTime:
        return {{"HassGetCurrentTime", {}, show_time(phrase.action, now_, language_)}};
      case Action::kDate:
        return {{"HassGetCurrentDate", {}, show_time(phrase.action, now_, language_)}};
      case Action::kTimer:
        return {start_timer(phrase)};
      case Action::kCancelTimer:
        return {{"HassCancelTimer", {}, answer_for(phrase, {}, language_)}};
      default:
        break;
    }
    if (phrase.action == Action::kDegrees) return understand_degrees(phrase);
    return act_on_each(phrase, phrase.target);
  }

  Intent start_timer(const Phrase& phrase) const {
    Intent intent{"HassStartTimer", {}, answer_for(phrase, {}, language_)};
    const auto add = [&](const char* name, int count) {
      if (count > 0) intent.slots.push_back({name, double(count)});
    };
    add("hours", phrase.seconds / 3600);
    add("minutes", phrase.seconds / 60 % 60);
    add("seconds", phrase.seconds % 60);
    return intent;
  }

  Intents understand_degrees(const Phrase& phrase) const {
    if (!phrase.target.empty()) {
      if (const auto area = find_area(phrase.target, home_, language_)) {
        return {*set_temperature(phrase, area->slots, language_)};
      }
      return act_on_each(phrase, phrase.target);
    }
    if (!home_.is_known()) return {};
    std::vector<Slot> slots;
    if (!here_.empty()) slots.push_back({"area", here_});
    return {*set_temperature(phrase, std::move(slots), language_)};
  }

  Intents act_on(const Phrase& phrase, WordSpan words) const {
    const auto target = find_target(words, home_, here_, language_);
    const auto intent = target ? make_intent(phrase, *target, language_) : std::nullopt;
    return intent ? Intents{*intent} : Intents{};
  }

  /// "the light and the fan". No branch is tried twice: texts are made to be hard, too.
  Intents act_on_each(const Phrase& phrase, WordSpan words) const {
    if (auto intents = act_on(phrase, words); !intents.empty()) return intents;
    for (std::size_t at = 1; at + 1 < words.size(); ++at) {
      if (!is_and(words[at])) continue;
      auto first = act_on(phrase, words.first(at));
      if (first.empty()) continue;
      auto second = act_on_each(phrase, words.subspan(at + 1));
      if (!second.empty()) return joined(std::move(first), std::move(second));
    }
    return {};
  }

  const HomeIndex& home_;
  const std::string here_;
  const std::string language_;
  const WallTime now_;
};

struct Order {
  std::string_view word;
  Action action;
};
constexpr std::array kOrders = {
    Order{"on", Action::kOn},       Order{"off", Action::kOff},
    Order{"open", Action::kOpen},   Order{"close", Action::kClose},
    Order{"lock", Action::kLock},   Order{"unlock", Action::kUnlock},
    Order{"level", Action::kLevel}, Order{"degrees", Action::kDegrees},
    Order{"state", Action::kState}, Order{"start", Action::kStart},
    Order{"pause", Action::kPause}, Order{"resume", Action::kResume},
};

}  // namespace

std::vector<Intent> find_commands(const Spoken& spoken, const HomeIndex& home) {
  const auto language = language_of(spoken.language);
  if (language.empty() || spoken.text.size() > kLongestCommand) return {};
  Words words = split_words(spoken.text);
  std::erase_if(words, [](const auto& word) {
    return is_one_of(word, {"bitte", "please", "mal"});
  });
  if (words.size() > kMostWords) return {};
  auto intents =
      Listener(home, home.area_of(spoken.satellite), language, spoken.now).understand(words);
  if (intents.size() > kMostIntents) return {};
  return intents;
}

std::vector<Intent> find_ordered(std::string_view action, std::string_view name, double value,
                                 const HomeIndex& home, std::string_view here,
                                 std::string_view language) {
  const auto* order = std::find_if(kOrders.begin(), kOrders.end(),
                                   [&](const Order& each) { return each.word == action; });
  if (order == kOrders.end()) return {};
  Phrase phrase{order->action, split_words(name), value};
  // A model says "on" of whatever it is.
  const auto target = find_target(phrase.target, home, here, language);
  if (target && target->domain == "cover") {
    if (phrase.action == Action::kOn) phrase.action = Action::kOpen;
    if (phrase.action == Action::kOff) phrase.action = Action::kClose;
  }
  if (!target && phrase.action == Action::kDegrees) {
    const auto area = find_area(phrase.target, home, language);
    if (area) return {*set_temperature(phrase, area->slots, language)};
  }
  if (!target) return {};
  const auto intent = make_intent(phrase, *target, language);
  return intent ? Intents{*intent} : Intents{};
}

}  // namespace hailstone::home
