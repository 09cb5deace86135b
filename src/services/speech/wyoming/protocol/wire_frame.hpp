// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The framing of events: a line of JSON, then as many bytes of further JSON and of payload as it
// says. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "services/speech/wyoming/protocol/event.hpp"

namespace hailstone::wyoming {

/// The protocol has none: a client could have us keep whatever it names.
struct FrameLimits {
  std::size_t line = std::size_t{64} << 10;
  std::size_t data = std::size_t{256} << 10;
  std::size_t payload = std::size_t{1} << 20;  ///< half a minute of speech
};

/// Takes events out of bytes that come in any pieces. Owned by one thread.
class FrameReader {
 public:
  explicit FrameReader(FrameLimits limits = {}) noexcept : limits_(limits) {}

  void push(std::string_view bytes) { buffer_ += bytes; }

  /// The next event that is complete. Throws Error(kBadRequest) for what is no event and
  /// Error(kTooLarge) for one over the limits, as soon as that can be seen; the stream is of no use
  /// then.
  std::optional<Event> next();

  /// Whether an event has begun that is not complete.
  bool is_within_event() const noexcept { return head_ || !buffer_.empty(); }

 private:
  struct Head {
    Event event;
    std::size_t data_length = 0;
    std::size_t payload_length = 0;
  };
  bool read_head();

  const FrameLimits limits_;
  std::string buffer_;
  std::size_t searched_ = 0;  // where no end of the line was found
  std::optional<Head> head_;
};

/// Its data must be a JSON object as text, or empty.
std::string write_frame(const Event& event);

}  // namespace hailstone::wyoming
