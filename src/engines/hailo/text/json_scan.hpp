// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace hailstone::engines::hailo {

/// Where the JSON object or array at the beginning of a text that comes in pieces ends. A value.
class JsonScan {
 public:
  /// How many bytes of the piece belong to it.
  std::size_t push(std::string_view piece) noexcept {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (is_complete_) return i;
      take(piece[i]);
    }
    return piece.size();
  }
  bool is_complete() const noexcept { return is_complete_; }

 private:
  void take(char c) noexcept {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (is_text_) {
      is_escaped_ = c == '\\';
      is_text_ = c != '"';
    } else if (c == '"') {
      is_text_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      is_complete_ = --depth_ <= 0;
    }
  }

  int depth_ = 0;
  bool is_text_ = false;
  bool is_escaped_ = false;
  bool is_complete_ = false;
};

}  // namespace hailstone::engines::hailo
