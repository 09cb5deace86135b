// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/byte_source.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

Error failure(const char* what) {
  return {ErrorCode::kInternal,
          std::string("a sound file cannot be ") + what + ": " + std::strerror(errno)};
}

}  // namespace

std::size_t MemorySource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= bytes_.size()) return 0;
  const std::size_t count = std::min<std::size_t>(out.size(), bytes_.size() - offset);
  std::memcpy(out.data(), bytes_.data() + offset, count);
  return count;
}

FileSource::FileSource(int descriptor) : descriptor_(descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw failure("looked at");
  size_ = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
}

std::size_t FileSource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= size_) return 0;
  const std::size_t wanted = std::min<std::uint64_t>(out.size(), size_ - offset);
  std::size_t done = 0;
  while (done < wanted) {
    const auto got =
        ::pread(descriptor_, out.data() + done, wanted - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw failure("read");
    if (got == 0) break;  // cut off meanwhile
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace hailstone::media
