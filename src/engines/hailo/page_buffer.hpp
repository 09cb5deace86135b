// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace hailstone::engines::hailo {

/// Memory that begins at a page and ends with one, as the chip's DMA wants it. Move-only.
class PageBuffer {
 public:
  PageBuffer() noexcept = default;
  explicit PageBuffer(std::size_t size)
      : bytes_(static_cast<std::byte*>(std::aligned_alloc(kPage, rounded(size)))), size_(size) {
    if (!bytes_) throw std::bad_alloc();
  }

  std::span<std::byte> bytes() noexcept { return {bytes_.get(), size_}; }
  std::span<const std::byte> bytes() const noexcept { return {bytes_.get(), size_}; }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t rounded(std::size_t size) noexcept {
    return size == 0 ? kPage : (size + kPage - 1) / kPage * kPage;
  }
  struct Free {
    void operator()(std::byte* bytes) const noexcept { std::free(bytes); }
  };

  std::unique_ptr<std::byte, Free> bytes_;
  std::size_t size_ = 0;
};

}  // namespace hailstone::engines::hailo
