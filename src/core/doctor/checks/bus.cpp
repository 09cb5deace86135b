// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What lies between the chip and this machine's memory.

#include <algorithm>
#include <charconv>

#include "base/byte_size.hpp"
#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/meminfo.hpp"

namespace hailstone::doctor {
namespace {

/// A language model of 1.5 billion parameters takes 234 MB; what has 256 MB has the default.
constexpr ByteSize kEnoughCma = ByteSize::mib(300);

const std::vector<std::string>& set_cma() {
  static const std::vector<std::string> kCommands = {
      "sudo sed -i 's/ cma=[^ ]*//' /boot/firmware/cmdline.txt",
      "echo dtoverlay=cma,cma-512 | sudo tee -a /boot/firmware/config.txt", "sync", "sudo reboot"};
  return kCommands;
}

/// "cma=1G" of a kernel's command line; "" where there is none.
std::string cma_word(const std::string& line) {
  for (const auto& word : split(line, ' ')) {
    if (word.starts_with("cma=")) return word;
  }
  return {};
}

/// "8.0 GT/s PCIe".
double speed_of(const std::string& text) {
  double speed = 0;
  std::from_chars(text.data(), text.data() + text.size(), speed);
  return speed;
}

/// Solid state disks have the PCI class 0108.
bool has_nvme(const Box& box) {
  for (const auto& address : box.names("/sys/bus/pci/devices")) {
    if (box.line("/sys/bus/pci/devices/" + address + "/class").starts_with("0x0108")) return true;
  }
  return false;
}

bool is_raspberry_pi(const Box& box) {
  return box.line("/proc/device-tree/model").starts_with("Raspberry Pi");
}

}  // namespace

Findings check_cma(const Examination& examination) {
  if (examination.npu.find_10h() == nullptr) return {skipped("no Hailo-10H")};
  const Box& box = examination.box;
  const auto total = find_meminfo(box, "CmaTotal");
  if (!total) return {skipped("the kernel does not tell of contiguous memory")};
  const auto word = cma_word(box.line("/boot/firmware/cmdline.txt"));
  if (total->count() == 0 && !is_raspberry_pi(box)) {
    return {note("no contiguous memory (CmaTotal is 0)",
                 "if language models fail with status 81, start the kernel with cma=512M", {})};
  }
  if (total->count() == 0) {
    return {
        problem("no contiguous memory (CmaTotal is 0)" + (word.empty() ? "" : ", with " + word),
                "language and vision language models cannot load: status 81. On a Raspberry Pi 5 "
                "more than 512 MB gives none at all",
                set_cma())};
  }
  const auto free = find_meminfo(box, "CmaFree").value_or(ByteSize());
  const auto text = "contiguous memory: " + to_string(*total) + ", " + to_string(free) + " free";
  if (!word.empty() && is_raspberry_pi(box)) {
    return {warning(text + ", by " + word + " in cmdline.txt",
                    "since the firmware of May 2026 that breaks the VideoCore's mailbox; the "
                    "overlay does not",
                    set_cma())};
  }
  if (*total < kEnoughCma) {
    return {warning(text,
                    "a language model takes 234 MB of it, Whisper up to 150 MB more; loads "
                    "that find too little take minutes or fail (81)",
                    set_cma())};
  }
  return {ok(text + "; little that is free is no leak: the page cache borrows it")};
}

Findings check_link(const Examination& examination) {
  const auto* chip = examination.npu.find_10h();
  if (chip == nullptr) return {skipped("no Hailo-10H")};
  if (chip->speed.empty()) return {skipped("the kernel does not tell of the link")};
  constexpr double kGeneration3 = 8.0;
  const auto text = chip->speed + ", width " + chip->width;
  Findings findings;
  const double speed = speed_of(chip->speed);
  if (speed > 0 && speed < kGeneration3) {
    findings.push_back(
        warning(text,
                "the link runs below generation 3: pictures and loads take "
                "twice as long",
                {"echo dtparam=pciex1_gen=3 | sudo tee -a /boot/firmware/config.txt", "sync",
                 "sudo reboot", "# if it stays so: seat both ends of the ribbon"}));
  } else {
    findings.push_back(ok(text));
  }
  if (has_nvme(examination.box) && is_raspberry_pi(examination.box)) {
    findings.push_back(note("a disk shares the one PCIe lane with the chip",
                            "switches for that lane are flaky, and loads slow each other down",
                            {}));
  }
  return findings;
}

Findings check_pages(const Examination& examination) {
  const auto* chip = examination.npu.find_10h();
  if (chip == nullptr) return {skipped("no Hailo-10H")};
  const auto pages = examination.box.run({"getconf", "PAGESIZE"});
  std::string text = pages && pages->status == 0
                         ? "pages of " + std::string(trim(pages->text)) + " bytes"
                         : std::string("page size unknown");
  text += chip->has_iommu ? ", behind an IOMMU" : ", no IOMMU";
  if (chip->has_iommu) {
    return {note(text, "if transfers fail, try the kernel's iommu=pt", {})};
  }
  return {ok(text)};
}

}  // namespace hailstone::doctor
