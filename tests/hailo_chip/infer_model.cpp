// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstring>
#include <sstream>

#include "device.hpp"

namespace hailort {

using standin::gate;

struct InferModel::InferStream::Impl {
  standin::Stream stream;
};

const std::string InferModel::InferStream::name() const {
  return impl_->stream.name;
}
hailo_3d_image_shape_t InferModel::InferStream::shape() const {
  return impl_->stream.shape;
}
hailo_format_t InferModel::InferStream::format() const {
  return impl_->stream.format;
}
std::size_t InferModel::InferStream::get_frame_size() const {
  return impl_->stream.frame_size();
}
Expected<hailo_nms_shape_t> InferModel::InferStream::get_nms_shape() const {
  if (!is_nms()) return Unexpected(HAILO_INVALID_OPERATION);
  return impl_->stream.nms;
}
void InferModel::InferStream::set_format_type(hailo_format_type_t type) {
  impl_->stream.format.type = type;
}
std::vector<hailo_quant_info_t> InferModel::InferStream::get_quant_infos() const {
  return {impl_->stream.quant};
}
bool InferModel::InferStream::is_nms() const {
  return impl_->stream.is_nms();
}
void InferModel::InferStream::set_nms_score_threshold(float32_t) {}
void InferModel::InferStream::set_nms_iou_threshold(float32_t) {}
void InferModel::InferStream::set_nms_max_proposals_per_class(std::uint32_t most) {
  impl_->stream.nms.max_bboxes_per_class = most;
}

hailo_status AsyncInferJob::wait(std::chrono::milliseconds) {
  return HAILO_SUCCESS;
}

class ConfiguredInferModel::Impl : public std::enable_shared_from_this<Impl> {
 public:
  static constexpr std::size_t kDepth = 4;

  Impl(std::shared_ptr<standin::Core> core, std::shared_ptr<const standin::Hef> hef,
       std::vector<standin::Stream> inputs, std::vector<standin::Stream> outputs)
      : core_(std::move(core)),
        hef_(std::move(hef)),
        inputs_(std::move(inputs)),
        outputs_(std::move(outputs)) {}

  void set_priority(std::uint8_t priority) { priority_ = priority; }

  hailo_status check(const std::map<std::string, MemoryView>& buffers) const {
    for (const auto* streams : {&inputs_, &outputs_}) {
      for (const auto& stream : *streams) {
        const auto found = buffers.find(stream.name);
        if (found == buffers.end()) return HAILO_NOT_FOUND;
        if (found->second.size() != stream.frame_size()) return HAILO_INVALID_OPERATION;
        if (reinterpret_cast<std::uintptr_t>(found->second.data()) % 4096 != 0) {
          return HAILO_INVALID_ARGUMENT;  // the real one only gets slow
        }
      }
    }
    return HAILO_SUCCESS;
  }

  hailo_status await_room(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    const bool is_room = ended_.wait_for(lock, timeout, [this] { return running_ < kDepth; });
    return is_room ? HAILO_SUCCESS : HAILO_TIMEOUT;
  }

  void start(const Bindings& bindings,
             std::function<void(const AsyncInferCompletionInfo&)> callback) {
    {
      const std::lock_guard lock(mutex_);
      ++running_;
    }
    auto self = shared_from_this();
    core_->push(priority_, [self, bindings, callback = std::move(callback)]() mutable {
      const auto status = self->compute(bindings);
      {
        const std::lock_guard lock(self->mutex_);
        --self->running_;
      }
      self->ended_.notify_all();
      callback({status});
    });
  }

 private:
  hailo_status compute(Bindings bindings) const {
    const double latency = hef_->settings.number("latency_ms", 3);
    standin::sleep_ms(standin::program()->number(
        "latency_ms." + hef_->settings.text("name", "network"), latency));
    if (const auto status = gate("frame")) return status;
    for (const auto& stream : outputs_) write(stream, bindings.buffers.at(stream.name));
    return HAILO_SUCCESS;
  }

  void write(const standin::Stream& stream, MemoryView to) const {
    std::memset(to.data(), 0, to.size());
    if (stream.is_nms()) {
      write_boxes(stream, to);
      return;
    }
    const double raw = hef_->settings.number("fill", 0);
    if (stream.format.type == HAILO_FORMAT_TYPE_FLOAT32) {
      const auto value = (static_cast<float>(raw) - stream.quant.qp_zp) * stream.quant.qp_scale;
      for (std::size_t i = 0; i + 4 <= to.size(); i += 4) std::memcpy(to.data() + i, &value, 4);
    } else if (stream.format.type == HAILO_FORMAT_TYPE_UINT8) {
      std::memset(to.data(), static_cast<int>(raw), to.size());
    } else {
      const auto value = static_cast<std::uint16_t>(raw);
      for (std::size_t i = 0; i + 2 <= to.size(); i += 2) std::memcpy(to.data() + i, &value, 2);
    }
  }

  struct Box {
    std::uint32_t class_id;
    float values[5];  // y_min, x_min, y_max, x_max, score
  };

  std::vector<Box> boxes() const {
    std::vector<Box> boxes;
    for (const auto& line : hef_->settings.all("box")) {
      std::istringstream in(line);
      Box box{};
      in >> box.class_id;
      for (float& value : box.values) in >> value;
      boxes.push_back(box);
    }
    return boxes;
  }

