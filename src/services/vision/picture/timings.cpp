// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/timings.hpp"

#include <cstdio>

namespace hailstone::picture {

Timings& Timings::operator+=(const Timings& other) noexcept {
  decode += other.decode;
  pre += other.pre;
  queue += other.queue;
  infer += other.infer;
  post += other.post;
  return *this;
}

std::string write_server_timing(const Timings& timings) {
  const auto ms = [](std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  char text[256];
  const int length = std::snprintf(
      text, sizeof text,
      "decode;dur=%.2f, pre;dur=%.2f, queue;dur=%.2f, infer;dur=%.2f, post;dur=%.2f",
      ms(timings.decode), ms(timings.pre), ms(timings.queue), ms(timings.infer), ms(timings.post));
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace hailstone::picture
