// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Unix sockets between the daemon and its engines, and the private folder they stand in.

#include <filesystem>
#include <string_view>
#include <utility>

#include "os/unique_fd.hpp"

namespace hailstone::os {

/// Two ends of one stream, both closed on exec. Throws Error(kInternal).
std::pair<UniqueFd, UniqueFd> make_socket_pair();

/// A folder that only this user may enter, removed with everything in it at the end. What a process
/// left behind that was killed goes when the next one makes a folder beside it.
class RuntimeDirectory {
 public:
  /// Makes a fresh folder below parent; an empty parent: XDG_RUNTIME_DIR, else the system's folder
  /// for temporary files. Throws Error(kInternal).
  explicit RuntimeDirectory(std::filesystem::path parent = {});
  ~RuntimeDirectory();
  RuntimeDirectory(const RuntimeDirectory&) = delete;
  RuntimeDirectory& operator=(const RuntimeDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// path() / name. Throws Error(kInternal) where that is longer than a socket's path may be.
  std::filesystem::path socket_path(std::string_view name) const;

 private:
  std::filesystem::path path_;
  UniqueFd lock_;  // tells others that it is in use
};

/// Connected, blocking, closed on exec; an empty one if nobody listens there. Throws
/// Error(kInternal) for a path that is too long, and for other failures.
UniqueFd connect_unix(const std::filesystem::path& path);

/// Removes a socket file that nobody listens on any more; fine if there is none. Throws
/// Error(kConflict) where somebody still does or where the path is something else.
void remove_stale_socket(const std::filesystem::path& path);

}  // namespace hailstone::os
