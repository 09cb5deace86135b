// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/accounts.hpp"

#include <algorithm>
#include <charconv>

#include "base/strings.hpp"

namespace hailstone::doctor {
namespace {

using Entry = std::vector<std::string>;

/// The lines of /etc/passwd or /etc/group that have at least so many fields.
std::vector<Entry> entries(const Box& box, const char* file, std::size_t fields) {
  std::vector<Entry> found;
  for (const auto& line : split(box.text(file).value_or(""), '\n')) {
    auto entry = split(line, ':');
    if (entry.size() >= fields) found.push_back(std::move(entry));
  }
  return found;
}

std::vector<Entry> users(const Box& box) {
  constexpr std::size_t kFields = 6;
  return entries(box, "/etc/passwd", kFields);
}

std::vector<Entry> groups(const Box& box) {
  constexpr std::size_t kFields = 4;
  return entries(box, "/etc/group", kFields);
}

std::optional<unsigned> find_number(const std::string& text) {
  unsigned number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Account> make_account(const Box& box, const Entry& entry) {
  const auto user = find_number(entry[2]);
  const auto group = find_number(entry[3]);
  if (!user || !group) return std::nullopt;
  Account account{entry[0], *user, *group, {*group}, entry[5]};
  for (const auto& one : groups(box)) {
    const auto members = split(one[3], ',');
    const auto number = find_number(one[2]);
    if (number && std::find(members.begin(), members.end(), account.name) != members.end()) {
      account.groups.insert(*number);
    }
  }
  return account;
}

std::string name_in(const std::vector<Entry>& all, unsigned number) {
  for (const auto& entry : all) {
    if (find_number(entry[2]) == number) return entry[0];
  }
  return std::to_string(number);
}

}  // namespace

std::optional<Account> find_account(const Box& box, std::string_view name) {
  for (const auto& entry : users(box)) {
    if (entry[0] == name) return make_account(box, entry);
  }
  return std::nullopt;
}

std::optional<Account> find_account(const Box& box, unsigned user) {
  for (const auto& entry : users(box)) {
    if (find_number(entry[2]) == user) return make_account(box, entry);
  }
  return std::nullopt;
}

std::string group_name(const Box& box, unsigned group) {
  return name_in(groups(box), group);
}

std::string user_name(const Box& box, unsigned user) {
  return name_in(users(box), user);
}

std::optional<unsigned> find_group(const Box& box, std::string_view name) {
  for (const auto& entry : groups(box)) {
    if (entry[0] == name) return find_number(entry[2]);
  }
  return std::nullopt;
}

bool may(const Account& account, const FileStatus& status, Want want) noexcept {
  constexpr unsigned kOwnerShift = 6;
  constexpr unsigned kGroupShift = 3;
  if (account.user == 0) return true;
  unsigned shift = 0;
  if (status.user == account.user) {
    shift = kOwnerShift;
  } else if (account.groups.count(status.group) > 0) {
    shift = kGroupShift;
  }
  const auto wanted = static_cast<unsigned>(want);
  return (status.mode >> shift & wanted) == wanted;
}

std::optional<std::string> find_obstacle(const Box& box, const Account& account,
                                         const std::filesystem::path& path, Want want) {
  std::filesystem::path at;
  for (const auto& part : path.lexically_normal()) {
    at /= part;
    const auto status = box.status(at.native());
    if (!status) return std::nullopt;
    const bool is_last = at == path.lexically_normal();
    if (!may(account, *status, is_last ? want : Want::kEnter)) return at.string();
  }
  return std::nullopt;
}

std::string describe(const Box& box, const FileStatus& status) {
  constexpr unsigned kHighest = 8;
  std::string text(1, status.kind);
  for (unsigned bit = 0; bit <= kHighest; ++bit) {
    const bool is_set = (status.mode >> (kHighest - bit) & 1U) != 0;
    text += is_set ? "rwx"[bit % 3] : '-';
  }
  return text + " " + user_name(box, status.user) + " " + group_name(box, status.group);
}

}  // namespace hailstone::doctor
