// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A text that is being written, cut into what can be said by itself: the first piece early, so that
// speaking begins soon, later ones whole sentences, so that they sound well. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::voice {

/// Belongs to one thread. All pieces, one behind the other, are the text.
class ClauseCutter {
 public:
  /// The pieces that are complete now.
  std::vector<std::string> push(std::string_view text);
  /// The rest; nothing where there is none.
  std::optional<std::string> finish();

 private:
  std::size_t find_cut() const;
  bool ends_clause(std::size_t at) const;
  bool is_quoted(std::size_t at) const;

  std::string waiting_;
  bool is_first_ = true;
};

/// Whether there is anything in it that a voice can say.
bool has_words(std::string_view text) noexcept;

}  // namespace hailstone::voice
