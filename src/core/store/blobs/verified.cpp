// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/verified.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

/// One line that changes when the file does.
std::optional<std::string> find_state(const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return std::to_string(info.st_size) + " " + std::to_string(info.st_mtim.tv_sec) + "." +
         std::to_string(info.st_mtim.tv_nsec) + " " + std::to_string(info.st_ino) + "\n";
}

}  // namespace

bool VerifiedMarks::has(std::string_view digest, const fs::path& blob) const {
  const auto hex = find_digest_hex(digest);
  const auto state = find_state(blob);
  if (!hex || !state) return false;
  std::error_code error;
  if (!fs::is_regular_file(folder_ / *hex, error)) return false;  // mostly there is none
  try {
    return read_small_file(folder_ / *hex) == *state;
  } catch (const Error&) {  // it has gone, or is no mark
    return false;
  }
}

void VerifiedMarks::set(std::string_view digest, const fs::path& blob) const {
  const auto hex = find_digest_hex(digest);
  const auto state = find_state(blob);
  if (!hex || !state) return;
  // Not synced: what a power cut takes is only a mark, and the blob was durable before it.
  std::error_code error;
  fs::create_directories(folder_, error);
  const fs::path temporary = folder_ / make_id(".mark-");
  std::ofstream out(temporary, std::ios::binary);
  out << *state;
  out.close();
  if (out) fs::rename(temporary, folder_ / *hex, error);
  if (!out || error) fs::remove(temporary, error);
}

void VerifiedMarks::clear(std::string_view digest) const {
  if (const auto hex = find_digest_hex(digest)) ::unlink((folder_ / *hex).c_str());
}

std::string digest_of_file(const fs::path& file, const RunContext& run) {
  const os::UniqueFd fd = open_to_read(file);
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  Sha256 hash;
  std::string piece(1U << 20U, '\0');
  for (;;) {
    run.check();
    const auto got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0) throw disk_error("read", file, errno);
    if (got == 0) return "sha256:" + hash.hex();
    hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
  }
}

}  // namespace hailstone::core
