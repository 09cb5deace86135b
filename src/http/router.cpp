// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "http/pipeline/target.hpp"

namespace hailstone::http {
namespace {

std::string join_rest(const std::vector<std::string>& path, std::size_t first) {
  std::string rest = path[first];
  for (auto i = first + 1; i < path.size(); ++i) rest.append("/").append(path[i]);
  return rest;
}

}  // namespace

std::vector<Router::Part> Router::parse_pattern(std::string_view pattern) {
  std::vector<Part> parts;
  for (auto& text : parse_path(pattern)) {
    if (!parts.empty() && parts.back().kind == Part::Kind::kRest) {
      throw std::logic_error("route " + std::string(pattern) + ": {...} must stand last");
    }
    if (text.empty() || text.front() != '{') {
      parts.push_back({Part::Kind::kName, std::move(text)});
      continue;
    }
    if (text.back() != '}') throw std::logic_error("route " + std::string(pattern) + ": {");
    auto name = text.substr(1, text.size() - 2);
    const auto dots = name.rfind("...");
    const bool is_rest = dots != std::string::npos && dots + 3 == name.size();
    if (is_rest) name.resize(dots);
    parts.push_back({is_rest ? Part::Kind::kRest : Part::Kind::kParam, std::move(name)});
  }
  return parts;
}

void Router::add(Route route) {
  auto parts = parse_pattern(route.pattern);
  const auto before = [](const Part& a, const Part& b) {
    return std::tie(a.kind, a.text) < std::tie(b.kind, b.text);
  };
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), parts, [&](const Entry& entry, const auto& wanted) {
        return std::lexicographical_compare(entry.parts.begin(), entry.parts.end(), wanted.begin(),
                                            wanted.end(), before);
      });
  const auto same = [](const Part& a, const Part& b) {
    return a.kind == b.kind && a.text == b.text;
  };
  const bool is_known = at != entries_.end() && std::equal(at->parts.begin(), at->parts.end(),
                                                           parts.begin(), parts.end(), same);
  auto& entry = is_known ? *at : *entries_.insert(at, Entry{std::move(parts), {}});
  for (const auto& known : entry.routes) {
    if (known->method != route.method) continue;
    throw std::logic_error("two routes for " + std::string(to_string(route.method)) + " " +
                           route.pattern);
  }
  entry.routes.push_back(std::make_unique<Route>(std::move(route)));
}

bool Router::fits(const Entry& entry, const std::vector<std::string>& path) noexcept {
  const auto& parts = entry.parts;
  const bool takes_rest = parts.back().kind == Part::Kind::kRest;
  if (takes_rest ? path.size() < parts.size() : path.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind == Part::Kind::kName && parts[i].text != path[i]) return false;
    if (parts[i].kind != Part::Kind::kName && path[i].empty()) return false;
  }
  return true;
}

const Route* Router::find_route(const Entry& entry, Method method) noexcept {
  const Route* found = nullptr;
  for (const auto& route : entry.routes) {
    if (route->method == method) return route.get();
    if (method == Method::kHead && route->method == Method::kGet) found = route.get();
  }
  return found;
}

Router::Match Router::find(Method method, std::string_view raw_path) const {
  const auto path = parse_path(raw_path);
  Match match;
  const auto allow = [&allowed = match.allowed](Method one) {
    if (std::find(allowed.begin(), allowed.end(), one) == allowed.end()) allowed.push_back(one);
  };
  for (const auto& entry : entries_) {
    if (!fits(entry, path)) continue;
    for (const auto& route : entry.routes) {
      allow(route->method);
      if (route->method == Method::kGet) allow(Method::kHead);
    }
    if (match.route != nullptr) continue;
    match.route = find_route(entry, method);
    for (std::size_t i = 0; match.route != nullptr && i < entry.parts.size(); ++i) {
      const auto& part = entry.parts[i];
      if (part.kind == Part::Kind::kParam) match.params[part.text] = path[i];
      if (part.kind == Part::Kind::kRest) match.params[part.text] = join_rest(path, i);
    }
  }
  auto more = match.allowed.empty() && more_ ? more_() : nullptr;
  if (more == nullptr) return match;
  match = more->find(method, raw_path);
  match.keeper = std::move(more);
  return match;
}

void Router::change_each(const std::function<void(Route&)>& change) {
  for (auto& entry : entries_) {
    for (auto& route : entry.routes) change(*route);
  }
}

std::vector<const Route*> Router::routes() const {
  std::vector<const Route*> routes;
  for (const auto& entry : entries_) {
    for (const auto& route : entry.routes) routes.push_back(route.get());
  }
  return routes;
}

}  // namespace hailstone::http
