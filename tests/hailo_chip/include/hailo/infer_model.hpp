// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hailo/buffer.hpp"

namespace hailort {

struct AsyncInferCompletionInfo {
  hailo_status status;
};

class HAILORTAPI AsyncInferJob {
 public:
  hailo_status wait(std::chrono::milliseconds timeout);
  void detach() {}
};

class HAILORTAPI ConfiguredInferModel {
 public:
  struct Bindings {
    std::map<std::string, MemoryView> buffers;
  };
  class Impl;

  explicit ConfiguredInferModel(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  Expected<Bindings> create_bindings(const std::map<std::string, MemoryView>& buffers);
  hailo_status wait_for_async_ready(std::chrono::milliseconds timeout, std::uint32_t frames = 1);
  Expected<AsyncInferJob> run_async(const Bindings& bindings,
                                    std::function<void(const AsyncInferCompletionInfo&)> callback);
  hailo_status set_scheduler_priority(std::uint8_t priority);
  Expected<std::size_t> get_async_queue_size() const;

 private:
  std::shared_ptr<Impl> impl_;
};

class HAILORTAPI InferModel {
 public:
  class HAILORTAPI InferStream {
   public:
    struct Impl;
    explicit InferStream(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
    const std::string name() const;
    hailo_3d_image_shape_t shape() const;
    hailo_format_t format() const;
    std::size_t get_frame_size() const;
    Expected<hailo_nms_shape_t> get_nms_shape() const;
    void set_format_type(hailo_format_type_t type);
    std::vector<hailo_quant_info_t> get_quant_infos() const;
    bool is_nms() const;
    void set_nms_score_threshold(float32_t threshold);
    void set_nms_iou_threshold(float32_t threshold);
    void set_nms_max_proposals_per_class(std::uint32_t most);

   private:
    friend class ConfiguredInferModel::Impl;
    std::shared_ptr<Impl> impl_;
  };

  virtual ~InferModel() = default;
  virtual Expected<ConfiguredInferModel> configure() = 0;
  virtual Expected<InferStream> input(const std::string& name) = 0;
  virtual Expected<InferStream> output(const std::string& name) = 0;
  virtual const std::vector<InferStream>& inputs() const = 0;
  virtual const std::vector<InferStream>& outputs() const = 0;
  virtual const std::vector<std::string>& get_input_names() const = 0;
  virtual const std::vector<std::string>& get_output_names() const = 0;
};

}  // namespace hailort
