// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The chip on the bus, and the packages that belong to it.

#include <algorithm>

#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/remedies.hpp"

namespace hailstone::doctor {
namespace {

/// Installed packages of the stack for the Hailo-8, which excludes that for the Hailo-10H.
std::vector<std::string> hailo8_packages(const Packages& packages) {
  std::vector<std::string> found;
  for (const auto& [name, text] : packages) {
    const auto version = find_version(text);
    const bool is_runtime = name == "hailort" || name == "hailort-pcie-driver";
    if (name == "hailo-all" || name == "hailo-dkms" ||
        (is_runtime && version && version->major < 5)) {
      found.push_back(name + " " + text);
    }
  }
  return found;
}

/// Those of the Hailo-10H, under Raspberry Pi OS's names and under the vendor's.
std::vector<std::string> hailo10h_packages(const Packages& packages) {
  std::vector<std::string> found;
  for (const auto& [name, text] : packages) {
    const auto version = find_version(text);
    const bool is_vendors = name == "hailort" || name == "hailort-pcie-driver";
    if (name == "hailo-h10-all" || name.starts_with("h10-") ||
        (is_vendors && version && version->major >= 5)) {
      found.push_back(name + " " + text);
    }
  }
  return found;
}

std::optional<Version> version_of(const Packages& packages, const char* name) {
  const auto found = packages.find(name);
  return found == packages.end() ? std::nullopt : find_version(found->second);
}

/// A runtime under both names: whichever was unpacked last has won.
void check_two_runtimes(const Packages& packages, Findings& findings) {
  const auto ours = version_of(packages, "h10-hailort");
  const auto vendors = version_of(packages, "hailort");
  if (!ours || !vendors || vendors->major < 5) return;
  findings.push_back(problem(
      "two HailoRTs are installed: h10-hailort " + to_string(*ours) + " and hailort " +
          to_string(*vendors),
      "both bring libhailort; programs get one, the driver belongs to the other",
      {"sudo apt purge " +
           std::string(*ours < *vendors ? "'h10-*' hailo-h10-all" : "hailort hailort-pcie-driver"),
       *ours < *vendors ? "sudo apt install --reinstall hailort hailort-pcie-driver"
                        : "sudo apt install --reinstall hailo-h10-all",
       "sudo reboot"}));
}

/// hailo-ollama's package wants the very version of the library that it was built with.
void check_gen_ai(const Packages& packages, Findings& findings) {
  const auto gen_ai = version_of(packages, "hailo-gen-ai-model-zoo");
  const auto runtime = version_of(packages, "h10-hailort") ? version_of(packages, "h10-hailort")
                                                           : version_of(packages, "hailort");
  if (!gen_ai || !runtime || (gen_ai->major == runtime->major && gen_ai->minor == runtime->minor)) {
    return;
  }
  findings.push_back(warning(
      "hailo-gen-ai-model-zoo " + to_string(*gen_ai) + " beside HailoRT " + to_string(*runtime),
      "hailo-ollama does not start with it, and an upgrade of that package deletes the models it "
      "had pulled; Hailstone needs neither",
      {"sudo apt purge hailo-gen-ai-model-zoo", "hailstone pull qwen2.5:1.5b"}));
}

void check_dkms(const Packages& packages, Findings& findings) {
  const bool has_driver =
      packages.count("h10-hailort-pcie-driver") > 0 || packages.count("hailort-pcie-driver") > 0;
  if (!has_driver || packages.count("dkms") > 0) return;
  findings.push_back(warning("the driver was built without dkms",
                             "it is for this kernel alone, and gone after the next kernel upgrade",
                             rebuild_driver(packages)));
}

/// The GStreamer applications' libraries; which belong to which runtime.
void check_tappas(const Packages& packages, Findings& findings) {
  const auto tappas = version_of(packages, "hailo-tappas-core");
  const auto runtime = version_of(packages, "h10-hailort") ? version_of(packages, "h10-hailort")
                                                           : version_of(packages, "hailort");
  if (!tappas || !runtime || runtime->major < 5) return;
  if (tappas->major == runtime->major && tappas->minor == runtime->minor) return;
  findings.push_back(note(
      "hailo-tappas-core " + to_string(*tappas) + " beside HailoRT " + to_string(*runtime),
      "Hailo's own GStreamer applications want 5.1.0 with 5.1.1, else equal versions; Hailstone "
      "does without",
      {"sudo apt install --reinstall hailo-tappas-core"}));
}

/// Python's binding is a wheel for one version of the library.
void check_python(const Examination& examination, Findings& findings) {
  if (examination.npu.libraries.empty()) return;
  const auto& library = examination.npu.libraries.back();
  for (const char* folder :
       {"/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages",
        "/usr/local/lib/python3.11/dist-packages", "/usr/local/lib/python3.13/dist-packages"}) {
    for (const auto& name : examination.box.names(folder)) {
      if (!name.starts_with("hailort-")) continue;
      const auto version = find_version("v" + name.substr(8));
      if (!version || *version == library) continue;
      findings.push_back(
          note("Python's hailo_platform is " + to_string(*version) + ", the library " +
                   to_string(library),
               "workers in Python that open the chip fail; Hailstone itself needs no Python",
               {"sudo apt install --reinstall python3-h10-hailort"}));
    }
  }
}

Findings no_chip(const Examination& examination) {
  const auto installed = hailo10h_packages(examination.packages);
  if (installed.empty() && !examination.npu.is_loaded) {
    return {note("no Hailo on the PCI bus", "models run on the processor", {})};
  }
  return {problem(
      "no Hailo on the PCI bus, but " +
          (installed.empty() ? std::string("its driver is loaded") : installed.front()) +
          (installed.empty() ? "" : " is installed"),
      "the board is not seated, its ribbon is loose, or the PCIe connector is off",
      {"sudo rpi-eeprom-update -a", "sudo poweroff",
       "# take the power off for ten seconds, seat the board and both ends of its ribbon",
       "grep -n pciex1 /boot/firmware/config.txt   # 'dtparam=pciex1=off' must not be there",
       "lspci -nn -d 1e60:"})};
}

}  // namespace

Findings check_chip(const Examination& examination) {
  const auto& chips = examination.npu.chips;
  if (chips.empty()) return no_chip(examination);
  Findings findings;
  for (const auto& chip : chips) {
    const auto what = std::string(to_string(chip.chip)) + " (" + chip.id + ") at " + chip.address;
    if (chip.chip == Chip::kHailo10h) {
      findings.push_back(ok(what));
    } else {
      findings.push_back(note(what,
                              "Hailstone's engine is for the Hailo-10H; the stack of another "
                              "chip excludes its own. Models run on the processor",
                              {}));
    }
  }
  return findings;
}

Findings check_packages(const Examination& examination) {
  if (examination.npu.find_10h() == nullptr) return {skipped("no Hailo-10H")};
  const auto wrong = hailo8_packages(examination.packages);
  if (!wrong.empty()) {
    return {problem("packages of the Hailo-8 on a machine with a Hailo-10H: " + join(wrong, ", "),
                    "the two stacks exclude each other: that driver and library do not know this "
                    "chip. 'hailo-all' is for the Hailo-8, whatever a guide says",
                    {"sudo apt install dkms hailo-h10-all", "sudo reboot"})};
  }
  const auto installed = hailo10h_packages(examination.packages);
  Findings findings;
  if (installed.empty() && examination.npu.libraries.empty()) {
    findings.push_back(problem("HailoRT is not installed",
                               "the chip is there and nothing can use it",
                               {"sudo apt update", "sudo apt install dkms hailo-h10-all",
                                "# Debian 12 has no such package: there, the vendor's hailort and "
                                "hailort-pcie-driver",
                                "sudo reboot"}));
    return findings;
  }
  findings.push_back(ok(installed.empty() ? "HailoRT, not from a package" : join(installed, ", ")));
  check_two_runtimes(examination.packages, findings);
  check_gen_ai(examination.packages, findings);
  check_dkms(examination.packages, findings);
  check_tappas(examination.packages, findings);
  check_python(examination, findings);
  return findings;
}

}  // namespace hailstone::doctor
