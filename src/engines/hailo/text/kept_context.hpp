// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is in the chip's context, and in contexts that were put aside: a conversation that goes on
// sends only what is new. Owned by one thread.

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "engines/hailo/chip/chip.hpp"

namespace hailstone::engines::hailo {

class KeptContext {
 public:
  explicit KeptContext(LanguageModel& model) : model_(model) {}

  struct Beginning {
    std::string_view rest;  ///< of the prompt: what has still to be written
    std::size_t kept = 0;   ///< tokens that are there already
  };
  /// Brings the chip to where as much of the prompt as can be is in the context. Throws ChipError.
  Beginning prepare(const std::string& prompt);

  /// What the chip has now, as a reply has ended well.
  void set(std::string text) { text_ = std::move(text); }
  /// Nobody knows what it has: the next prompt begins with an empty one.
  void forget() noexcept { is_known_ = false; }

  /// How fast prompts are read, which says whether putting aside pays.
  void note_reading(std::size_t tokens, std::chrono::nanoseconds time) noexcept;

 private:
  struct Saved {
    std::string text;
    std::vector<std::byte> context;
  };

  void put_aside();
  bool take_up(const std::string& prompt);
  bool pays(std::size_t tokens) const noexcept;

  LanguageModel& model_;
  std::string text_;
  bool is_known_ = true;
  std::list<Saved> saved_;  // used last first
  double reading_ns_ = 0;   // per token; 0: not known
  double moving_ns_ = 0;    // to save and to restore; 0: not tried
};

}  // namespace hailstone::engines::hailo
