// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/unix_socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <ctime>

#include "os/system_error.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.size() >= sizeof(address.sun_path)) {
    throw Error(ErrorCode::kInternal, "the socket path is too long: " + text,
                "a unix socket's path has at most 107 bytes; choose a shorter home directory");
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

fs::path default_parent() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && access(runtime, W_OK | X_OK) == 0) return runtime;
  return fs::temp_directory_path();
}

constexpr std::string_view kPrefix = "hailstone-run-";

/// The folder itself, locked; empty while somebody else has it locked.
UniqueFd lock_folder(const fs::path& folder) noexcept {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.reset();
  return fd;
}

/// Its owner may have made it a moment ago and not have locked it yet.
bool is_old(const UniqueFd& folder) noexcept {
  constexpr std::time_t kMoment = 10;
  struct stat info {};
  return ::fstat(folder.get(), &info) == 0 && info.st_uid == ::geteuid() &&
         info.st_mtim.tv_sec + kMoment < std::time(nullptr);
}

void remove_abandoned(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error)) {
    if (!it->path().filename().native().starts_with(kPrefix)) continue;
    const UniqueFd folder = lock_folder(it->path());
    std::error_code ignored;
    if (folder && is_old(folder)) fs::remove_all(it->path(), ignored);
  }
}

}  // namespace

std::pair<UniqueFd, UniqueFd> make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw system_error("cannot make a socket pair");
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

RuntimeDirectory::RuntimeDirectory(fs::path parent) {
  if (parent.empty()) parent = default_parent();
  remove_abandoned(parent);
  std::string pattern = (parent / kPrefix).native() + "XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr)
    throw system_error("cannot make a folder in " + pattern);
  path_ = pattern;
  lock_ = lock_folder(path_);
}

RuntimeDirectory::~RuntimeDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path RuntimeDirectory::socket_path(std::string_view name) const {
  fs::path path = path_ / name;
  address_of(path);
  return path;
}

UniqueFd connect_unix(const fs::path& path) {
  const sockaddr_un address = address_of(path);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) throw system_error("cannot make a socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return fd;
  }
  if (errno == ECONNREFUSED || errno == ENOENT) return {};
  throw system_error("cannot connect to " + path.native());
}

void remove_stale_socket(const fs::path& path) {
  std::error_code ignored;
  const auto type = fs::symlink_status(path, ignored).type();
  if (type == fs::file_type::not_found) return;
  if (type != fs::file_type::socket) {
    throw Error(ErrorCode::kConflict, path.native() + " is in the way and is not a socket");
  }
  if (connect_unix(path)) {
    throw Error(ErrorCode::kConflict, "another program listens on " + path.native());
  }
  fs::remove(path, ignored);
}

}  // namespace hailstone::os
