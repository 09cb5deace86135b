// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes from a connection -> one HTTP reply. Pure: does no input or output of its own.

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "net/http_client.hpp"

namespace hailstone::net {

inline constexpr std::size_t kMaxHeadBytes = 32 << 10;

enum class BodyOf { kGet, kHead };

/// Owned by one thread.
class ResponseParser {
 public:
  /// Head and body go to the callbacks as they are understood. Nothing for max_body: no limit.
  ResponseParser(BodyOf kind, std::optional<std::size_t> max_body, const OnHead& on_head,
                 const OnPiece& on_piece);
  ~ResponseParser();

  /// Returns how many bytes were used up: what is left must be offered again, with more behind it.
  /// Throws ConnectionError(kNotHttp), Error(kTooLarge), and what the callbacks throw.
  std::size_t put(std::string_view bytes);

  /// The connection has ended. Throws ConnectionError(kBroken) if the reply needs more.
  void end();

  /// Whether any byte has come.
  bool has_started() const noexcept;
  bool is_done() const noexcept;
  /// Whether the connection can carry another request afterwards.
  bool keeps_connection() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::net
