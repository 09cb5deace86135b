// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/truncation/cut_end.hpp"

#include "base/strings.hpp"

namespace hailstone::services {
namespace {

/// A cut text can come out as more tokens than were kept, because it is cut elsewhere into tokens
/// than before. Each round keeps fewer.
constexpr int kMostRounds = 4;

/// What is looked at of a text, per token that may stay: hardly any is longer.
constexpr std::size_t kUsefulBytes = 32;

}  // namespace

bool cut_end(std::string& text, std::size_t room, inference::TextSession& session,
             const RunContext& run) {
  if (text.size() <= room) return false;  // no token is shorter than a byte
  // Of many megabytes only the front can stay.
  const std::size_t useful = room * kUsefulBytes;
  const bool is_huge = text.size() > useful;
  if (is_huge) text.resize(utf8_prefix(text, useful).size());
  auto tokens = session.tokenize(text, run);
  if (tokens.size() <= room) return is_huge;
  std::size_t keep = room;
  for (int round = 0; round < kMostRounds && tokens.size() > room; ++round) {
    tokens.resize(keep);
    text = session.detokenize(tokens, run);
    text.resize(text.size() - incomplete_utf8_tail(text));
    tokens = session.tokenize(text, run);
    keep -= keep / 16;
  }
  return true;
}

}  // namespace hailstone::services
