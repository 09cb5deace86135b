// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/files/regular_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <string>

#include "os/system_error.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

/// The kernel's name for what a descriptor stands for; opening it opens that very file again.
std::string name_of(const UniqueFd& fd) {
  return "/proc/self/fd/" + std::to_string(fd.get());
}

Error cannot_open(const fs::path& path) {
  const bool is_missing = errno == ENOENT || errno == ENOTDIR;
  return system_error("cannot open " + path.native(), errno,
                      is_missing ? ErrorCode::kNotFound : ErrorCode::kBadRequest);
}

const char* kind_of(const struct stat& info) noexcept {
  if (S_ISDIR(info.st_mode)) return "a folder";
  if (S_ISFIFO(info.st_mode)) return "a pipe";
  if (S_ISSOCK(info.st_mode)) return "a socket";
  return "a device";
}

}  // namespace

UniqueFd open_regular_file(const fs::path& path) {
  const UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place) throw cannot_open(path);
  struct stat info {};
  if (::fstat(place.get(), &info) != 0) throw cannot_open(path);
  if (!S_ISREG(info.st_mode)) {
    throw Error(ErrorCode::kBadRequest, path.native() + " is " + kind_of(info) + ", not a file");
  }
  UniqueFd file(::open(name_of(place).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) throw cannot_open(path);
  return file;
}

std::ifstream open_regular_stream(const fs::path& path) {
  const UniqueFd file = open_regular_file(path);
  std::ifstream stream(name_of(file), std::ios::binary);
  if (!stream) throw cannot_open(path);
  return stream;
}

MappedFile::MappedFile(const fs::path& path) {
  const UniqueFd file = open_regular_file(path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throw cannot_open(path);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return;  // cannot be mapped, and need not be
  void* const begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (begin == MAP_FAILED) throw system_error("cannot read " + path.native());
  bytes_ = {static_cast<const std::byte*>(begin), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace hailstone::os
