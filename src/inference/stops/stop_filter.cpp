// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/stops/stop_filter.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::inference {
namespace {

/// Length of the longest end of text that begins stop.
std::size_t overlap(std::string_view text, std::string_view stop) noexcept {
  for (std::size_t n = std::min(text.size(), stop.size()); n > 0; --n) {
    if (text.substr(text.size() - n) == stop.substr(0, n)) return n;
  }
  return 0;
}

}  // namespace

std::string StopFilter::push(std::string_view text) {
  if (stop_text_) return {};
  waiting_ += text;
  std::size_t first = std::string::npos;
  std::size_t keep = 0;
  for (const auto& stop : stops_) {
    if (stop.empty()) continue;
    if (const auto found = waiting_.find(stop); found < first) {
      first = found;
      stop_text_ = stop;
    }
    keep = std::max(keep, overlap(waiting_, stop));
  }
  std::string shown = waiting_.substr(0, stop_text_ ? first : waiting_.size() - keep);
  waiting_ = stop_text_ ? std::string() : waiting_.substr(shown.size());
  return shown;
}

std::string StopFilter::finish() {
  return std::exchange(waiting_, {});
}

}  // namespace hailstone::inference
