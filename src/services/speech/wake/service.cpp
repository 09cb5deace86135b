// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/service.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::wake {
namespace {

constexpr std::string_view kTask = "wake";
constexpr std::string_view kPrefix = "openwakeword-";
/// Words at once: each costs a run of its classifier every 80 ms.
constexpr std::size_t kMostWords = 8;

std::string plain_name(const core::StoredModel& model) {
  std::string name = model.name.display();
  if (name.ends_with(":latest")) name.resize(name.size() - 7);
  return name;
}

/// "hey_jarvis_v0.1" is "hey jarvis".
std::string plain_phrase(std::string_view text) {
  std::string phrase = to_lower(trim(text));
  if (phrase.starts_with(kPrefix)) phrase.erase(0, kPrefix.size());
  const auto version = phrase.find("_v0");
  if (version != std::string::npos) phrase.resize(version);
  std::replace_if(
      phrase.begin(), phrase.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return phrase;
}

WakeWord word_of(const core::StoredModel& model) {
  const auto name = plain_name(model);
  const auto told = model.settings.find("phrase");
  return {name, told == model.settings.end() ? plain_phrase(name) : told->second};
}

}  // namespace

std::vector<WakeWord> WakeService::words() const {
  std::vector<WakeWord> words;
  for (const auto& model : models_.installed(std::span(&kTask, 1))) words.push_back(word_of(model));
  return words;
}

WakeDetector::Listened WakeService::choose(const std::string& name) const {
  const auto installed = models_.installed(std::span(&kTask, 1));
  const auto found = std::find_if(installed.begin(), installed.end(), [&](const auto& model) {
    const auto word = word_of(model);
    return equals_ignoring_case(word.name, name) || plain_phrase(word.phrase) == plain_phrase(name);
  });
  if (found != installed.end()) return {word_of(*found), models_.models().choose(*found, {})};
  std::vector<std::string> names;
  for (const auto& word : words()) names.push_back(word.name);
  throw Error(ErrorCode::kNotFound,
              "wake word '" + std::string(utf8_prefix(name, 60)) + "' is not installed",
              "wake words: " + join(names, ", "));
}

WakeDetector WakeService::open(const std::vector<std::string>& names,
                               const WakeOptions& options) const {
  models_.choose(std::span(&kTask, 1), {});  // says what could be installed where there is none
  std::vector<WakeDetector::Listened> listened;
  for (const auto& name : names) listened.push_back(choose(name));
  if (names.empty()) {
    for (const auto& word : words()) listened.push_back(choose(word.name));
  }
  if (listened.size() > kMostWords) {
    throw Error(ErrorCode::kBadRequest, "more than 8 wake words at once",
                "name those that you want");
  }
  return {models_.models(), std::move(listened), options};
}

}  // namespace hailstone::wake
