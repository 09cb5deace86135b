// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/phrases.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::home {
namespace {

constexpr std::size_t kLongestTarget = 10;  // words

struct Form {
  Action action;
  std::string_view language;
  /// Words, "this|that", "[may be left out]", {target}, {number}, {colour}, {seconds}.
  std::string_view pattern;
};

constexpr std::array kForms = {
    Form{Action::kNeverMind, "en", "never mind"},
    Form{Action::kNeverMind, "en", "nevermind"},
    Form{Action::kNeverMind, "en", "forget|cancel it|that"},
    Form{Action::kTime, "en", "what time is it [now]"},
    Form{Action::kTime, "en", "[what] what's|is the time [now]"},
    Form{Action::kDate, "en", "what day is it|today [today]"},
    Form{Action::kDate, "en", "[what] what's|is [the] today's|date [date] [today]"},
    Form{Action::kDate, "en", "what date is it [today]"},
    Form{Action::kTimer, "en", "set|start|make a|the [new] timer for|to {seconds}"},
    Form{Action::kTimer, "en", "[set] [start] a|an {seconds} timer"},
    Form{Action::kTimer, "en", "[set] [start] timer for|of {seconds}"},
    Form{Action::kTimer, "en", "{seconds} timer"},
    Form{Action::kCancelTimer, "en", "cancel|stop|delete [the|my|all] timer|timers"},
    Form{Action::kDegrees, "en",
         "set|turn|put the temperature to|at {number} [degrees|°] [celsius|c]"},
    Form{Action::kDegrees, "en",
         "set|turn|put [the] temperature in|of {target} to|at {number} [degrees|°] [celsius|c]"},
    Form{Action::kDegrees, "en",
         "set|turn|put [the] temperature to|at {number} [degrees|°] [celsius|c] in {target}"},
    Form{Action::kDegrees, "en", "set|turn|put {target} to|at {number} degrees|° [celsius|c]"},
    Form{Action::kLevel, "en",
         "set|turn|put|dim [the] volume|brightness of {target} to|at {number} [percent|%]"},
    Form{Action::kLevel, "en",
         "set|turn|put {target} [volume|brightness] to|at {number} percent|%"},
    Form{Action::kLevel, "en", "dim|brighten {target} to {number} [percent|%]"},
    Form{Action::kLevel, "en", "{target} [at|to] {number} percent|%"},
    Form{Action::kColour, "en", "set|turn|make|change|put {target} [to] {colour}"},
    Form{Action::kOn, "en", "turn|switch|put on {target}"},
    Form{Action::kOn, "en", "turn|switch|put {target} on"},
    Form{Action::kOff, "en", "turn|switch|put off|out {target}"},
    Form{Action::kOff, "en", "turn|switch|put {target} off|out"},
    Form{Action::kOpen, "en", "open|raise {target}"},
    Form{Action::kOpen, "en", "roll|pull|put up {target}"},
    Form{Action::kClose, "en", "close|lower|shut {target}"},
    Form{Action::kClose, "en", "roll|pull|put down {target}"},
    Form{Action::kLock, "en", "lock {target}"},
    Form{Action::kUnlock, "en", "unlock {target}"},
    Form{Action::kPause, "en", "pause|stop {target}"},
    Form{Action::kResume, "en", "resume|continue|unpause {target}"},
    Form{Action::kNext, "en", "next|skip song|track|title [on] {target}"},
    Form{Action::kStart, "en", "start|activate|run|play {target}"},
    Form{Action::kState, "en",
         "[what] what's|is the state|status|temperature|value of|in {target}"},
    Form{Action::kState, "en", "is {target} on|off|open|closed|locked|unlocked"},
    Form{Action::kState, "en", "how warm|cold is it in {target}"},
    Form{Action::kOn, "en", "{target} on"},
    Form{Action::kOff, "en", "{target} off"},

    Form{Action::kNeverMind, "de", "vergiss es"},
    Form{Action::kNeverMind, "de", "egal|abbrechen"},
    Form{Action::kTime, "de", "wie spät ist es [jetzt|gerade]"},
    Form{Action::kTime, "de", "[wie] wieviel|viel uhr ist es"},
    Form{Action::kDate, "de", "welcher|welches tag|datum ist [es] [heute]"},
    Form{Action::kDate, "de", "welchen|welches tag|datum haben wir [heute]"},
    Form{Action::kTimer, "de",
         "stell|stelle|starte|setze [mir] [einen|den] timer|wecker auf|für|von {seconds}"},
    Form{Action::kTimer, "de", "[stell|stelle|starte] [einen] timer [auf|für|von] {seconds}"},
    Form{Action::kCancelTimer, "de", "stoppe|lösche|beende [den|meinen|alle] timer"},
    Form{Action::kCancelTimer, "de", "brich [den] timer ab"},
    Form{Action::kDegrees, "de",
         "stell|stelle|setze [die] temperatur auf {number} [grad|°] [celsius|c]"},
    Form{Action::kDegrees, "de",
         "stell|stelle|setze [die] temperatur in|im {target} auf {number} [grad|°] [celsius|c]"},
    Form{Action::kDegrees, "de", "stell|stelle|setze {target} auf {number} grad|° [celsius|c]"},
    Form{Action::kLevel, "de",
         "stell|stelle|setze|dimme|dimm|fahre|fahr {target} auf {number} [prozent|%]"},
    Form{Action::kLevel, "de", "{target} [auf] {number} prozent|%"},
    Form{Action::kColour, "de", "stell|stelle|setze|mach|mache|färbe {target} [auf] {colour}"},
    Form{Action::kOn, "de", "schalt|schalte|mach|mache|dreh|drehe {target} an|ein"},
    Form{Action::kOff, "de", "schalt|schalte|mach|mache|dreh|drehe {target} aus"},
    Form{Action::kOn, "de", "{target} einschalten|anschalten|anmachen"},
    Form{Action::kOff, "de", "{target} ausschalten|ausmachen|abschalten"},
    Form{Action::kOpen, "de", "öffne|öffnen {target}"},
    Form{Action::kOpen, "de", "mach|mache|fahr|fahre|zieh|ziehe {target} auf|hoch|rauf"},
    Form{Action::kOpen, "de", "{target} öffnen|hochfahren|aufmachen"},
    Form{Action::kClose, "de", "schließe|schließ {target}"},
    Form{Action::kClose, "de", "mach|mache|fahr|fahre|zieh|ziehe {target} zu|runter|herunter"},
    Form{Action::kClose, "de", "{target} schließen|runterfahren|zumachen"},
    Form{Action::kLock, "de", "verriegele|verriegle|sperre {target} [ab|zu]"},
    Form{Action::kUnlock, "de", "entriegele|entriegle {target}"},
    Form{Action::kPause, "de", "pausiere|stoppe {target}"},
    Form{Action::kStart, "de", "starte|aktiviere|spiele {target}"},
    Form{Action::kState, "de", "ist {target} an|aus|offen|zu|geschlossen|verriegelt"},
    Form{Action::kState, "de", "wie warm|kalt ist es in|im {target}"},
    Form{Action::kOn, "de", "{target} an"},
    Form{Action::kOff, "de", "{target} aus"},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kColours = {{
    {"red", "red"},       {"green", "green"},     {"blue", "blue"},
    {"yellow", "yellow"}, {"orange", "orange"},   {"purple", "purple"},
    {"pink", "pink"},     {"white", "white"},     {"cyan", "cyan"},
    {"violet", "violet"}, {"magenta", "magenta"}, {"turquoise", "turquoise"},
    {"rot", "red"},       {"grün", "green"},      {"blau", "blue"},
    {"gelb", "yellow"},   {"lila", "purple"},     {"rosa", "pink"},
    {"weiß", "white"},    {"violett", "violet"},  {"türkis", "turquoise"},
    {"gold", "gold"},     {"lime", "lime"},       {"brown", "brown"},
}};

/// One reading of a form against words, by trying every length of its slots.
class Reading {
 public:
  Reading(const Form& form, std::string_view language) : language_(language) {
    phrase_.action = form.action;
    for (auto& part : split(form.pattern, ' ')) {
      parts_.push_back(std::move(part));
    }
  }

  std::optional<Phrase> read(WordSpan words) {
    if (!match(0, words)) return std::nullopt;
    return phrase_;
  }

 private:
  bool match(std::size_t at, WordSpan words) {
    if (at == parts_.size()) return words.empty();
    const std::string& part = parts_[at];
    if (part.front() == '[') return match_optional(at, words);
    if (part == "{target}") return match_target(at, words);
    if (part == "{number}") return match_number(at, words);
    if (part == "{seconds}") return match_seconds(at, words);
    if (words.empty()) return false;
    if (part == "{colour}") return match_colour(at, words);
    return is_one_of(part, words.front()) && match(at + 1, words.subspan(1));
  }

  static bool is_one_of(std::string_view choices, std::string_view word) {
    for (const auto& choice : split(choices, '|')) {
      if (choice == word) return true;
    }
    return false;
  }

  bool match_optional(std::size_t at, WordSpan words) {
    const std::string choices = parts_[at].substr(1, parts_[at].size() - 2);
    if (!words.empty() && is_one_of(choices, words.front()) && match(at + 1, words.subspan(1))) {
      return true;
    }
    return match(at + 1, words);
  }

  bool match_target(std::size_t at, WordSpan words) {
    const auto most = std::min(words.size(), kLongestTarget);
    for (std::size_t length = 1; length <= most; ++length) {
      if (!match(at + 1, words.subspan(length))) continue;
      phrase_.target.assign(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(length));
      return true;
    }
    return false;
  }

  bool match_number(std::size_t at, WordSpan words) {
    const auto number = find_number(words, language_);
    if (!number || !match(at + 1, words.subspan(number->length))) return false;
    phrase_.number = number->value;
    return true;
  }

  bool match_seconds(std::size_t at, WordSpan words) {
    for (std::size_t length = words.size(); length > 0; --length) {
      const auto seconds = find_seconds(words.first(length), language_);
      if (!seconds || !match(at + 1, words.subspan(length))) continue;
      phrase_.seconds = *seconds;
      return true;
    }
    return false;
  }

  bool match_colour(std::size_t at, WordSpan words) {
    const auto* found = std::find_if(kColours.begin(), kColours.end(), [&](const auto& colour) {
      return colour.first == words.front();
    });
    if (found == kColours.end() || !match(at + 1, words.subspan(1))) return false;
    phrase_.colour = found->second;
    return true;
  }

  const std::string language_;
  std::vector<std::string> parts_;
  Phrase phrase_;
};

bool is_word(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// Of one unit; 0 for what is none.
int seconds_of_unit(std::string_view word) {
  if (is_word(word, {"second", "seconds", "sec", "s", "sekunde", "sekunden"})) return 1;
  if (is_word(word, {"minute", "minutes", "min", "minuten"})) return 60;
  if (is_word(word, {"hour", "hours", "h", "stunde", "stunden"})) return 3600;
  return 0;
}

/// "half an hour", "eine halbe stunde": how many words, and the seconds.
std::optional<std::pair<std::size_t, double>> find_half(WordSpan words) {
  std::size_t at = 0;
  if (at < words.size() && is_word(words[at], {"a", "eine", "einer"})) ++at;
  if (at >= words.size() || !is_word(words[at], {"half", "halbe", "halben"})) return std::nullopt;
  ++at;
  if (at < words.size() && is_word(words[at], {"a", "an"})) ++at;
  if (at >= words.size()) return std::nullopt;
  const int unit = seconds_of_unit(words[at]);
  if (unit == 0) return std::nullopt;
  return std::pair(at + 1, unit / 2.0);
}

struct Politeness {
  bool at_end;
  std::string_view text;
};
constexpr std::array kPoliteness = {
    Politeness{false, "please"},    Politeness{false, "bitte"},       Politeness{false, "hey"},
    Politeness{false, "ok"},        Politeness{false, "okay"},        Politeness{false, "can you"},
    Politeness{false, "could you"}, Politeness{false, "would you"},   Politeness{false, "will you"},
    Politeness{false, "kannst du"}, Politeness{false, "könntest du"}, Politeness{false, "can we"},
    Politeness{true, "please"},     Politeness{true, "bitte"},        Politeness{true, "for me"},
    Politeness{true, "now"},        Politeness{true, "jetzt"},        Politeness{true, "thanks"},
    Politeness{true, "thank you"},  Politeness{true, "mal"},
};

bool begins_with(WordSpan words, const std::vector<std::string>& head) {
  return words.size() > head.size() && std::equal(head.begin(), head.end(), words.begin());
}
bool ends_with(WordSpan words, const std::vector<std::string>& tail) {
  return words.size() > tail.size() && std::equal(tail.rbegin(), tail.rend(), words.rbegin());
}

std::string show_duration(int seconds, bool is_german) {
  std::vector<std::string> parts;
  const auto add = [&](int count, const char* one, const char* many) {
    if (count > 0) parts.push_back(std::to_string(count) + " " + (count == 1 ? one : many));
  };
  add(seconds / 3600, is_german ? "Stunde" : "hour", is_german ? "Stunden" : "hours");
  add(seconds / 60 % 60, is_german ? "Minute" : "minute", is_german ? "Minuten" : "minutes");
  add(seconds % 60, is_german ? "Sekunde" : "second", is_german ? "Sekunden" : "seconds");
  return join(parts, is_german ? " und " : " and ");
}

std::string show_number(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

struct Answer {
  Action action;
  std::string_view english;
  std::string_view german;
};
/// $ is the target, # the number.
constexpr std::array kAnswers = {
    Answer{Action::kOn, "Turned on $.", "$ ist an."},
    Answer{Action::kOff, "Turned off $.", "$ ist aus."},
    Answer{Action::kOpen, "Opening $.", "$ wird geöffnet."},
    Answer{Action::kClose, "Closing $.", "$ wird geschlossen."},
    Answer{Action::kLock, "Locked $.", "$ ist verriegelt."},
    Answer{Action::kUnlock, "Unlocked $.", "$ ist entriegelt."},
    Answer{Action::kStart, "Started $.", "$ ist gestartet."},
    Answer{Action::kPause, "Paused $.", "$ ist angehalten."},
    Answer{Action::kResume, "Resumed $.", "$ geht weiter."},
    Answer{Action::kNext, "Playing the next one.", "Es geht weiter zum nächsten."},
    Answer{Action::kLevel, "Set $ to # percent.", "$ steht auf # Prozent."},
    Answer{Action::kDegrees, "Set the temperature to # degrees.",
           "Die Temperatur steht auf # Grad."},
    Answer{Action::kColour, "Changed the colour of $.", "$ hat jetzt eine andere Farbe."},
    // Only Home Assistant knows: its own template.
    Answer{Action::kState, "{{ state.name }} is {{ state.state_with_unit }}.",
           "{{ state.name }}: {{ state.state_with_unit }}."},
    Answer{Action::kCancelTimer, "The timer is cancelled.", "Der Timer ist gestoppt."},
    Answer{Action::kNeverMind, "", ""},
};

}  // namespace

std::vector<Phrase> find_phrases(WordSpan words, std::string_view language) {
  std::vector<Phrase> found;
  for (const auto& form : kForms) {
    if (form.language != language) continue;
    if (auto phrase = Reading(form, language).read(words)) found.push_back(*std::move(phrase));
  }
  return found;
}

WordSpan without_politeness(WordSpan words) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& one : kPoliteness) {
      const auto parts = split(one.text, ' ');
      if (one.at_end && ends_with(words, parts)) {
        words = words.first(words.size() - parts.size());
        changed = true;
      } else if (!one.at_end && begins_with(words, parts)) {
        words = words.subspan(parts.size());
        changed = true;
      }
    }
  }
  return words;
}

