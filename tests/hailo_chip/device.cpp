// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <cstring>

namespace standin {
namespace {

std::atomic<double> g_used{0};
std::atomic<bool> g_calling{false};

}  // namespace

Share::~Share() {
  g_used = g_used - mib_;
}

std::shared_ptr<Share> take_memory(const Hef& hef, double otherwise_mib) {
  const double wanted = hef.settings.number("npu_mib", otherwise_mib);
  if (used_mib() + wanted > program()->number("memory_mib", 8192)) return nullptr;
  g_used = g_used + wanted;
  return std::make_shared<Share>(wanted);
}

double used_mib() {
  return 300 + g_used;
}

bool begin_call() {
  return !g_calling.exchange(true);
}

void end_call() {
  g_calling = false;
}

Core::Core() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

Core::~Core() {
  thread_.request_stop();
}

void Core::push(std::uint8_t priority, std::function<void()> frame) {
  {
    const std::lock_guard lock(mutex_);
    frames_.emplace(-priority, std::move(frame));
  }
  changed_.notify_one();
}

void Core::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !frames_.empty(); })) {
    const auto frame = std::move(frames_.begin()->second);
    frames_.erase(frames_.begin());
    lock.unlock();
    frame();
    lock.lock();
  }
}

}  // namespace standin

namespace hailort {
namespace {

using standin::gate;
using standin::program;

constexpr double kKibPerMib = 1024;

class StandInDevice : public Device {
 public:
  Expected<hailo_device_identity_t> identify() override {
    hailo_device_identity_t identity{};
    unsigned major = 5, minor = 4, revision = 0;
    const auto version = program()->text("firmware", "5.4.0");
    std::sscanf(version.c_str(), "%u.%u.%u", &major, &minor, &revision);
    identity.fw_version = {major, minor, revision};
    identity.device_architecture = HAILO_ARCH_HAILO10H;
    return identity;
  }
  Expected<hailo_chip_temperature_info_t> get_chip_temperature() override {
    const auto temperature = program()->text("celsius", "47.5");
    if (temperature == "none") return Unexpected(HAILO_INVALID_OPERATION);
    const float celsius = std::strtof(temperature.c_str(), nullptr);
    return hailo_chip_temperature_info_t{celsius, celsius};
  }
  Expected<hailo_health_stats_t> query_health_stats() override {
    return Unexpected(HAILO_NOT_SUPPORTED);
  }
  Expected<hailo_performance_stats_t> query_performance_stats() override {
    if (const auto status = gate("figures")) return Unexpected(status);
    hailo_performance_stats_t stats{};
    stats.ram_size_total =
        static_cast<std::int64_t>(program()->number("memory_mib", 8192) * kKibPerMib);
    stats.ram_size_used = static_cast<std::int64_t>(standin::used_mib() * kKibPerMib);
    return stats;
  }
};

class StandInVDevice : public VDevice {
 public:
  Expected<std::shared_ptr<InferModel>> create_infer_model(const std::string& path,
                                                           const std::string&) override {
    return standin::make_infer_model(core_, path);
  }
  Expected<std::vector<std::reference_wrapper<Device>>> get_physical_devices() const override {
    return std::vector<std::reference_wrapper<Device>>{device_};
  }

