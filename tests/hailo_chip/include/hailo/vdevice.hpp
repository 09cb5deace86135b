// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hailo/infer_model.hpp"

namespace hailort {

class HAILORTAPI Hef {
 public:
  struct Impl;
  explicit Hef(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  static Expected<Hef> create(const std::string& path);
  Expected<std::vector<hailo_vstream_info_t>> get_input_vstream_infos(
      const std::string& group = "") const;
  Expected<std::vector<hailo_vstream_info_t>> get_output_vstream_infos(
      const std::string& group = "") const;
  std::vector<std::string> get_network_groups_names() const;
  Expected<std::vector<hailo_device_architecture_t>> get_compatible_device_archs() const;
  static Expected<std::string> device_arch_to_string(hailo_device_architecture_t arch);

 private:
  std::shared_ptr<const Impl> impl_;
};

class HAILORTAPI Device {
 public:
  virtual ~Device() = default;
  static Expected<std::vector<std::string>> scan();
  virtual Expected<hailo_device_identity_t> identify() = 0;
  virtual Expected<hailo_chip_temperature_info_t> get_chip_temperature() = 0;
  virtual Expected<hailo_health_stats_t> query_health_stats() = 0;
  virtual Expected<hailo_performance_stats_t> query_performance_stats() = 0;
};

class HAILORTAPI VDevice {
 public:
  virtual ~VDevice() = default;
  static Expected<std::shared_ptr<VDevice>> create_shared(const hailo_vdevice_params_t& params);
  virtual Expected<std::shared_ptr<InferModel>> create_infer_model(
      const std::string& hef_path, const std::string& name = "") = 0;
  virtual Expected<std::vector<std::reference_wrapper<Device>>> get_physical_devices() const = 0;
};

}  // namespace hailort
