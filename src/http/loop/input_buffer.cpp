// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/input_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace hailstone::http {
namespace {

constexpr std::size_t kFirstCapacity = 4 << 10;

}  // namespace

InputBuffer::Space InputBuffer::prepare(std::size_t limit, std::size_t capacity) {
  if (empty()) begin_ = end_ = 0;
  if (begin_ > 0 && end_ == capacity_) {
    std::memmove(data_.get(), data_.get() + begin_, size());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_ || capacity_ < capacity) {
    const auto doubled = std::min(std::max(kFirstCapacity, capacity_ * 2), limit);
    const auto grown = std::max({doubled, capacity, size() + 1});
    auto bigger = std::make_unique_for_overwrite<char[]>(grown);
    if (!empty()) std::memcpy(bigger.get(), data_.get() + begin_, size());
    end_ -= begin_;
    begin_ = 0;
    data_ = std::move(bigger);
    capacity_ = grown;
  }
  return {data_.get() + end_, std::min(capacity_ - end_, limit - size())};
}

void InputBuffer::release() noexcept {
  if (!empty() || capacity_ <= kFirstCapacity) return;
  data_.reset();
  capacity_ = begin_ = end_ = 0;
}

}  // namespace hailstone::http
