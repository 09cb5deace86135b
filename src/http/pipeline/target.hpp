// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The request target ("/api/jobs/a%20b?x=1") taken apart. Pure. Split first, decoded part by part,
// so that no encoded character can change the structure.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::http {

/// What stands between the slashes of a path that begins with "/": "/" has one empty part. Throws
/// Error(kBadRequest) for broken escapes, NUL, bytes that are no UTF-8, and "." or ".." as a part.
std::vector<std::string> parse_path(std::string_view raw_path);

/// "a=1&b=x+y&c": "+" is a blank; several of one name add up, "1,2". Throws
/// Error(kBadRequest) as above.
std::map<std::string, std::string> parse_query(std::string_view raw_query);

struct Target {
  std::string_view authority;  ///< only of "http://host/path", the form that proxies get
  std::string_view path;       ///< raw; "*" for the whole server
  std::string_view query;      ///< raw, without "?"
};

/// The parts are views into raw. Throws Error(kBadRequest) unless it is a path, a URL or "*".
Target split_target(std::string_view raw);

}  // namespace hailstone::http
