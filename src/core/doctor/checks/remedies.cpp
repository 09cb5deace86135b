// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/checks/remedies.hpp"

namespace hailstone::doctor {

std::vector<std::string> rebuild_driver(const Packages& packages) {
  const std::string driver =
      packages.count("hailort-pcie-driver") > 0 ? "hailort-pcie-driver" : "h10-hailort-pcie-driver";
  return {"sudo apt install dkms linux-headers-$(uname -r)",
          "sudo apt install --reinstall " + driver, "sudo modprobe hailo1x_pci",
          "dkms status   # has to name hailo1x_pci and this kernel"};
}

std::vector<std::string> cold_start() {
  return {"sudo rpi-eeprom-update -a", "sudo poweroff",
          "# take the power off for ten seconds: a reboot does not reset the chip"};
}

std::vector<std::string> open_node(const std::string& user) {
  return {"sudo groupadd --system --force hailo", "sudo usermod --append --groups hailo " + user,
          "echo 'SUBSYSTEM==\"hailo1x|hailo_chardev\", GROUP=\"hailo\", MODE=\"0660\"' | sudo tee "
          "/etc/udev/rules.d/60-hailo.rules",
          "sudo udevadm control --reload && sudo udevadm trigger --action=add",
          "sudo systemctl restart hailstone"};
}

}  // namespace hailstone::doctor
