// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

namespace hailstone::inference {

/// Bytes that nobody changes any more, and whatever keeps them: a vector that was given away,
/// memory shared with another process, a library's own value. Copies are cheap, and any thread may
/// read and drop them; what keeps them goes with the last.
class SharedBytes {
 public:
  SharedBytes() noexcept = default;

  /// Takes a container of plain values over: std::vector<float>, std::string.
  template <std::ranges::contiguous_range Container>
  requires(!std::is_lvalue_reference_v<Container> && !std::same_as<Container, SharedBytes> &&
           !std::ranges::borrowed_range<Container> &&
           std::is_trivially_copyable_v<std::ranges::range_value_t<Container>>)
      SharedBytes(Container&& values) {  // NOLINT(google-explicit-constructor): as a vector moves
    auto kept = std::make_shared<const Container>(std::move(values));
    bytes_ = std::as_bytes(std::span(std::ranges::data(*kept), std::ranges::size(*kept)));
    keeper_ = std::move(kept);
  }

  /// keeper keeps bytes alive and unchanged.
  SharedBytes(std::shared_ptr<const void> keeper, std::span<const std::byte> bytes) noexcept
      : keeper_(std::move(keeper)), bytes_(bytes) {}

  const std::byte* data() const noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return bytes_.size(); }
  bool empty() const noexcept { return bytes_.empty(); }
  auto begin() const noexcept { return bytes_.begin(); }
  auto end() const noexcept { return bytes_.end(); }
  std::byte operator[](std::size_t i) const noexcept { return bytes_[i]; }

  /// A part of them, which keeps all. Within size().
  SharedBytes part(std::size_t offset, std::size_t size) const noexcept {
    return {keeper_, bytes_.subspan(offset, size)};
  }

  bool operator==(const SharedBytes& other) const noexcept {
    return std::ranges::equal(*this, other);
  }

 private:
  std::shared_ptr<const void> keeper_;
  std::span<const std::byte> bytes_;
};

}  // namespace hailstone::inference