 private:
  std::shared_ptr<standin::Core> core_ = std::make_shared<standin::Core>();
  mutable StandInDevice device_;
};

std::vector<hailo_vstream_info_t> infos_of(const std::vector<standin::Stream>& streams) {
  std::vector<hailo_vstream_info_t> infos;
  for (const auto& stream : streams) {
    hailo_vstream_info_t info{};
    std::strncpy(info.name, stream.name.c_str(), sizeof(info.name) - 1);
    info.format = stream.format;
    info.shape = stream.shape;
    info.nms_shape = stream.nms;
    info.quant_info = stream.quant;
    infos.push_back(info);
  }
  return infos;
}

}  // namespace

struct Hef::Impl {
  std::shared_ptr<const standin::Hef> file;
};

Expected<Hef> Hef::create(const std::string& path) {
  hailo_status status = HAILO_SUCCESS;
  auto file = standin::read_hef(path, status);
  if (!file) return Unexpected(status);
  return Hef(std::make_shared<const Impl>(Impl{std::move(file)}));
}

Expected<std::vector<hailo_vstream_info_t>> Hef::get_input_vstream_infos(const std::string&) const {
  return infos_of(impl_->file->inputs);
}

Expected<std::vector<hailo_vstream_info_t>> Hef::get_output_vstream_infos(
    const std::string&) const {
  return infos_of(impl_->file->outputs);
}

std::vector<std::string> Hef::get_network_groups_names() const {
  const auto kind = impl_->file->settings.text("kind", "network");
  if (kind == "llm") return {"base_model__prefill", "base_model__tbt"};
  if (kind == "vlm") return {"model__encoder", "base_model__prefill", "base_model__tbt"};
  if (kind == "whisper") return {"whisper__encoder", "whisper__decoder"};
  return {impl_->file->settings.text("name", "network")};
}

Expected<std::vector<hailo_device_architecture_t>> Hef::get_compatible_device_archs() const {
  const bool is_for_ours = impl_->file->settings.text("chip", "hailo10h") == "hailo10h";
  return std::vector<hailo_device_architecture_t>{is_for_ours ? HAILO_ARCH_HAILO10H
                                                              : HAILO_ARCH_HAILO8};
}

Expected<std::string> Hef::device_arch_to_string(hailo_device_architecture_t arch) {
  return std::string(arch == HAILO_ARCH_HAILO10H ? "HAILO10H" : "HAILO8");
}

Expected<std::vector<std::string>> Device::scan() {
  if (const auto status = gate("scan")) return Unexpected(status);
  std::vector<std::string> ids;
  const int count = static_cast<int>(program()->number("devices", 1));
  for (int i = 0; i < count; ++i) ids.push_back("0001:0" + std::to_string(i + 1) + ":00.0");
  return ids;
}

Expected<std::shared_ptr<VDevice>> VDevice::create_shared(const hailo_vdevice_params_t& params) {
  static std::atomic<int> created{0};
  if (const auto status = gate("create_vdevice")) return Unexpected(status);
  if (program()->number("devices", 1) < 1) return Unexpected(HAILO_OUT_OF_PHYSICAL_DEVICES);
  // Any other name shuts out the programs of others.
  if (std::string(params.group_id) != "SHARED") return Unexpected(HAILO_DEVICE_IN_USE);
  // A second one in a process has led to failures.
  if (created++ > 0) return Unexpected(HAILO_INTERNAL_FAILURE);
  return std::shared_ptr<VDevice>(std::make_shared<StandInVDevice>());
}

}  // namespace hailort

hailo_status hailo_get_library_version(hailo_version_t* version) {
  *version = {5, 4, 0};
  const auto text = standin::program()->text("version", "5.4.0");
  std::sscanf(text.c_str(), "%u.%u.%u", &version->major, &version->minor, &version->revision);
  return HAILO_SUCCESS;
}

hailo_status hailo_init_vdevice_params(hailo_vdevice_params_t* params) {
  *params = {1, "UNIQUE", false};
  return HAILO_SUCCESS;
}

const char* hailo_get_status_message(hailo_status status) {
  switch (status) {
    case HAILO_TIMEOUT:
      return "HAILO_TIMEOUT";
    case HAILO_INVALID_OPERATION:
      return "HAILO_INVALID_OPERATION";
    case HAILO_COMMUNICATION_CLOSED:
      return "HAILO_COMMUNICATION_CLOSED";
    case HAILO_OUT_OF_PHYSICAL_DEVICES:
      return "HAILO_OUT_OF_PHYSICAL_DEVICES";
    case HAILO_INVALID_DRIVER_VERSION:
      return "HAILO_INVALID_DRIVER_VERSION";
    case HAILO_OUT_OF_HOST_CMA_MEMORY:
      return "HAILO_OUT_OF_HOST_CMA_MEMORY";
    default:
      return "HAILO_STATUS";
  }
}

/// By this the engine knows what it has before it.
extern "C" HAILORTAPI const int hailstone_hailo_standin = 1;
