// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the time of a request went, as the header Server-Timing tells it.

#include <chrono>
#include <string>

#include "base/clock.hpp"

namespace hailstone::picture {

/// A value. Sums over all pictures and tiles of the request.
struct Timings {
  std::chrono::nanoseconds decode{};  ///< file to pixels
  std::chrono::nanoseconds pre{};     ///< pixels to the network's input
  std::chrono::nanoseconds queue{};   ///< until the model was there
  std::chrono::nanoseconds infer{};   ///< in the engine, the way there and back included
  std::chrono::nanoseconds post{};    ///< output to result

  Timings& operator+=(const Timings& other) noexcept;
};

/// "decode;dur=3.21, pre;dur=0.85, queue;dur=0.00, infer;dur=58.10, post;dur=0.42": milliseconds.
/// https://www.w3.org/TR/server-timing/
std::string write_server_timing(const Timings& timings);

/// Adds the time of its scope to one of them.
class Stage {
 public:
  Stage(std::chrono::nanoseconds& sum, const Clock& clock) noexcept
      : sum_(sum), clock_(clock), begin_(clock.now()) {}
  ~Stage() { sum_ += clock_.now() - begin_; }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

 private:
  std::chrono::nanoseconds& sum_;
  const Clock& clock_;
  const SteadyTime begin_;
};

}  // namespace hailstone::picture
