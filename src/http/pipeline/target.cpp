// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/target.hpp"

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::http {
namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { kLiteral, kBlank };

std::string decode(std::string_view raw, Plus plus) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      const int high = i + 1 < raw.size() ? hex_digit(raw[i + 1]) : -1;
      const int low = i + 2 < raw.size() ? hex_digit(raw[i + 2]) : -1;
      if (high < 0 || low < 0) {
        throw Error(ErrorCode::kBadRequest, "the URL has a broken % escape",
                    "% is followed by two hexadecimal digits; a percent sign itself is %25");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus == Plus::kBlank) {
      c = ' ';
    }
    if (c == '\0') throw Error(ErrorCode::kBadRequest, "the URL contains a NUL");
    out += c;
  }
  if (!is_valid_utf8(out)) throw Error(ErrorCode::kBadRequest, "the URL is not valid UTF-8");
  return out;
}

}  // namespace

std::vector<std::string> parse_path(std::string_view raw_path) {
  if (raw_path.empty() || raw_path.front() != '/') {
    throw Error(ErrorCode::kBadRequest, "the path of the URL must begin with /");
  }
  std::vector<std::string> parts;
  std::size_t begin = 1;
  while (true) {
    const auto slash = raw_path.find('/', begin);
    auto part = decode(raw_path.substr(begin, slash - begin), Plus::kLiteral);
    if (part == "." || part == "..") {
      throw Error(ErrorCode::kBadRequest, "the path of the URL must not contain . or ..");
    }
    parts.push_back(std::move(part));
    if (slash == std::string_view::npos) return parts;
    begin = slash + 1;
  }
}

std::map<std::string, std::string> parse_query(std::string_view raw_query) {
  std::map<std::string, std::string> query;
  while (!raw_query.empty()) {
    const auto item = raw_query.substr(0, raw_query.find('&'));
    raw_query.remove_prefix(std::min(item.size() + 1, raw_query.size()));
    if (item.empty()) continue;
    const auto equals = std::min(item.find('='), item.size());
    auto value = item.substr(equals);
    if (!value.empty()) value.remove_prefix(1);
    auto text = decode(value, Plus::kBlank);
    const auto [entry, is_new] =
        query.try_emplace(decode(item.substr(0, equals), Plus::kBlank), text);
    if (!is_new) entry->second += "," + text;
  }
  return query;
}

Target split_target(std::string_view raw) {
  Target target;
  if (raw == "*") {
    target.path = raw;
    return target;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(raw.substr(0, scheme.size()), scheme)) continue;
    raw.remove_prefix(scheme.size());
    target.authority = raw.substr(0, raw.find_first_of("/?"));
    raw.remove_prefix(target.authority.size());
    if (raw.empty() || raw.front() == '?') {
      target.path = "/";
      target.query = raw.substr(std::min<std::size_t>(1, raw.size()));
      return target;
    }
  }
  if (raw.empty() || raw.front() != '/') {
    throw Error(ErrorCode::kBadRequest, "the path of the URL must begin with /");
  }
  raw = raw.substr(0, raw.find('#'));
  const auto question = std::min(raw.find('?'), raw.size());
  target.path = raw.substr(0, question);
  target.query = raw.substr(std::min(question + 1, raw.size()));
  return target;
}

}  // namespace hailstone::http
