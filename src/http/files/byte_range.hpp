// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The part of a file that a client asks for (RFC 9110, section 14). Pure.

#include <cstdint>
#include <string_view>

namespace hailstone::http {

struct ByteRange {
  enum class Kind {
    kAll,  ///< no range, or one that means nothing to us: the whole
    kPart,
    kUnsatisfiable,  ///< nothing of it is there
  };
  Kind kind = Kind::kAll;
  std::uint64_t begin = 0;
  std::uint64_t length = 0;
};

/// header: "bytes=0-99", "bytes=100-", "bytes=-5"; of several ranges the whole is given, as the
/// standard allows. size: of the file.
ByteRange choose_range(std::string_view header, std::uint64_t size) noexcept;

}  // namespace hailstone::http
