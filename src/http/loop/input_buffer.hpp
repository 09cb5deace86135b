// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bytes that have been read and not been parsed, in one piece.

#include <cstddef>
#include <memory>
#include <string_view>

namespace hailstone::http {

/// Not thread-safe. Grows by doubling. Between prepare() and commit() the bytes stay where they
/// are, also while others are consumed: the kernel may be writing behind them.
class InputBuffer {
 public:
  std::string_view bytes() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const noexcept { return end_ - begin_; }
  bool empty() const noexcept { return begin_ == end_; }

  struct Space {
    char* data;
    std::size_t size;
  };
  /// Where the next bytes may be written: at least one, and not more than makes limit in all, which
  /// must be more than size(). capacity: how much it should hold at least.
  Space prepare(std::size_t limit, std::size_t capacity = 0);
  void commit(std::size_t size) noexcept { end_ += size; }
  void consume(std::size_t size) noexcept { begin_ += size; }
  /// Gives a large, empty buffer back. Not between prepare() and commit().
  void release() noexcept;

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hailstone::http
