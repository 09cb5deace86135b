// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"

namespace hailstone::sound {
namespace {

Error failure(const std::filesystem::path& folder) {
  return {ErrorCode::kInternal,
          "an upload cannot be kept in " + folder.native() + ": " + std::strerror(errno)};
}

/// A file that is gone as soon as nobody has it open.
int open_nameless(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
  std::string path = (folder / "upload-XXXXXX").native();  // file systems without such files
  const int named = ::mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(path.c_str());
  return named;
}

}  // namespace

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

void Spool::write(std::string_view bytes) {
  if (file_ < 0 && memory_.size() + bytes.size() <= kMostMemory) {
    memory_ += bytes;
    return;
  }
  if (file_ < 0) move_to_file();
  append(bytes);
}

void Spool::move_to_file() {
  file_ = open_nameless(folder_);
  if (file_ < 0) throw failure(folder_);
  append(memory_);
  memory_ = std::string();
}

void Spool::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) throw failure(folder_);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

std::unique_ptr<media::ByteSource> Spool::source() const {
  if (file_ < 0) return std::make_unique<media::MemorySource>(memory_);
  return std::make_unique<media::FileSource>(file_);
}

}  // namespace hailstone::sound
