// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A home as its owner has told of it, and what is to be done in it. Values.

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace hailstone::home {

struct Device {
  std::string name;  ///< as Home Assistant calls it: it looks it up by this
  std::vector<std::string> aliases{};
  std::string area{};    ///< the name of one; may be empty
  std::string domain{};  ///< "light", "cover", "climate", ...: Home Assistant's

  bool operator==(const Device&) const = default;
};

struct Area {
  std::string name;
  std::vector<std::string> aliases{};

  bool operator==(const Area&) const = default;
};

struct Home {
  std::vector<Area> areas;
  std::vector<Device> devices;
  /// In which area a device stands that somebody speaks to: Home Assistant's id -> area.
  std::map<std::string, std::string> satellites;

  bool is_known() const noexcept { return !devices.empty(); }
  bool operator==(const Home&) const = default;
};

using SlotValue = std::variant<std::string, double>;

struct Slot {
  std::string name;
  SlotValue value;

  bool operator==(const Slot&) const = default;
};

/// An intent of Home Assistant's, which carries it out itself.
struct Intent {
  std::string name;  ///< "HassTurnOn"
  std::vector<Slot> slots{};
  /// What is said where Home Assistant has nothing to say; may be a template of its.
  std::string answer{};

  bool operator==(const Intent&) const = default;
};

}  // namespace hailstone::home
