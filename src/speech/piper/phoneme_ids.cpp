// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "speech/piper/phoneme_ids.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/strings.hpp"

namespace hailstone::speech::piper {
namespace {

constexpr std::string_view kBegin = "^";
constexpr std::string_view kEnd = "$";
constexpr std::string_view kPause = "_";
constexpr std::string_view kSentenceMarks = ".?!";
constexpr std::string_view kClauseMarks = ",:;";

bool is_one_of(std::string_view marks, char c) noexcept {
  return marks.find(c) != std::string_view::npos;
}

/// "(en)hɛləʊ(de)" to "hɛləʊ".
std::string without_languages(std::string_view clause) {
  std::string out;
  while (!clause.empty()) {
    const auto open = clause.find('(');
    out += clause.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = clause.find(')', open);
    if (close == std::string_view::npos) break;
    clause.remove_prefix(close + 1);
  }
  return out;
}

/// Text that is no UTF-8 has no symbols.
std::vector<Symbol> code_points_of(std::string_view text) {
  const std::string whole(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> decomposed(
      utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(whole.c_str())), &std::free);
  std::vector<Symbol> symbols;
  if (!decomposed) return symbols;
  const auto* at = reinterpret_cast<const char*>(decomposed.get());
  while (*at != '\0') {
    const auto length = static_cast<std::size_t>(
        std::max<int>(1, utf8proc_utf8class[static_cast<unsigned char>(*at)]));
    symbols.emplace_back(at, length);
    at += length;
  }
  return symbols;
}

std::vector<Symbol> replace(const VoiceConfig& voice, std::vector<Symbol> symbols) {
  if (voice.replaced.empty()) return symbols;
  std::vector<Symbol> out;
  for (auto& symbol : symbols) {
    const auto found = voice.replaced.find(symbol);
    if (found == voice.replaced.end()) {
      out.push_back(std::move(symbol));
    } else {
      out.insert(out.end(), found->second.begin(), found->second.end());
    }
  }
  return out;
}

/// How many symbols from there on are one; 1 where they are no cluster.
std::size_t cluster_at(const VoiceConfig& voice, const std::vector<Symbol>& symbols,
                       std::size_t at) {
  for (const auto& cluster : voice.clusters) {
    if (cluster.size() <= symbols.size() - at &&
        std::equal(cluster.begin(), cluster.end(),
                   symbols.begin() + static_cast<std::ptrdiff_t>(at))) {
      return cluster.size();
    }
  }
  return 1;
}

std::vector<Symbol> merge(const VoiceConfig& voice, const std::vector<Symbol>& symbols) {
  std::vector<Symbol> out;
  for (std::size_t at = 0; at < symbols.size();) {
    const std::size_t end = at + cluster_at(voice, symbols, at);
    Symbol whole;
    while (at < end) whole += symbols[at++];
    out.push_back(std::move(whole));
  }
  return out;
}

void append(const VoiceConfig& voice, std::string_view symbol, std::vector<std::int64_t>& ids) {
  const auto found = voice.ids.find(symbol);
  if (found != voice.ids.end()) ids.insert(ids.end(), found->second.begin(), found->second.end());
}

}  // namespace

std::vector<std::string> sentences_of(std::string_view clauses) {
  std::vector<std::string> sentences;
  std::string sentence;
  const auto finish = [&] {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
    sentence.clear();
  };
  for (const auto& line : split(clauses, '\n')) {
    const std::string clause = without_languages(trim(line));
    if (clause.empty()) continue;
    if (!sentence.empty() && sentence.back() != ' ') sentence += ' ';
    sentence += clause;
    if (is_one_of(kSentenceMarks, clause.back())) finish();
  }
  while (!sentence.empty() &&
         (sentence.back() == ' ' || is_one_of(kClauseMarks, sentence.back()))) {
    sentence.pop_back();
  }
  if (!sentence.empty()) sentence += '.';
  finish();
  return sentences;
}

std::vector<std::int64_t> ids_of(const VoiceConfig& voice, std::string_view sentence) {
  const auto symbols = merge(voice, replace(voice, code_points_of(sentence)));
  std::vector<std::int64_t> ids;
  append(voice, kBegin, ids);
  append(voice, kPause, ids);
  const std::size_t empty = ids.size();
  for (const auto& symbol : symbols) {
    const std::size_t before = ids.size();
    append(voice, symbol, ids);
    if (ids.size() > before) append(voice, kPause, ids);
  }
  if (ids.size() == empty) return {};
  append(voice, kEnd, ids);
  return ids;
}

}  // namespace hailstone::speech::piper
