// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/box.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/strings.hpp"

namespace hailstone::doctor {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostBytes = 16U << 20U;

char kind_of(mode_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return 'd';
    case S_IFCHR:
      return 'c';
    case S_IFBLK:
      return 'b';
    case S_IFSOCK:
      return 's';
    case S_IFIFO:
      return 'p';
    default:
      return '-';
  }
}

/// path within root: "/proc/1" of "/tmp/box" is "/tmp/box/proc/1".
fs::path below(const fs::path& root, std::string_view path) {
  return root / fs::path(path).relative_path();
}

bool is_there(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;  // what a link of a copy leads to is not there
}

}  // namespace

bool Box::is_hidden(std::string_view path) const {
  return std::any_of(parts_.hidden.begin(), parts_.hidden.end(), [&](const std::string& hidden) {
    return path.starts_with(hidden) && (path.size() == hidden.size() || path[hidden.size()] == '/');
  });
}

std::optional<fs::path> Box::locate(std::string_view path) const {
  for (const auto& root : parts_.roots) {
    // The first root is the machine itself; what it hides is in those behind it.
    if (&root != &parts_.roots.front() && is_hidden(path)) return std::nullopt;
    auto found = below(root, path);
    if (is_there(found)) return found;
  }
  return std::nullopt;
}

std::optional<std::string> Box::text(std::string_view path) const {
  const auto place = locate(path);
  struct stat status {};
  // Opening a FIFO waits, opening a device does something.
  if (!place || ::stat(place->c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  std::ifstream file(*place, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  char buffer[1U << 16U];
  while (text.size() < kMostBytes && (file.read(buffer, sizeof buffer), file.gcount() > 0)) {
    text.append(buffer, static_cast<std::size_t>(file.gcount()));
  }
  if (text.empty() && file.bad()) return std::nullopt;
  return text;
}

std::string Box::line(std::string_view path) const {
  const auto whole = text(path);
  if (!whole) return {};
  const std::string_view view = *whole;
  return std::string(trim(view.substr(0, view.find('\n'))));
}

std::vector<std::string> Box::names(std::string_view path) const {
  std::set<std::string> names;
  for (const auto& root : parts_.roots) {
    std::error_code error;
    for (fs::directory_iterator it(below(root, path), error), end; !error && it != end;
         it.increment(error)) {
      auto name = it->path().filename().string();
      const auto whole = std::string(path) + "/" + name;
      if (&root == &parts_.roots.front() || !is_hidden(whole)) names.insert(std::move(name));
    }
  }
  return {names.begin(), names.end()};
}

std::optional<FileStatus> Box::status(std::string_view path) const {
  const auto place = locate(path);
  if (!place) return std::nullopt;
  struct stat status {};
  if (::stat(place->c_str(), &status) != 0) return std::nullopt;
  constexpr unsigned kPermissions = 07777;
  FileStatus found{kind_of(status.st_mode), status.st_mode & kPermissions, status.st_uid,
                   status.st_gid, static_cast<std::uintmax_t>(status.st_size)};
  if (const auto owner = parts_.owners.find(std::string(path)); owner != parts_.owners.end()) {
    const auto size = found.size;
    found = owner->second;
    found.size = size;
  } else if (!is_live()) {
    found.user = found.group = 0;  // whoever unpacked the copy
    found.mode = found.kind == 'd' ? 0755 : 0644;
  }
  return found;
}

std::string Box::link(std::string_view path) const {
  const auto place = locate(path);
  if (!place) return {};
  std::error_code error;
  const auto target = fs::read_symlink(*place, error);
  return error ? std::string() : target.string();
}

}  // namespace hailstone::doctor
