// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The driver, and the three versions that have to be the same.

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/remedies.hpp"

namespace hailstone::doctor {
namespace {

/// What this program was written for.
constexpr std::array kKnown = {Version{5, 1, 1}, Version{5, 2, 0}, Version{5, 3, 0},
                               Version{5, 4, 0}};

std::string kernel_of(const Box& box) {
  return box.line("/proc/sys/kernel/osrelease");
}

/// Kernels of /lib/modules that have the driver.
std::vector<std::string> kernels_with_driver(const Box& box) {
  std::vector<std::string> kernels;
  for (const auto& kernel : box.names("/lib/modules")) {
    for (const char* folder : {"/updates/dkms", "/updates", "/extra", "/kernel/drivers/misc",
                               "/kernel/drivers/media/pci/hailo"}) {
      const auto files = box.names("/lib/modules/" + kernel + folder);
      const bool has = std::any_of(files.begin(), files.end(), [](const std::string& file) {
        return file.starts_with(std::string(kModule) + ".ko");
      });
      if (!has) continue;
      kernels.push_back(kernel);
      break;
    }
  }
  return kernels;
}

Finding unbound(const Examination& examination) {
  const auto& npu = examination.npu;
  if (npu.is_loaded) {
    return problem(std::string(kModule) + " is loaded, but not bound to the chip",
                   "its start failed; the line of npu.kernel_log says where. Mostly the chip did "
                   "not come up, which only taking its power away repairs",
                   cold_start());
  }
  const auto kernel = kernel_of(examination.box);
  const auto kernels = kernels_with_driver(examination.box);
  if (std::find(kernels.begin(), kernels.end(), kernel) != kernels.end()) {
    return problem(std::string(kModule) + " is built for this kernel, but not loaded",
                   "nothing can reach the chip",
                   {"sudo modprobe hailo1x_pci", "journalctl -k -b | grep -i hailo"});
  }
  if (!kernels.empty()) {
    return problem(
        "the driver is built for kernel " + join(kernels, ", ") + ", and " + kernel + " runs",
        "the kernel was upgraded, and the driver was not built anew",
        rebuild_driver(examination.packages));
  }
  return problem("no driver for the chip", "nothing can reach it",
                 {"sudo apt install dkms hailo-h10-all", "sudo reboot"});
}

/// Hailo's own installer refuses them.
bool is_unlucky(std::string_view kernel) noexcept {
  for (const std::string_view bad : {"6.12.21", "6.12.22", "6.12.23", "6.12.24", "6.12.25"}) {
    if (kernel.starts_with(bad)) return true;
  }
  return false;
}

std::string describe_versions(const Examination& examination) {
  std::string text = "driver " + (examination.npu.driver ? to_string(*examination.npu.driver)
                                                         : std::string("unknown"));
  for (const auto& library : examination.npu.libraries) text += ", library " + to_string(library);
  if (examination.firmware) text += ", firmware " + to_string(*examination.firmware);
  return text;
}

/// The package of the driver, which may be newer than what is loaded.
std::optional<Version> installed_driver(const Packages& packages) {
  for (const char* name : {"h10-hailort-pcie-driver", "hailort-pcie-driver"}) {
    const auto found = packages.find(name);
    if (found != packages.end()) return find_version(found->second);
  }
  return std::nullopt;
}

Finding library_differs(const Examination& examination) {
  const auto& library = examination.npu.libraries.back();
  constexpr const char* kMeans =
      "HailoRT opens the chip only with a driver of its own version (status 76, 85 or 86)";
  if (installed_driver(examination.packages) == library) {
    return problem(describe_versions(examination) + "; the driver of the library is installed",
                   std::string(kMeans) + ". The old one is still loaded", {"sudo reboot"});
  }
  std::vector<std::string> fix = {"sudo apt update"};
  if (examination.packages.count("hailort") > 0) {
    fix.push_back("# from hailo.ai: hailort and hailort-pcie-driver of one version, then");
    fix.emplace_back("sudo apt install ./hailort_*.deb ./hailort-pcie-driver_*.deb");
  } else {
    fix.emplace_back("sudo apt install --reinstall dkms h10-hailort h10-hailort-pcie-driver");
  }
  fix.emplace_back("sudo reboot");
  return problem(describe_versions(examination), kMeans, std::move(fix));
}

Finding firmware_differs(const Examination& examination) {
  auto fix = cold_start();
  fix.insert(fix.begin(), {"sudo rmmod hailo1x_pci",
                           "echo 1 | sudo tee /sys/bus/pci/devices/" +
                               examination.npu.find_10h()->address + "/reset",
                           "sudo modprobe hailo1x_pci", "# if the versions still differ:"});
  return problem(describe_versions(examination),
                 "the chip still runs the firmware that it was started with before the driver was "
                 "upgraded (status 85 or 86)",
                 std::move(fix));
}

Finding judge_known(const Examination& examination) {
  const auto text = describe_versions(examination);
  const auto& version = *examination.npu.driver;
  if (version < kKnown.front()) {
    return problem(text, "Hailstone needs HailoRT 5.1.1 or later",
                   {"sudo apt update", "sudo apt full-upgrade", "sudo reboot"});
  }
  if (version > kKnown.back()) {
    return note(text, "newer than the versions that Hailstone was written for (up to 5.4.0)", {});
  }
  return ok(text);
}

struct LogPattern {
  std::string_view pattern;
  Verdict verdict;
  std::string_view means;
  enum class Cure { kColdStart, kCma, kBusy, kPcie } cure;
};

/// Of the kernel's log; the first that is there counts.
constexpr std::array kPatterns = {
    LogPattern{"Device disconnected", Verdict::kProblem,
               "the chip dropped off the bus under its driver (statuses 36 and 62)",
               LogPattern::Cure::kColdStart},
    LogPattern{"device may be disconnected", Verdict::kProblem,
               "the chip does not answer on the bus any more", LogPattern::Cure::kColdStart},
    LogPattern{"Timeout waiting for firmware", Verdict::kProblem,
               "the chip did not come up after a warm reboot", LogPattern::Cure::kColdStart},
    LogPattern{
        "error -110", Verdict::kProblem,
        "the chip did not take its firmware: a driver for another chip, or one that was left "
        "in the middle of something",
        LogPattern::Cure::kColdStart},
    LogPattern{
        "err -110", Verdict::kProblem,
        "the chip did not take its firmware: a driver for another chip, or one that was left "
        "in the middle of something",
        LogPattern::Cure::kColdStart},
    LogPattern{"VDMA_ENABLE_CHANNELS", Verdict::kWarning,
               "a program ended without giving its channels back; the next one may be refused",
               LogPattern::Cure::kBusy},
    LogPattern{"cma_alloc", Verdict::kWarning,
               "contiguous memory ran short: loads take minutes, and frames per second fall over "
               "hours of use",
               LogPattern::Cure::kCma},
    LogPattern{"vDMA timeout", Verdict::kWarning, "transfers to the chip time out under load",
               LogPattern::Cure::kPcie},
    LogPattern{"AER: ", Verdict::kWarning, "the PCIe link reports errors: mostly its ribbon",
               LogPattern::Cure::kPcie},
};

std::vector<std::string> cure(LogPattern::Cure which) {
  switch (which) {
    case LogPattern::Cure::kColdStart:
      return cold_start();
    case LogPattern::Cure::kCma:
      return {"# in /boot/firmware/config.txt: dtoverlay=cma,cma-512", "sudo reboot"};
    case LogPattern::Cure::kBusy:
      return {"sudo systemctl stop hailstone", "sudo rmmod hailo1x_pci",
              "sudo modprobe hailo1x_pci", "sudo systemctl start hailstone"};
    case LogPattern::Cure::kPcie:
      break;
  }
  return {"# seat both ends of the ribbon; then in /boot/firmware/cmdline.txt: pcie_aspm=off",
          "sudo reboot"};
}

std::optional<std::string> kernel_log(const Box& box) {
  auto output = box.run({"journalctl", "-k", "-b", "--no-pager", "-o", "cat"});
  if (!output || output->status != 0 || output->text.empty()) output = box.run({"dmesg"});
  if (!output || output->status != 0 || output->text.empty()) return std::nullopt;
  return output->text;
}

/// What the driver said before it last brought the chip up has passed.
std::vector<std::string> since_last_start(std::vector<std::string> lines) {
  for (std::size_t i = lines.size(); i > 0; --i) {
    if (lines[i - 1].find("Probing: Added board") == std::string::npos) continue;
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  return lines;
}

/// Other devices have such lines, too; but for those of the memory that all share.
bool is_ours(const std::string& line, const PciChip& chip) {
  return line.find("hailo") != std::string::npos || line.find(chip.address) != std::string::npos ||
         line.find("cma_alloc") != std::string::npos;
}

}  // namespace

Findings check_driver(const Examination& examination) {
  const auto* chip = examination.npu.find_10h();
  if (chip == nullptr) return {skipped("no Hailo-10H")};
  Findings findings;
  if (chip->driver.empty()) {
    findings.push_back(unbound(examination));
  } else if (!chip->driver.starts_with("hailo1x")) {
    findings.push_back(
        problem("the driver '" + chip->driver + "' has the chip, and it is that of the Hailo-8",
                "it cannot start a Hailo-10H ('SOC SECOND_STAGE ... err -110' in the kernel's log)",
                {"echo blacklist hailo_pci | sudo tee /etc/modprobe.d/blacklist-hailo8.conf",
                 "sudo apt install dkms hailo-h10-all", "sudo reboot"}));
  } else {
    findings.push_back(ok(std::string(kModule) + " has the chip"));
  }
  const auto kernel = kernel_of(examination.box);
  if (is_unlucky(kernel)) {
    findings.push_back(warning("kernel " + kernel,
                               "Hailo's installer refuses the kernels 6.12.21 to 6.12.25",
                               {"sudo apt full-upgrade", "sudo reboot"}));
  }
  return findings;
}

Findings check_versions(const Examination& examination) {
  const auto& npu = examination.npu;
  if (npu.find_10h() == nullptr) return {skipped("no Hailo-10H")};
  if (!npu.driver) return {skipped("no driver is loaded")};
  if (npu.libraries.empty()) {
    return {problem(describe_versions(examination) + ", no libhailort.so",
                    "the driver is there, the library is not", {"sudo apt install h10-hailort"})};
  }
  const auto& libraries = npu.libraries;
  if (std::find(libraries.begin(), libraries.end(), *npu.driver) == libraries.end()) {
    return {library_differs(examination)};
  }
  if (examination.firmware && *examination.firmware != *npu.driver) {
    return {firmware_differs(examination)};
  }
  Findings findings = {judge_known(examination)};
  if (libraries.size() > 1) {
    findings.push_back(note("several libraries: " + describe_versions(examination),
                            "each program takes the one it was linked with; Hailstone takes the "
                            "driver's",
                            {"ls -l /usr/lib/libhailort.so.* /usr/local/lib/libhailort.so.*"}));
  }
  return findings;
}

Findings check_kernel_log(const Examination& examination) {
  const auto* chip = examination.npu.find_10h();
  if (chip == nullptr) return {skipped("no Hailo-10H")};
  const auto log = kernel_log(examination.box);
  if (!log) return {skipped("the kernel's log may not be read: try 'sudo hailstone doctor'")};
  const auto lines = since_last_start(split(*log, '\n'));
  for (const auto& pattern : kPatterns) {
    for (const auto& line : lines) {
      if (line.find(pattern.pattern) == std::string::npos || !is_ours(line, *chip)) continue;
      Finding finding{pattern.verdict,
                      "the kernel says: " + line,
                      std::string(pattern.means),
                      cure(pattern.cure),
                      {}};
      return {std::move(finding)};
    }
  }
  return {ok("nothing bad")};
}

}  // namespace hailstone::doctor
