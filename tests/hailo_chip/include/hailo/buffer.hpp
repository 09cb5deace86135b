// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "hailo/expected.hpp"

namespace hailort {

class Buffer {
 public:
  explicit Buffer(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  std::uint8_t* data() noexcept { return bytes_.data(); }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> bytes_;
};
using BufferPtr = std::shared_ptr<Buffer>;

class MemoryView {
 public:
  MemoryView() noexcept = default;
  MemoryView(void* data, std::size_t size) noexcept : data_(data), size_(size) {}
  static const MemoryView create_const(const void* data, std::size_t size) noexcept {
    return {const_cast<void*>(data), size};
  }
  std::uint8_t* data() noexcept { return static_cast<std::uint8_t*>(data_); }
  const std::uint8_t* data() const noexcept { return static_cast<const std::uint8_t*>(data_); }
  std::size_t size() const noexcept { return size_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hailort
