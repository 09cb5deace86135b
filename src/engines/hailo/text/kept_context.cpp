// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/kept_context.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"

namespace hailstone::engines::hailo {
namespace {

/// Shorter ones are read again in the time that saving takes.
constexpr std::size_t kWorthSaving = 256;
constexpr std::size_t kMostSaved = 3;

double since_ns(SteadyTime begin) {
  return static_cast<double>((system_clock().now() - begin).count());
}

bool goes_on(const std::string& prompt, const std::string& before) noexcept {
  return !before.empty() && prompt.size() > before.size() && prompt.starts_with(before);
}

}  // namespace

KeptContext::Beginning KeptContext::prepare(const std::string& prompt) {
  const bool was_known = std::exchange(is_known_, false);  // until all below has worked
  if (!was_known) text_.clear();
  if (!goes_on(prompt, text_)) {
    if (!text_.empty()) put_aside();
    if (!take_up(prompt)) {
      model_.clear();
      text_.clear();
    }
  }
  const Beginning beginning{std::string_view(prompt).substr(text_.size()),
                            text_.empty() ? 0 : model_.used()};
  is_known_ = true;
  return beginning;
}

bool KeptContext::pays(std::size_t tokens) const noexcept {
  if (tokens < kWorthSaving) return false;
  if (reading_ns_ == 0 || moving_ns_ == 0) return true;  // to find out
  return reading_ns_ * static_cast<double>(tokens) > moving_ns_;
}

void KeptContext::put_aside() {
  if (!pays(model_.used())) return;
  const SteadyTime begin = system_clock().now();
  saved_.push_front({text_, model_.save()});
  moving_ns_ = since_ns(begin) * 2;  // and back
  if (saved_.size() > kMostSaved) saved_.pop_back();
}

/// The longest one that the prompt continues.
bool KeptContext::take_up(const std::string& prompt) {
  auto best = saved_.end();
  for (auto it = saved_.begin(); it != saved_.end(); ++it) {
    const bool is_longer = best == saved_.end() || it->text.size() > best->text.size();
    if (goes_on(prompt, it->text) && is_longer) best = it;
  }
  if (best == saved_.end()) return false;
  model_.clear();
  model_.restore(best->context);
  text_ = best->text;
  saved_.splice(saved_.begin(), saved_, best);
  return true;
}

void KeptContext::note_reading(std::size_t tokens, std::chrono::nanoseconds time) noexcept {
  constexpr std::size_t kTelling = 64;
  if (tokens < kTelling) return;
  reading_ns_ = static_cast<double>(time.count()) / static_cast<double>(tokens);
}

}  // namespace hailstone::engines::hailo
