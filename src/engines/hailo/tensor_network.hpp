// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network of tensors on the chip.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engines/hailo/chip/shared_chip.hpp"
#include "inference/model_spec.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::engines::hailo {

/// Settings of a model: "outputs" (float: HailoRT makes floats, the default; quantised: we do),
/// "priority" (0 to 31; 20), "score_threshold", "iou_threshold", "boxes_per_class" of the
/// suppression on the chip. Throws Error(kBadRequest) that names the setting.
NetworkOptions read_network_options(const inference::ModelSpec& spec, const HefInfo& hef);

/// Thread-safe: so many frames as the chip takes are under way, further ones wait.
class TensorNetwork : public inference::TensorSession {
 public:
  /// Opens it; throws Error.
  TensorNetwork(SharedChip& shared, Chip& chip, const inference::ModelSpec& spec,
                const NetworkOptions& options);
  /// Waits for frames that nobody waits for any more.
  ~TensorNetwork() override;

  std::vector<inference::TensorInfo> inputs() const override;
  std::vector<inference::TensorInfo> outputs() const override;
  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override;

  /// False after a frame that failed on the chip: HailoRT then wants the network opened anew.
  bool alive() const noexcept { return !is_broken_; }
  int depth() const noexcept { return static_cast<int>(depth_); }

 private:
  struct Frame;

  std::shared_ptr<Frame> make_frame(const std::vector<inference::Tensor>& inputs) const;
  void await_place(const RunContext& run);
  void start(const std::shared_ptr<Frame>& frame);
  void finish(Frame& frame, int status);
  int await_end(Frame& frame, const RunContext& run);
  std::vector<inference::Tensor> collect(const std::shared_ptr<Frame>& frame) const;

  SharedChip& shared_;
  const std::string model_;
  std::unique_ptr<Network> network_;
  std::size_t depth_ = 1;
  std::atomic<bool> is_broken_{false};

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t under_way_ = 0;  // guarded by mutex_
};

}  // namespace hailstone::engines::hailo
