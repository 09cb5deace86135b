// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/npu.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::doctor {
namespace {

constexpr std::string_view kPciFolder = "/sys/bus/pci/devices";
constexpr std::string_view kVendor = "0x1e60";

Chip chip_of(std::string_view device) noexcept {
  if (device == "0x2864") return Chip::kHailo8;
  if (device == "0x45c4") return Chip::kHailo10h;
  if (device == "0x43a2" || device == "0x26a2") return Chip::kHailo15;
  return Chip::kOther;
}

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::vector<PciChip> read_chips(const Box& box) {
  std::vector<PciChip> chips;
  for (const auto& address : box.names(kPciFolder)) {
    const auto folder = std::string(kPciFolder) + "/" + address + "/";
    if (box.line(folder + "vendor") != kVendor) continue;
    PciChip chip;
    chip.address = address;
    const auto device = box.line(folder + "device");
    chip.chip = chip_of(device);
    chip.id = "1e60:" + (device.starts_with("0x") ? device.substr(2) : device);
    chip.driver = last_part(box.link(folder + "driver"));
    chip.speed = box.line(folder + "current_link_speed");
    chip.width = box.line(folder + "current_link_width");
    chip.has_iommu = !box.link(folder + "iommu_group").empty();
    chips.push_back(std::move(chip));
  }
  return chips;
}

std::vector<Version> read_libraries(const Box& box) {
  constexpr std::string_view kName = "libhailort.so.";
  std::vector<Version> versions;
  for (const char* folder :
       {"/usr/lib", "/usr/lib/aarch64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/usr/local/lib"}) {
    for (const auto& name : box.names(folder)) {
      if (!name.starts_with(kName)) continue;
      if (const auto version = find_version(name)) versions.push_back(*version);
    }
  }
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  return versions;
}

/// "h1x-0", "hailo0".
bool is_node(std::string_view name) noexcept {
  for (const std::string_view prefix : {"h1x-", "hailo"}) {
    if (name.starts_with(prefix) && name.size() > prefix.size() &&
        name.find_first_not_of("0123456789", prefix.size()) == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::vector<Node> read_nodes(const Box& box) {
  std::vector<Node> nodes;
  for (const auto& name : box.names("/dev")) {
    if (!is_node(name)) continue;
    const auto path = "/dev/" + name;
    if (const auto status = box.status(path)) nodes.push_back({path, *status});
  }
  return nodes;
}

bool has_device_class(const Box& box) {
  const auto lines = split(box.text("/proc/devices").value_or(""), '\n');
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.ends_with(" " + std::string(kDeviceClass));
  });
}

}  // namespace

std::string_view to_string(Chip chip) noexcept {
  switch (chip) {
    case Chip::kHailo8:
      return "Hailo-8";
    case Chip::kHailo10h:
      return "Hailo-10H";
    case Chip::kHailo15:
      return "Hailo-15";
    case Chip::kOther:
      break;
  }
  return "Hailo";
}

const PciChip* Npu::find_10h() const noexcept {
  const auto found = std::find_if(chips.begin(), chips.end(),
                                  [](const auto& one) { return one.chip == Chip::kHailo10h; });
  return found == chips.end() ? nullptr : &*found;
}

Npu read_npu(const Box& box) {
  Npu npu;
  npu.chips = read_chips(box);
  const auto module = "/sys/module/" + std::string(kModule);
  npu.is_loaded = box.has(module);
  npu.driver = find_version(box.line(module + "/version"));
  npu.has_hailo8_module = box.has("/sys/module/hailo_pci");
  npu.libraries = read_libraries(box);
  npu.nodes = read_nodes(box);
  npu.has_device_class = has_device_class(box);
  return npu;
}

}  // namespace hailstone::doctor
