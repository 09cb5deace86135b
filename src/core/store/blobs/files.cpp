// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kLargestText = 4U << 20U;

ErrorCode code_of(int error_number) noexcept {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ErrorCode::kOutOfMemory;
    case EROFS:
    case EACCES:
    case EPERM:
      return ErrorCode::kForbidden;
    case ENOENT:
      return ErrorCode::kNotFound;
    default:
      return ErrorCode::kEngineFailed;
  }
}

std::string advice_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "delete models that are not needed ('hailstone delete'), or set HAILSTONE_MODELS to a "
             "folder on a larger disk";
    case EFBIG:
      return "the file system takes no file that large; set HAILSTONE_MODELS to a folder on "
             "another";
    case EROFS:
      return "the file system is read-only; mount it writable, or set HAILSTONE_MODELS to a folder "
             "that is";
    case EACCES:
    case EPERM:
      return "the user that runs the service needs write access to the folder, or set "
             "HAILSTONE_MODELS to one where it has it";
    case EIO:
      return "the disk reports errors: see 'dmesg', and run 'hailstone fsck' once it is well";
    default:
      return {};
  }
}

}  // namespace

Error disk_error(std::string_view verb, const fs::path& path, int error_number) {
  return Error(code_of(error_number),
               "cannot " + std::string(verb) + " " + path.string() + ": " +
                   std::generic_category().message(error_number),
               advice_for(error_number));
}

bool is_store_file(const fs::path& file, const std::vector<fs::path>& roots) {
  std::error_code error;
  const auto type = fs::symlink_status(file, error).type();
  if (type != fs::file_type::symlink) return type == fs::file_type::regular;
  const fs::path real = fs::canonical(file, error);
  if (error || !fs::is_regular_file(real, error)) return false;
  return std::any_of(roots.begin(), roots.end(), [&](const fs::path& root) {
    std::error_code ignored;
    const std::string below = fs::weakly_canonical(root, ignored).native() + "/";
    return real.native().starts_with(below);
  });
}

os::UniqueFd open_to_read(const fs::path& file) {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait.
  os::UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) throw disk_error("read", file, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw disk_error("read", file, errno);
  if (!S_ISREG(info.st_mode)) {
    throw Error(ErrorCode::kForbidden, "cannot read " + file.string() + ": not a regular file");
  }
  return fd;
}

std::ifstream open_stream(const fs::path& file) {
  const os::UniqueFd fd = open_to_read(file);
  std::ifstream stream("/proc/self/fd/" + std::to_string(fd.get()), std::ios::binary);
  if (!stream) throw disk_error("read", file, errno);
  return stream;
}

os::UniqueFd open_to_write(const fs::path& file, OpenMode mode) {
  const int flags =
      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (mode == OpenMode::kNew ? O_EXCL : 0);
  os::UniqueFd fd(::open(file.c_str(), flags, 0644));
  if (!fd) throw disk_error("write", file, errno);
  return fd;
}

void write_at(const os::UniqueFd& fd, std::string_view bytes, std::uint64_t offset,
              const fs::path& file) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      throw disk_error("write", file, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void sync_file(const os::UniqueFd& fd, const fs::path& file) {
  if (::fsync(fd.get()) != 0) throw disk_error("write", file, errno);
}

void sync_folder(const fs::path& folder) {
  const os::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some network file systems refuse to sync folders; they have no need to.
  if (!fd || (::fsync(fd.get()) != 0 && errno != EINVAL)) {
    throw disk_error("write", folder, errno);
  }
}

void ensure_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw disk_error("create", folder, error.value());
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw disk_error("write", to, errno);
}

bool remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw disk_error("delete", file, errno);
}

void replace_file(const fs::path& file, std::string_view bytes, const fs::path& temporary,
                  FileAccess access) {
  struct Undo {
    const fs::path& path;
    ~Undo() { ::unlink(path.c_str()); }  // once it is renamed there is nothing left to remove
  };
  const os::UniqueFd fd = open_to_write(temporary, OpenMode::kNew);
  const Undo undo{temporary};
  if (access == FileAccess::kOwner && ::fchmod(fd.get(), 0600) != 0) {
    throw disk_error("write", temporary, errno);
  }
  write_at(fd, bytes, 0, temporary);
  sync_file(fd, temporary);
  rename_file(temporary, file);
  sync_folder(file.parent_path());
}

std::string read_small_file(const fs::path& file) {
  const os::UniqueFd fd = open_to_read(file);
  std::string text;
  std::string piece(64U << 10U, '\0');
  for (;;) {
    const auto got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0) throw disk_error("read", file, errno);
    if (got == 0) return text;
    text.append(piece, 0, static_cast<std::size_t>(got));
    if (text.size() > kLargestText) {
      throw Error(ErrorCode::kTooLarge, file.string() + " is too large to be text");
    }
  }
}

}  // namespace hailstone::core
