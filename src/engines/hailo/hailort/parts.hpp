// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The adapter's parts: what is opened on a device.

#include <hailo/hailort.hpp>

#include <memory>
#include <string>
#include <vector>

#include "engines/hailo/chip/chip.hpp"

namespace hailstone::engines::hailo {

using DevicePointer = std::shared_ptr<hailort::VDevice>;

std::unique_ptr<Network> open_network(const DevicePointer& device, const std::string& hef,
                                      const NetworkOptions& options);
std::unique_ptr<LanguageModel> open_language(const DevicePointer& device, const std::string& hef,
                                             const std::string& lora);
std::unique_ptr<LanguageModel> open_vision_language(const DevicePointer& device,
                                                    const std::string& hef);
std::unique_ptr<Listener> open_listener(const DevicePointer& device, const std::string& hef);

Order order_of(hailo_format_order_t order) noexcept;
Element element_of(hailo_format_type_t type) noexcept;
std::vector<Quantization> quantization_of(const std::vector<hailo_quant_info_t>& infos);

}  // namespace hailstone::engines::hailo