std::optional<int> find_seconds(WordSpan words, std::string_view language) {
  constexpr double kMost = 24 * 3600;
  double sum = 0;
  int last_unit = 0;
  std::size_t at = 0;
  while (at < words.size()) {
    if (at > 0 && is_word(words[at], {"and", "und"}) && at + 1 < words.size()) ++at;
    const auto rest = words.subspan(at);
    if (const auto half = find_half(rest)) {
      sum += half->second;
      at += half->first;
      continue;
    }
    if (last_unit > 0 && join_words(rest) == "a half")
      return static_cast<int>(sum + last_unit / 2.0);
    const bool is_one = is_word(rest[0], {"a", "an", "eine", "einer", "one"});
    const auto number = is_one ? std::optional(Number{1, 1}) : find_number(rest, language);
    if (!number || number->length >= rest.size()) return std::nullopt;
    last_unit = seconds_of_unit(rest[number->length]);
    if (last_unit == 0) return std::nullopt;
    sum += number->value * last_unit;
    at += number->length + 1;
  }
  if (sum < 1 || sum > kMost) return std::nullopt;
  return static_cast<int>(sum);
}

std::string answer_for(const Phrase& phrase, const std::string& target, std::string_view language) {
  const bool is_german = language == "de";
  if (phrase.action == Action::kTimer) {
    const auto duration = show_duration(phrase.seconds, is_german);
    return is_german ? "Der Timer läuft: " + duration + "." : "Timer set for " + duration + ".";
  }
  const auto* row = std::find_if(kAnswers.begin(), kAnswers.end(),
                                 [&](const auto& each) { return each.action == phrase.action; });
  if (row == kAnswers.end()) return {};
  std::string text;
  for (const char c : is_german ? row->german : row->english) {
    if (c == '$') {
      text += target;
    } else if (c == '#') {
      text += show_number(phrase.number);
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace hailstone::home
