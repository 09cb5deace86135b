// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Networks of tensors: InferModel, the only such interface that the Hailo-10H has.

#include <map>

#include "engines/hailo/hailort/parts.hpp"
#include "engines/hailo/hailort/status.hpp"

namespace hailstone::engines::hailo {
namespace {

using hailort::ConfiguredInferModel;
using hailort::InferModel;
using hailort::MemoryView;

StreamInfo info_of(const InferModel::InferStream& stream) {
  StreamInfo info;
  const auto shape = stream.shape();
  const auto format = stream.format();
  info.name = stream.name();
  info.height = shape.height;
  info.width = shape.width;
  info.features = shape.features;
  info.element = element_of(format.type);
  info.order = order_of(format.order);
  info.frame_bytes = stream.get_frame_size();
  info.quantization = quantization_of(stream.get_quant_infos());
  if (!stream.is_nms()) return info;
  auto nms = stream.get_nms_shape();
  if (!nms) return info;
  info.nms_classes = nms->number_of_classes;
  info.nms_boxes =
      info.order == Order::kNmsByClass ? nms->max_bboxes_per_class : nms->max_bboxes_total;
  return info;
}

void prepare_inputs(InferModel& model, const NetworkOptions& options) {
  const auto& names = model.get_input_names();
  for (std::size_t i = 0; i < names.size() && i < options.float_inputs.size(); ++i) {
    if (!options.float_inputs[i]) continue;
    take(model.input(names[i]), "InferModel::input").set_format_type(HAILO_FORMAT_TYPE_FLOAT32);
  }
}

void prepare_outputs(InferModel& model, const NetworkOptions& options) {
  for (const auto& name : model.get_output_names()) {
    auto stream = take(model.output(name), "InferModel::output");
    if (stream.is_nms()) {
      if (options.score_threshold) stream.set_nms_score_threshold(*options.score_threshold);
      if (options.iou_threshold) stream.set_nms_iou_threshold(*options.iou_threshold);
      if (options.boxes_per_class) {
        stream.set_nms_max_proposals_per_class(*options.boxes_per_class);
      }
      if (order_of(stream.format().order) != Order::kNmsByClass) continue;  // records, no numbers
    }
    if (options.float_outputs) stream.set_format_type(HAILO_FORMAT_TYPE_FLOAT32);
  }
}

class HailoNetwork : public Network {
 public:
  HailoNetwork(std::shared_ptr<InferModel> model, const NetworkOptions& options)
      : model_(std::move(model)), configured_(take(model_->configure(), "InferModel::configure")) {
    check(configured_.set_scheduler_priority(options.priority),
          "ConfiguredInferModel::set_scheduler_priority");
    depth_ = take(configured_.get_async_queue_size(), "ConfiguredInferModel::get_async_queue_size");
    for (const auto& stream : model_->inputs()) inputs_.push_back(info_of(stream));
    for (const auto& stream : model_->outputs()) outputs_.push_back(info_of(stream));
  }

  const std::vector<StreamInfo>& inputs() const noexcept override { return inputs_; }
  const std::vector<StreamInfo>& outputs() const noexcept override { return outputs_; }
  std::size_t depth() const noexcept override { return depth_; }

  void start(std::span<const std::span<const std::byte>> inputs,
             std::span<const std::span<std::byte>> outputs, std::chrono::milliseconds patience,
             Done done) override {
    std::map<std::string, MemoryView> buffers;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      // Inputs are only read; HailoRT has one type of view for both.
      buffers.emplace(inputs_[i].name,
                      MemoryView(const_cast<std::byte*>(inputs[i].data()), inputs[i].size()));
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      buffers.emplace(outputs_[i].name, MemoryView(outputs[i].data(), outputs[i].size()));
    }
    const auto bindings =
        take(configured_.create_bindings(buffers), "ConfiguredInferModel::create_bindings");
    check(configured_.wait_for_async_ready(patience), "ConfiguredInferModel::wait_for_async_ready");
    auto job = take(configured_.run_async(bindings,
                                          [call = std::move(done)](const auto& info) {
                                            call(static_cast<int>(info.status));
                                          }),
                    "ConfiguredInferModel::run_async");
    job.detach();  // its destructor would wait
  }

 private:
  std::shared_ptr<InferModel> model_;
  ConfiguredInferModel configured_;
  std::size_t depth_ = 1;
  std::vector<StreamInfo> inputs_;
  std::vector<StreamInfo> outputs_;
};

}  // namespace

std::unique_ptr<Network> open_network(const DevicePointer& device, const std::string& hef,
                                      const NetworkOptions& options) {
  auto model = take(device->create_infer_model(hef), "VDevice::create_infer_model");
  prepare_inputs(*model, options);
  prepare_outputs(*model, options);
  return std::make_unique<HailoNetwork>(std::move(model), options);
}

}  // namespace hailstone::engines::hailo
