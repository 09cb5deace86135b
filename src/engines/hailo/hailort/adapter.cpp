// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// HailoRT behind chip.hpp: the device, its figures, and what HEFs say of themselves.

#include <exception>

#include "engines/hailo/hailort/parts.hpp"
#include "engines/hailo/hailort/status.hpp"

namespace hailstone::engines::hailo {
namespace {

using hailort::Device;
using hailort::Hef;
using hailort::VDevice;

std::string version_text(std::uint32_t major, std::uint32_t minor, std::uint32_t revision) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(revision);
}

class HailoChip : public Chip {
 public:
  explicit HailoChip(DevicePointer device) : device_(std::move(device)) {}

  std::unique_ptr<Network> open_network(const std::string& hef,
                                        const NetworkOptions& options) override {
    return hailo::open_network(device_, hef, options);
  }
  std::unique_ptr<LanguageModel> open_language(const std::string& hef,
                                               const std::string& lora) override {
    return hailo::open_language(device_, hef, lora);
  }
  std::unique_ptr<LanguageModel> open_vision_language(const std::string& hef) override {
    return hailo::open_vision_language(device_, hef);
  }
  std::unique_ptr<Listener> open_listener(const std::string& hef) override {
    return hailo::open_listener(device_, hef);
  }

  std::optional<ChipFigures> find_figures() override {
    constexpr std::uint64_t kKib = 1024;
    auto stats = physical().query_performance_stats();
    if (!stats) return std::nullopt;
    const auto figures = stats.release();
    if (figures.ram_size_total <= 0 || figures.ram_size_used < 0) return std::nullopt;
    return ChipFigures{static_cast<std::uint64_t>(figures.ram_size_total) * kKib,
                       static_cast<std::uint64_t>(figures.ram_size_used) * kKib,
                       figures.nnc_utilization};
  }

  /// Boards and versions differ in which of the two they answer.
  std::optional<double> find_celsius() override {
    if (auto temperature = physical().get_chip_temperature()) {
      const auto sensors = temperature.release();
      return static_cast<double>(std::max(sensors.ts0_temperature, sensors.ts1_temperature));
    }
    auto health = physical().query_health_stats();
    if (!health) return std::nullopt;
    const auto die = static_cast<double>(health.release().on_die_temperature);
    return die > 0 ? std::optional(die) : std::nullopt;
  }

  std::string firmware() override {
    auto identity = physical().identify();
    if (!identity) return {};
    const auto version = identity.release().fw_version;
    return version_text(version.major, version.minor, version.revision);
  }

 private:
  Device& physical() {
    auto devices = take(device_->get_physical_devices(), "VDevice::get_physical_devices");
    if (devices.empty()) fail(HAILO_DEVICE_NOT_CONNECTED, "VDevice::get_physical_devices");
    return devices.front().get();
  }

  DevicePointer device_;
};

StreamInfo info_of(const hailo_vstream_info_t& stream) {
  StreamInfo info;
  info.name = stream.name;
  info.element = element_of(stream.format.type);
  info.order = order_of(stream.format.order);
  info.quantization = quantization_of({stream.quant_info});
  if (info.order == Order::kPlain) {
    info.height = stream.shape.height;
    info.width = stream.shape.width;
    info.features = stream.shape.features;
    return info;
  }
  info.nms_classes = stream.nms_shape.number_of_classes;
  info.nms_boxes = info.order == Order::kNmsByClass ? stream.nms_shape.max_bboxes_per_class
                                                    : stream.nms_shape.max_bboxes_total;
  return info;
}

std::vector<StreamInfo> infos_of(hailort::Expected<std::vector<hailo_vstream_info_t>>&& streams) {
  std::vector<StreamInfo> infos;
  // A file of several groups has no streams without a group's name: then only its groups are told.
  if (!streams) return infos;
  for (const auto& stream : streams.value()) infos.push_back(info_of(stream));
  return infos;
}

class Adapter : public HailoRt {
 public:
  std::string headers_version() const override { return HAILSTONE_HAILORT_VERSION; }

  std::vector<std::string> scan() override { return take(Device::scan(), "Device::scan"); }

  std::unique_ptr<Chip> open_chip() override {
    hailo_vdevice_params_t params;
    check(::hailo_init_vdevice_params(&params), "hailo_init_vdevice_params");
    // By this name other programs share the chip with us; with any other they are shut out.
    params.group_id = "SHARED";
    return std::make_unique<HailoChip>(
        take(VDevice::create_shared(params), "VDevice::create_shared"));
  }

  HefInfo describe(const std::string& path) override {
    const Hef hef = take(Hef::create(path), "Hef::create");
    HefInfo info;
    info.groups = hef.get_network_groups_names();
    info.inputs = infos_of(hef.get_input_vstream_infos());
    info.outputs = infos_of(hef.get_output_vstream_infos());
    if (auto chips = hef.get_compatible_device_archs()) {
      for (const auto chip : chips.value()) {
        if (auto name = Hef::device_arch_to_string(chip)) info.chips.push_back(name.release());
      }
    }
    return info;
  }
};

}  // namespace

Order order_of(hailo_format_order_t order) noexcept {
  switch (order) {
    case HAILO_FORMAT_ORDER_HAILO_NMS_BY_CLASS:
      return Order::kNmsByClass;
    case HAILO_FORMAT_ORDER_HAILO_NMS_BY_SCORE:
      return Order::kNmsByScore;
    case HAILO_FORMAT_ORDER_HAILO_NMS_WITH_BYTE_MASK:
      return Order::kNmsWithByteMask;
    default:
      return Order::kPlain;
  }
}

Element element_of(hailo_format_type_t type) noexcept {
  if (type == HAILO_FORMAT_TYPE_FLOAT32) return Element::kFloat32;
  return type == HAILO_FORMAT_TYPE_UINT16 ? Element::kUint16 : Element::kUint8;
}

std::vector<Quantization> quantization_of(const std::vector<hailo_quant_info_t>& infos) {
  std::vector<Quantization> out;
  out.reserve(infos.size());
  for (const auto& info : infos) out.push_back({info.qp_scale, info.qp_zp});
  return out;
}

}  // namespace hailstone::engines::hailo

extern "C" __attribute__((visibility("default"))) hailstone::engines::hailo::HailoRt*
hailstone_hailort_adapter(int interface_version) {
  static hailstone::engines::hailo::Adapter adapter;
  return interface_version == hailstone::engines::hailo::kChipInterface ? &adapter : nullptr;
}
