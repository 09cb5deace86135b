// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What there is of a Hailo chip, read without opening it: PCI, driver, library and device nodes.
// Opening would take the chip from whoever uses it.

#include <optional>
#include <string>
#include <vector>

#include "core/doctor/facts/box.hpp"
#include "core/doctor/facts/version.hpp"

namespace hailstone::doctor {

enum class Chip { kHailo8, kHailo10h, kHailo15, kOther };

/// "Hailo-10H".
std::string_view to_string(Chip chip) noexcept;

struct PciChip {
  std::string address;  ///< "0001:01:00.0"
  Chip chip = Chip::kOther;
  std::string id;      ///< "1e60:45c4"
  std::string driver;  ///< that it is bound to; "": none
  std::string speed;   ///< "8.0 GT/s PCIe"
  std::string width;   ///< "1"
  bool has_iommu = false;
};

/// The module of the Hailo-10H's driver: hailo1x_pci.
inline constexpr std::string_view kModule = "hailo1x_pci";
/// How the character device is called in /proc/devices, in all versions.
inline constexpr std::string_view kDeviceClass = "hailo1x";

struct Node {
  std::string path;  ///< "/dev/hailo0" up to driver 5.2, "/dev/h1x-0" from 5.3 on
  FileStatus status;
};

struct Npu {
  std::vector<PciChip> chips;
  std::optional<Version> driver;   ///< that is loaded
  bool is_loaded = false;          ///< its module
  bool has_hailo8_module = false;  ///< is loaded
  std::vector<Version> libraries;  ///< libhailort.so, each version once, ascending
  std::vector<Node> nodes;
  bool has_device_class = false;  ///< /proc/devices knows it

  /// The first Hailo-10H; null where there is none.
  const PciChip* find_10h() const noexcept;
};

Npu read_npu(const Box& box);

}  // namespace hailstone::doctor
