// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/offers.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/config/nearest.hpp"

namespace hailstone::app {
namespace {

struct Group {
  std::string_view name;
  std::vector<std::string_view> services;
};

const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {"text", {"chat", "embed", "rerank", "vlm"}},
      {"vision", {"detect", "pose", "segment", "depth", "ocr", "faces", "classify"}},
      {"speech", {"speak", "transcribe", "voice", "wake"}},
      {"work", {"jobs", "batches"}},
  };
  return table;
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const auto& group : groups()) {
    names.emplace_back(group.name);
    names.insert(names.end(), group.services.begin(), group.services.end());
  }
  return names;
}

[[noreturn]] void refuse_name(const std::string& name) {
  const auto known = known_names();
  const auto nearest = core::find_nearest(name, known);
  throw Error(ErrorCode::kBadRequest,
              "services: there is no service '" + name + "'" +
                  (nearest ? "; is '" + *nearest + "' meant?" : std::string()),
              "These work: " + join(known, ", "));
}

}  // namespace

Offers::Offers(const std::vector<std::string>& names) {
  const auto known = known_names();
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) refuse_name(name);
    const auto group = std::find_if(groups().begin(), groups().end(),
                                    [&](const auto& one) { return one.name == name; });
    if (group == groups().end()) {
      offered_.insert(name);
    } else {
      offered_.insert(group->services.begin(), group->services.end());
    }
  }
}

bool Offers::has(std::string_view service) const {
  return offered_.empty() || offered_.contains(service);
}

void Offers::add(http::Router& router, const std::vector<std::string_view>& services,
                 const std::function<void(http::Router&)>& add) const {
  http::Router own;
  add(own);
  const bool is_offered = std::any_of(services.begin(), services.end(),
                                      [this](const auto& service) { return has(service); });
  const auto refuse = [offered = join({offered_.begin(), offered_.end()}, ", ")](http::Request&,
                                                                                 http::Reply&) {
    throw Error(ErrorCode::kNotFound, "this service is switched off here",
                "Offered are: " + offered + " (the operator's setting 'services')");
  };
  for (const auto* one : own.routes()) {
    http::Route route = *one;
    if (!is_offered) {
      route.handler = refuse;
      route.web_socket = {};
      route.cost = http::Cost::kQuick;
    }
    router.add(std::move(route));
  }
}

}  // namespace hailstone::app
