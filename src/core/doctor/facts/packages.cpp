// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/packages.hpp"

#include <string_view>

namespace hailstone::doctor {
namespace {

bool is_wanted(std::string_view name) noexcept {
  return name.find("hailo") != std::string_view::npos || name == "dkms" ||
         name.starts_with("linux-headers");
}

/// The value of a field at the beginning of a line: "Version" in "Version: 5.1.1".
std::string_view field_of(std::string_view paragraph, std::string_view name) {
  for (std::size_t at = 0; at < paragraph.size();) {
    const auto end = std::min(paragraph.find('\n', at), paragraph.size());
    const auto line = paragraph.substr(at, end - at);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": ")) {
      return line.substr(name.size() + 2);
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

Packages read_packages(const Box& box) {
  Packages packages;
  const auto status = box.text("/var/lib/dpkg/status").value_or("");
  const std::string_view whole = status;
  for (std::size_t at = 0; at < whole.size();) {
    const auto end = std::min(whole.find("\n\n", at), whole.size());
    const auto paragraph = whole.substr(at, end - at);
    const auto name = field_of(paragraph, "Package");
    if (is_wanted(name) && field_of(paragraph, "Status").ends_with(" installed")) {
      packages.emplace(name, field_of(paragraph, "Version"));
    }
    at = end + 2;
  }
  return packages;
}

}  // namespace hailstone::doctor
