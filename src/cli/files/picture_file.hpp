// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A picture that somebody names on the command line.

#include <istream>
#include <string>
#include <string_view>

namespace hailstone::cli {

/// "image/jpeg", "image/png" or "image/webp" by the first bytes, which lie less than names; "" for
/// what the service does not read. Pure.
std::string_view picture_type(std::string_view bytes) noexcept;

/// One thread.
class PictureFile {
 public:
  /// name: a path, or "-" for all that comes from in. Looks at the file's beginning only. Throws
  /// Error(kBadRequest) where there is no such file, a folder, or no such picture.
  PictureFile(std::string name, std::istream& in);

  const std::string& name() const noexcept { return name_; }
  std::string_view type() const noexcept { return type_; }
  /// The whole of it. Throws Error(kBadRequest) where it cannot be read any more.
  std::string read() const;

 private:
  std::string name_;
  std::string_view type_;
  std::string piped_;  ///< all of it, where it comes from a pipe
};

}  // namespace hailstone::cli
