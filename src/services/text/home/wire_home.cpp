// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/wire_home.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"

namespace hailstone::home {
namespace {

using http::Fields;
using http::Json;

constexpr std::size_t kLongestName = 100;  // bytes
constexpr std::size_t kMostAliases = 20;

std::string checked(std::string text, const std::string& path) {
  const auto name = trim(text);
  if (name.empty() || name.size() > kLongestName) {
    throw Error(ErrorCode::kBadRequest, path + " must be 1 to 100 bytes of text");
  }
  return std::string(name);
}

std::vector<std::string> parse_aliases(const Fields& fields) {
  auto aliases = fields.find_strings("aliases").value_or(std::vector<std::string>());
  if (aliases.size() > kMostAliases) throw fields.wrong("aliases", "a list of at most 20 names");
  for (auto& alias : aliases) alias = checked(std::move(alias), fields.path_of("aliases"));
  return aliases;
}

Device parse_device(const Fields& fields) {
  Device device;
  device.name = checked(fields.required_string("name"), fields.path_of("name"));
  device.aliases = parse_aliases(fields);
  device.area = fields.find_string("area").value_or("");
  if (!device.area.empty()) device.area = checked(device.area, fields.path_of("area"));
  device.domain = fields.find_string("domain").value_or("");
  if (device.domain.empty()) {
    const auto id = fields.find_string("entity_id").value_or("");
    device.domain = id.substr(0, id.find('.'));
  }
  if (device.domain.empty()) {
    throw Error(ErrorCode::kBadRequest, fields.path_of("domain") + " is required",
                "light, switch, cover, climate, ...; or an entity_id such as light.kitchen");
  }
  device.domain = checked(to_lower(device.domain), fields.path_of("domain"));
  return device;
}

std::vector<Area> parse_areas(const Fields& root) {
  std::vector<Area> areas;
  const Json* list = root.find_array("areas");
  if (list == nullptr) return areas;
  if (list->size() > kMostDevices) throw root.wrong("areas", "a shorter list");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = "areas[" + std::to_string(i) + "]";
    const Json& item = (*list)[i];
    if (item.is_string()) {
      areas.push_back({checked(item.get<std::string>(), path)});
      continue;
    }
    const Fields fields(item, path);
    areas.push_back(
        {checked(fields.required_string("name"), path + ".name"), parse_aliases(fields)});
  }
  return areas;
}

Json write_slot(const SlotValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const double number = std::get<double>(value);
  if (number == std::floor(number)) return static_cast<std::int64_t>(number);
  return number;
}

}  // namespace

Home parse_home(std::string_view body) {
  const auto json = http::parse_json_object(body);
  const Fields root(json);
  Home home;
  home.areas = parse_areas(root);
  const auto devices = root.find_objects("devices").value_or(std::vector<Fields>());
  if (devices.size() > kMostDevices) throw root.wrong("devices", "a list of at most 2000");
  for (const auto& fields : devices) home.devices.push_back(parse_device(fields));
  for (const auto& device : home.devices) {
    const bool is_known =
        device.area.empty() || std::any_of(home.areas.begin(), home.areas.end(),
                                           [&](const Area& a) { return a.name == device.area; });
    if (!is_known) home.areas.push_back({device.area});
  }
  if (const auto satellites = root.find_object("satellites")) {
    if (satellites->json().size() > kMostDevices) throw root.wrong("satellites", "a shorter map");
    for (const auto& [id, area] : satellites->json().items()) {
      home.satellites[checked(id, "satellites")] = checked(satellites->required_string(id), id);
    }
  }
  return home;
}

std::string write_home(const Home& home) {
  Json areas = Json::array();
  for (const auto& area : home.areas)
    areas.push_back({{"name", area.name}, {"aliases", area.aliases}});
  Json devices = Json::array();
  for (const auto& device : home.devices) {
    devices.push_back({{"name", device.name},
                       {"aliases", device.aliases},
                       {"area", device.area},
                       {"domain", device.domain}});
  }
  Json satellites = Json::object();
  for (const auto& [id, area] : home.satellites) satellites[id] = area;
  return http::to_text({{"areas", std::move(areas)},
                        {"devices", std::move(devices)},
                        {"satellites", std::move(satellites)}});
}

Spoken parse_spoken(std::string_view body) {
  const auto json = http::parse_json_object(body);
  const Fields fields(json);
  Spoken spoken;
  spoken.text = fields.required_string("text");
  spoken.language = fields.find_string("language").value_or("");
  spoken.satellite = fields.find_string("device_id").value_or("");
  return spoken;
}

std::string write_intents(const std::vector<Intent>& intents) {
  Json list = Json::array();
  for (const auto& intent : intents) {
    Json slots = Json::object();
    for (const auto& slot : intent.slots) slots[slot.name] = write_slot(slot.value);
    list.push_back({{"name", intent.name}, {"slots", std::move(slots)}, {"answer", intent.answer}});
  }
  return http::to_text({{"intents", std::move(list)}});
}

}  // namespace hailstone::home
