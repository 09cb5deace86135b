// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/status.hpp"

#include <algorithm>
#include <array>

namespace hailstone::engines::hailo {
namespace {

struct Meaning {
  int status;
  ErrorCode code;
  const char* what;
  const char* help;
  int retry_seconds = 0;
};

constexpr const char* kVersions =
    "library, kernel driver and firmware of the Hailo have to be of one version: install them "
    "together (`sudo apt install --reinstall hailo-h10-all`), then reboot, or take the power away "
    "where that is not enough";
constexpr const char* kTaken =
    "programs share the chip where all use the group SHARED; hailo-ollama and others lock it: stop "
    "them (`sudo fuser -v /dev/hailo0 /dev/h1x-0` names them)";
constexpr const char* kLost =
    "it is opened anew; if that happens again, look at its temperature and cooler, and at `dmesg`";
constexpr const char* kWrongFile = "pull the variant for the installed HailoRT";

constexpr std::array kMeanings = {
    Meaning{3, ErrorCode::kOutOfMemory, "the machine has no memory for it",
            "unload models, or choose a smaller one"},
    Meaning{kHailoTimeout, ErrorCode::kEngineFailed, "the Hailo did not answer in time",
            "it may be hot or overloaded"},
    Meaning{kHailoInvalidOperation, ErrorCode::kEngineFailed,
            "the Hailo refused this in its present state", "try it again"},
    Meaning{7, ErrorCode::kUnsupported, "this version of HailoRT cannot do it on a Hailo-10H",
            "a newer HailoRT may"},
    Meaning{13, ErrorCode::kNotFound, "the model's file cannot be opened",
            "look whether the service's user may read it"},
    Meaning{14, ErrorCode::kBadRequest, "the model's file is damaged", "pull it again"},
    Meaning{26, ErrorCode::kBadRequest, "the model's file is no valid HEF", kWrongFile},
    Meaning{36, ErrorCode::kUnsupported, "the Hailo's driver refuses us",
            "the service's user needs to read and write /dev/hailo0 or /dev/h1x-0, which drivers "
            "from 5.3 on leave to root: a udev rule gives it to a group"},
    Meaning{
        64, ErrorCode::kUnsupported, "the Hailo's kernel driver is not loaded",
        "`sudo apt install hailo-h10-all`, then reboot; `sudo modprobe hailo1x_pci` loads it now"},
    Meaning{71, ErrorCode::kOutOfMemory, "the Hailo's own memory is full",
            "unload a model (POST /api/unload), or lower npu_memory so that others go in time", 5},
    Meaning{kHailoDeviceInUse, ErrorCode::kBusy, "another program has the Hailo for itself", kTaken,
            10},
    Meaning{kHailoOutOfDevices, ErrorCode::kBusy, "another program has the Hailo for itself",
            kTaken, 10},
    Meaning{76, ErrorCode::kUnsupported, "the Hailo's driver and library do not match", kVersions},
    Meaning{79, ErrorCode::kUnsupported, "this Hailo or its HailoRT does not support it",
            "a newer HailoRT may"},
    Meaning{
        81, ErrorCode::kOutOfMemory,
        "the machine has no contiguous memory (CMA) left for the Hailo",
        "put dtoverlay=cma,cma-512 into /boot/firmware/config.txt and reboot (no more than 512; "
        "never cma= in cmdline.txt), or unload another chat model",
        10},
    Meaning{85, ErrorCode::kUnsupported, "the Hailo's driver and library do not match", kVersions},
    Meaning{86, ErrorCode::kUnsupported, "the Hailo's driver and library do not match", kVersions},
    Meaning{92, ErrorCode::kBadRequest, "the model's file is no HEF that this HailoRT reads",
            kWrongFile},
    Meaning{93, ErrorCode::kBadRequest, "the HEF was compiled for another chip",
            "it has to be one for the Hailo-10H"},
    Meaning{97, ErrorCode::kBusy, "the Hailo is not available at the moment",
            "it may be starting or too hot", 10},
};

constexpr std::array kLostStatuses = {kHailoCommunicationClosed, 77, kHailoConnectionRefused, 96};

}  // namespace

bool means_lost(int status) noexcept {
  return std::find(kLostStatuses.begin(), kLostStatuses.end(), status) != kLostStatuses.end();
}

bool means_taken(int status) noexcept {
  return status == kHailoDeviceInUse || status == kHailoOutOfDevices;
}

Error explain_status(int status, const std::string& doing, const std::string& technical) {
  const auto detail = [&](const std::string& help) {
    return help + "; `hailstone doctor` looks further [" + technical + "]";
  };
  if (means_lost(status)) {
    return Error(ErrorCode::kEngineFailed, "the Hailo was lost while " + doing, detail(kLost));
  }
  const auto* const found =
      std::find_if(kMeanings.begin(), kMeanings.end(),
                   [status](const Meaning& meaning) { return meaning.status == status; });
  if (found == kMeanings.end()) {
    return Error(ErrorCode::kEngineFailed, "the Hailo failed while " + doing,
                 detail("its status was " + std::to_string(status)));
  }
  Error error(found->code, std::string(found->what) + " (" + doing + ")", detail(found->help));
  if (found->retry_seconds > 0) {
    error.set_retry_after(std::chrono::seconds(found->retry_seconds));
  }
  return error;
}

Error language_place_taken(const std::string& model) {
  return Error(ErrorCode::kBusy,
               "the Hailo holds a language model of another program, so " + model +
                   " cannot be loaded",
               "one LLM or VLM fits on the chip at a time, of all programs together: stop the "
               "other one (hailo-ollama, a hailo-apps demo); `hailstone doctor` looks further")
      .set_retry_after(std::chrono::seconds(10));
}

}  // namespace hailstone::engines::hailo
