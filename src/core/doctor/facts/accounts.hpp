// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Users, groups, and what a user may do with a file: judged by owner, group and mode, so that one
// user can ask for another.

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {

struct Account {
  std::string name;
  unsigned user = 0;
  unsigned group = 0;         ///< the first
  std::set<unsigned> groups;  ///< all of them
  std::string home;
};

/// Of /etc/passwd and /etc/group. Nothing where there is no such user.
std::optional<Account> find_account(const Box& box, std::string_view name);
std::optional<Account> find_account(const Box& box, unsigned user);

/// Its number where it has no name.
std::string group_name(const Box& box, unsigned group);
std::string user_name(const Box& box, unsigned user);
std::optional<unsigned> find_group(const Box& box, std::string_view name);

enum class Want : unsigned {
  kRead = 4,
  kWrite = 2,
  kReadWrite = 6,
  kEnter = 1,
  kList = 5,
  kChange = 7
};

/// root may do everything. Access control lists are not looked at.
bool may(const Account& account, const FileStatus& status, Want want) noexcept;

/// The first part of the path that keeps account from what it wants of its last one; nothing where
/// nothing does, or where there is no such path.
std::optional<std::string> find_obstacle(const Box& box, const Account& account,
                                         const std::filesystem::path& path, Want want);

/// "crw-rw---- root hailo".
std::string describe(const Box& box, const FileStatus& status);

}  // namespace hailstone::doctor