  void write_boxes(const standin::Stream& stream, MemoryView to) const {
    const auto all = boxes();
    if (stream.format.order == HAILO_FORMAT_ORDER_HAILO_NMS_BY_SCORE) {
      const auto count = static_cast<std::uint16_t>(all.size());
      std::memcpy(to.data(), &count, sizeof count);
      for (std::size_t i = 0; i < all.size(); ++i) {
        const auto class_id = static_cast<std::uint16_t>(all[i].class_id);
        std::memcpy(to.data() + 2 + 22 * i, all[i].values, sizeof all[i].values);
        std::memcpy(to.data() + 2 + 22 * i + 20, &class_id, sizeof class_id);
      }
      return;
    }
    std::vector<float> packed;
    for (std::uint32_t class_id = 0; class_id < stream.nms.number_of_classes; ++class_id) {
      const std::size_t at = packed.size();
      packed.push_back(0);
      for (const auto& box : all) {
        if (box.class_id != class_id) continue;
        packed[at] += 1;
        packed.insert(packed.end(), std::begin(box.values), std::end(box.values));
      }
    }
    std::memcpy(to.data(), packed.data(), std::min(to.size(), packed.size() * sizeof(float)));
  }

  const std::shared_ptr<standin::Core> core_;
  const std::shared_ptr<const standin::Hef> hef_;
  const std::vector<standin::Stream> inputs_;
  const std::vector<standin::Stream> outputs_;
  std::uint8_t priority_ = 16;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
};

Expected<ConfiguredInferModel::Bindings> ConfiguredInferModel::create_bindings(
    const std::map<std::string, MemoryView>& buffers) {
  if (const auto status = impl_->check(buffers)) return Unexpected(status);
  return Bindings{buffers};
}

hailo_status ConfiguredInferModel::wait_for_async_ready(std::chrono::milliseconds timeout,
                                                        std::uint32_t) {
  return impl_->await_room(timeout);
}

Expected<AsyncInferJob> ConfiguredInferModel::run_async(
    const Bindings& bindings, std::function<void(const AsyncInferCompletionInfo&)> callback) {
  if (const auto status = gate("run_async")) return Unexpected(status);
  impl_->start(bindings, std::move(callback));
  return AsyncInferJob();
}

hailo_status ConfiguredInferModel::set_scheduler_priority(std::uint8_t priority) {
  if (priority > 31) return HAILO_INVALID_ARGUMENT;
  impl_->set_priority(priority);
  return HAILO_SUCCESS;
}

Expected<std::size_t> ConfiguredInferModel::get_async_queue_size() const {
  return std::size_t{Impl::kDepth};
}

namespace {

class StandInModel : public InferModel {
 public:
  StandInModel(std::shared_ptr<standin::Core> core, std::shared_ptr<const standin::Hef> hef,
               std::shared_ptr<standin::Share> share)
      : core_(std::move(core)), hef_(std::move(hef)), share_(std::move(share)) {
    fill(hef_->inputs, inputs_, input_names_);
    fill(hef_->outputs, outputs_, output_names_);
  }

  Expected<ConfiguredInferModel> configure() override {
    if (const auto status = gate("configure")) return Unexpected(status);
    return ConfiguredInferModel(std::make_shared<ConfiguredInferModel::Impl>(
        core_, hef_, streams_of(inputs_, hef_->inputs), streams_of(outputs_, hef_->outputs)));
  }
  Expected<InferStream> input(const std::string& name) override { return find(inputs_, name); }
  Expected<InferStream> output(const std::string& name) override { return find(outputs_, name); }
  const std::vector<InferStream>& inputs() const override { return inputs_; }
  const std::vector<InferStream>& outputs() const override { return outputs_; }
  const std::vector<std::string>& get_input_names() const override { return input_names_; }
  const std::vector<std::string>& get_output_names() const override { return output_names_; }

 private:
  static void fill(const std::vector<standin::Stream>& from, std::vector<InferStream>& streams,
                   std::vector<std::string>& names) {
    for (const auto& stream : from) {
      streams.emplace_back(std::make_shared<InferStream::Impl>(InferStream::Impl{stream}));
      names.push_back(stream.name);
    }
  }

  static Expected<InferStream> find(const std::vector<InferStream>& streams,
                                    const std::string& name) {
    for (const auto& stream : streams) {
      if (stream.name() == name) return stream;
    }
    return Unexpected(HAILO_NOT_FOUND);
  }

  static std::vector<standin::Stream> streams_of(const std::vector<InferStream>& streams,
                                                 std::vector<standin::Stream> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].format = streams[i].format();
      if (const auto nms = const_cast<InferStream&>(streams[i]).get_nms_shape()) {
        out[i].nms = const_cast<Expected<hailo_nms_shape_t>&>(nms).value();
      }
    }
    return out;
  }

  const std::shared_ptr<standin::Core> core_;
  const std::shared_ptr<const standin::Hef> hef_;
  const std::shared_ptr<standin::Share> share_;
  std::vector<InferStream> inputs_;
  std::vector<InferStream> outputs_;
  std::vector<std::string> input_names_;
  std::vector<std::string> output_names_;
};

}  // namespace
}  // namespace hailort

hailort::Expected<std::shared_ptr<hailort::InferModel>> standin::make_infer_model(
    std::shared_ptr<Core> core, const std::string& path) {
  if (const auto status = gate("create_infer_model")) return hailort::Unexpected(status);
  hailo_status status = HAILO_SUCCESS;
  auto hef = read_hef(path, status);
  if (!hef) return hailort::Unexpected(status);
  sleep_ms(hef->settings.number("load_ms", 20));
  auto share = take_memory(*hef, 30);
  if (!share) return hailort::Unexpected(HAILO_OUT_OF_FW_MEMORY);
  return std::shared_ptr<hailort::InferModel>(
      std::make_shared<hailort::StandInModel>(std::move(core), std::move(hef), std::move(share)));
}
