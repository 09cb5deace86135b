// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Programs of others that the service runs: whether their files can be read, and whether they share
// the chip.

#include <algorithm>

#include "base/error.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/workers/worker_file.hpp"

namespace hailstone::doctor {
namespace {

namespace fs = std::filesystem;

bool is_chip(const fs::path& device) {
  const std::string name = device.filename().native();
  return name.starts_with("hailo") || name.starts_with("h1x");
}

/// As far as its own files tell: what they import is not looked at.
bool opens_alone(const Box& box, const fs::path& folder) {
  std::string code;
  for (const auto& name : box.names(folder.native())) {
    if (name.ends_with(".py")) code += box.text((folder / name).native()).value_or("");
  }
  return code.find("VDevice(") != std::string::npos && code.find("SHARED") == std::string::npos;
}

void judge(const Box& box, const inference::WorkerManifest& worker, Findings& findings) {
  const auto& devices = worker.cage.devices;
  if (std::none_of(devices.begin(), devices.end(), is_chip)) return;
  if (worker.npu.count() == 0) {
    findings.push_back(warning("the worker " + worker.name + " uses the chip, but has no npu_bytes",
                               "the budget does not know what it takes there, and loads too much",
                               {"# add npu_bytes = BYTES to " + worker.file.native()}));
  }
  if (opens_alone(box, worker.file.parent_path())) {
    findings.push_back(
        warning("the worker " + worker.name + " seems to open the chip without the group SHARED",
                "nobody else can use the chip meanwhile, or it finds the chip taken",
                {"# params.group_id = \"SHARED\" where it makes its VDevice: " +
                 worker.file.parent_path().native()}));
  }
}

void look_at(const Box& box, const fs::path& file, Findings& findings) {
  const auto text = box.text(file.native());
  if (!text) return;
  try {
    judge(box, core::parse_worker_file(*text, file), findings);
  } catch (const Error& error) {  // of this file; the others are looked at
    findings.push_back(
        problem(error.what(), "the worker is left out", {"# correct " + file.native()}));
  }
}

}  // namespace

Findings check_workers(const Examination& examination) {
  Findings findings;
  std::size_t files = 0;
  for (const fs::path& folder :
       {fs::path("/etc/hailstone/workers.d"), examination.settings.home / "workers.d"}) {
    for (const auto& name : examination.box.names(folder.native())) {
      const fs::path entry = folder / name;
      const fs::path file = entry.extension() == ".toml" ? entry : entry / "worker.toml";
      if (!examination.box.has(file.native())) continue;
      ++files;
      look_at(examination.box, file, findings);
    }
  }
  if (findings.empty()) {
    findings.push_back(ok(files == 0 ? "no workers" : std::to_string(files) + " workers"));
  }
  return findings;
}

}  // namespace hailstone::doctor
