// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a language model says what is to be done in a home: in lines of few tokens ("!on kitchen
// light"), among plain text, instead of calls of tools. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/text/home/home_index.hpp"

namespace hailstone::home {

/// What a model has to be told: how to act, and the devices, those first that the text may mean. At
/// most that many bytes.
std::string describe_home(const Home& home, std::string_view text, std::size_t limit);

/// Takes a reply apart while it is written: lines of orders, and text.
class OrderReader {
 public:
  /// here: the area where it is said; may be empty. The home outlives it.
  OrderReader(const HomeIndex& home, std::string here, std::string language)
      : home_(home), here_(std::move(here)), language_(std::move(language)) {}

  /// The text that can be passed on; what may still become an order is kept back.
  std::string push(std::string_view piece);
  std::string finish();

  /// So far. Orders that the home cannot carry out are not among them.
  const std::vector<Intent>& intents() const noexcept { return intents_; }
  bool has_bad_orders() const noexcept { return has_bad_; }

 private:
  std::string take_line(std::string line);
  void obey(std::string_view order);

  const HomeIndex& home_;
  const std::string here_;
  const std::string language_;
  std::string line_;      // from its beginning, as long as it may be an order
  bool is_text_ = false;  // the present line is none
  std::vector<Intent> intents_;
  bool has_bad_ = false;
};

}  // namespace hailstone::home
