// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/home_index.hpp"

#include <utility>

namespace hailstone::home {
namespace {

template <typename Named>
std::set<std::string> names_of(const Named& thing) {
  std::set<std::string> names{join_words(split_words(thing.name))};
  for (const auto& alias : thing.aliases) names.insert(join_words(split_words(alias)));
  names.erase("");
  return names;
}

}  // namespace

HomeIndex::HomeIndex(Home home) : home_(std::move(home)) {
  for (std::size_t i = 0; i < home_.devices.size(); ++i) {
    const auto& device = home_.devices[i];
    for (const auto& name : names_of(device)) devices_[name].push_back(i);
    kinds_.emplace(device.domain, device.area);
    kinds_.emplace(device.domain, "");
  }
  for (std::size_t i = 0; i < home_.areas.size(); ++i) {
    for (const auto& name : names_of(home_.areas[i])) areas_.emplace(name, i);
  }
}

std::vector<const Device*> HomeIndex::find_devices(WordSpan words) const {
  std::vector<const Device*> found;
  const auto places = devices_.find(join_words(words));
  if (places == devices_.end()) return found;
  for (const auto place : places->second) found.push_back(&home_.devices[place]);
  return found;
}

const Area* HomeIndex::find_area(WordSpan words) const {
  const auto place = areas_.find(join_words(words));
  return place == areas_.end() ? nullptr : &home_.areas[place->second];
}

bool HomeIndex::has(std::string_view domain, std::string_view area) const {
  return kinds_.contains(std::pair(std::string(domain), std::string(area)));
}

std::string HomeIndex::area_of(const std::string& satellite) const {
  const auto found = home_.satellites.find(satellite);
  return found == home_.satellites.end() ? std::string() : found->second;
}

}  // namespace hailstone::home
