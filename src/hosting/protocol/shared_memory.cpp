// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/protocol/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <utility>

#include "os/system_error.hpp"

namespace hailstone::hosting {
namespace {

Mapping make_slot(std::size_t capacity) {
  // Powers of two: pictures of similar sizes share a slot instead of making it grow each time.
  const std::size_t size = std::bit_ceil(capacity + kSlotHeader);
  os::UniqueFd memory(::memfd_create("hailstone-slot", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory || ::ftruncate(memory.get(), static_cast<off_t>(size)) != 0 ||
      ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    throw os::system_error("cannot make shared memory");
  }
  return {std::move(memory), size};
}

}  // namespace

Mapping::Mapping(os::UniqueFd fd, std::size_t size) : fd_(std::move(fd)), size_(size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (data == MAP_FAILED) throw os::system_error("cannot map shared memory");
  data_ = static_cast<std::byte*>(data);
}

Mapping::Mapping(Mapping&& other) noexcept
    : fd_(std::move(other.fd_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

bool Mapping::is_in_use() const noexcept {
  return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(data_))
             .load(std::memory_order_acquire) != 0;
}

void Mapping::set_in_use(bool in_use) noexcept {
  std::atomic_ref(*reinterpret_cast<std::uint32_t*>(data_))
      .store(in_use ? 1 : 0, std::memory_order_release);
}

std::optional<SlotWriter::Placed> SlotWriter::place(
    std::span<const std::span<const std::byte>> parts, std::size_t size) {
  if (size > kMaxSlotSize - kSlotHeader) return std::nullopt;
  for (std::uint8_t i = 0; i < kMaxSlots; ++i) {
    Mapping& slot = slots_[i];
    if (slot.capacity() > 0 && slot.is_in_use()) continue;
    Placed placed{i, -1};
    if (slot.capacity() < size) {
      slot = make_slot(size);
      placed.new_memory = slot.fd();
    }
    slot.set_in_use(true);
    std::byte* to = slot.payload();
    for (const auto part : parts) {
      if (!part.empty()) std::memcpy(to, part.data(), part.size());
      to += part.size();
    }
    return placed;
  }
  return std::nullopt;
}

void SlotReader::adopt(std::uint8_t slot, os::UniqueFd memory) {
  struct stat info {};
  const int seals = ::fcntl(memory.get(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0 || ::fstat(memory.get(), &info) != 0 ||
      info.st_size <= static_cast<off_t>(kSlotHeader) ||
      info.st_size > static_cast<off_t>(kMaxSlotSize)) {
    throw Error(ErrorCode::kEngineFailed, "the engine host shares unusable memory");
  }
  slots_[slot] =
      std::make_shared<Mapping>(std::move(memory), static_cast<std::size_t>(info.st_size));
}

inference::SharedBytes SlotReader::take(std::uint8_t slot, std::size_t size) {
  const std::shared_ptr<Mapping>& memory = slots_[slot];
  if (memory == nullptr || size > memory->capacity()) {
    throw Error(ErrorCode::kEngineFailed, "the engine host names memory that it did not share");
  }
  const std::span<const std::byte> payload(memory->payload(), size);
  std::shared_ptr<const void> use(memory->payload(),
                                  [memory](const void*) { memory->set_in_use(false); });
  if (sender_ == Peer::kTrusted) return {std::move(use), payload};
  return std::vector<std::byte>(payload.begin(), payload.end());
}

}  // namespace hailstone::hosting
