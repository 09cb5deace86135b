// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/tensor_network.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "engines/hailo/chip/status.hpp"
#include "engines/hailo/page_buffer.hpp"
#include "engines/hailo/streams.hpp"
#include "inference/run_wait.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::Tensor;
using inference::TensorInfo;
using namespace std::chrono_literals;

/// A frame takes milliseconds; on a chip that is throttled and shared, seconds.
constexpr auto kFrameLimit = 30s;
constexpr auto kQueuePatience = 10s;
/// What sees goes before what writes (16): a frame is short, a reply is long.
constexpr int kPriority = 20;

template <typename Number>
std::optional<Number> find_number(const inference::ModelSpec& spec, const std::string& key,
                                  Number most) {
  const auto found = spec.settings.find(key);
  if (found == spec.settings.end()) return std::nullopt;
  const std::string& text = found->second;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  if (is_number && value >= Number{} && value <= most) return value;
  throw Error(ErrorCode::kBadRequest, "model " + spec.name + ": setting " + key + " is '" + text +
                                          "', and a number from 0 to " + std::to_string(most) +
                                          " is expected");
}

bool wants_floats(const inference::ModelSpec& spec) {
  const auto found = spec.settings.find("outputs");
  if (found == spec.settings.end() || found->second == "float") return true;
  if (found->second == "quantised") return false;
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": setting outputs must be float or quantised");
}

}  // namespace

NetworkOptions read_network_options(const inference::ModelSpec& spec, const HefInfo& hef) {
  NetworkOptions options;
  options.float_outputs = wants_floats(spec);
  options.priority =
      static_cast<std::uint8_t>(find_number(spec, "priority", 31).value_or(kPriority));
  options.score_threshold = find_number(spec, "score_threshold", 1.0F);
  options.iou_threshold = find_number(spec, "iou_threshold", 1.0F);
  options.boxes_per_class = find_number(spec, "boxes_per_class", std::uint32_t{10'000});
  for (const auto& input : hef.inputs) options.float_inputs.push_back(!is_picture(input));
  return options;
}

/// What HailoRT reads and writes until it calls back, whoever has left meanwhile.
struct TensorNetwork::Frame {
  std::vector<PageBuffer> inputs;
  std::vector<PageBuffer> outputs;
  std::optional<CallWatch::Call> call;  // until it has ended
  bool has_ended = false;               // guarded by the network's mutex
  int status = 0;                       // likewise
};

TensorNetwork::TensorNetwork(SharedChip& shared, Chip& chip, const inference::ModelSpec& spec,
                             const NetworkOptions& options)
    : shared_(shared),
      model_(spec.name),
      network_(chip.open_network(spec.weights.native(), options)),
      depth_(std::max<std::size_t>(1, network_->depth())) {}

TensorNetwork::~TensorNetwork() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return under_way_ == 0; });  // the watch ends what hangs
}

std::vector<TensorInfo> TensorNetwork::inputs() const {
  std::vector<TensorInfo> infos;
  for (const auto& stream : network_->inputs()) infos.push_back(input_info(stream));
  return infos;
}

std::vector<TensorInfo> TensorNetwork::outputs() const {
  std::vector<TensorInfo> infos;
  for (const auto& stream : network_->outputs()) infos.push_back(output_info(stream));
  return infos;
}

std::shared_ptr<TensorNetwork::Frame> TensorNetwork::make_frame(
    const std::vector<Tensor>& inputs) const {
  const auto& streams = network_->inputs();
  if (inputs.size() != streams.size()) {
    throw Error(ErrorCode::kBadRequest, "model " + model_ + ": " + std::to_string(streams.size()) +
                                            " inputs expected, got " +
                                            std::to_string(inputs.size()));
  }
  auto frame = std::make_shared<Frame>();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    check_input(model_, inputs[i], streams[i]);
    auto& buffer = frame->inputs.emplace_back(streams[i].frame_bytes);
    std::memcpy(buffer.bytes().data(), inputs[i].data.data(), buffer.bytes().size());
  }
  for (const auto& stream : network_->outputs()) frame->outputs.emplace_back(stream.frame_bytes);
  return frame;
}

std::vector<Tensor> TensorNetwork::run(const std::vector<Tensor>& inputs, const RunContext& run) {
  run.check();
  const std::shared_ptr<Frame> frame = make_frame(inputs);
  await_place(run);
  const std::string doing = "running " + model_;
  try {
    start(frame);
  } catch (const ChipError& error) {
    throw shared_.explain(error, doing);
  }
  if (const int status = await_end(*frame, run); status != 0) {
    is_broken_ = true;
    throw shared_.explain(ChipError(status, "the frame", "failed on the chip"), doing);
  }
  return collect(frame);
}

void TensorNetwork::await_place(const RunContext& run) {
  std::unique_lock lock(mutex_);
  wait_for(changed_, lock, run, [this] { return under_way_ < depth_; });
  ++under_way_;
}

void TensorNetwork::start(const std::shared_ptr<Frame>& frame) {
  std::vector<std::span<const std::byte>> inputs;
  std::vector<std::span<std::byte>> outputs;
  for (const auto& buffer : frame->inputs) inputs.push_back(buffer.bytes());
  for (auto& buffer : frame->outputs) outputs.push_back(buffer.bytes());
  try {
    frame->call.emplace(shared_.watch(), "running " + model_, kFrameLimit);
    network_->start(inputs, outputs, kQueuePatience,
                    [this, frame](int status) { finish(*frame, status); });
  } catch (...) {
    frame->call.reset();
    const std::lock_guard lock(mutex_);
    --under_way_;
    throw;
  }
}

/// On HailoRT's thread.
void TensorNetwork::finish(Frame& frame, int status) {
  frame.call.reset();
  const std::lock_guard lock(mutex_);
  frame.has_ended = true;
  frame.status = status;
  --under_way_;
  changed_.notify_all();  // with the lock: whoever waits may destroy us once it is free
}

int TensorNetwork::await_end(Frame& frame, const RunContext& run) {
  std::unique_lock lock(mutex_);
  wait_until(changed_, lock, run.deadline, run.stop, [&] { return frame.has_ended; });
  if (!frame.has_ended) run.check();
  return frame.status;
}

std::vector<Tensor> TensorNetwork::collect(const std::shared_ptr<Frame>& frame) const {
  const auto& streams = network_->outputs();
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto info = output_info(streams[i]);
    const std::span<const std::byte> bytes = std::as_const(frame->outputs[i]).bytes();
    const bool is_stored =
        streams[i].element != Element::kFloat32 && info.type == inference::ElementType::kFloat32;
    if (is_stored) {
      tensors.push_back({info, to_real(streams[i], bytes)});
    } else {
      tensors.push_back({info, inference::SharedBytes(frame, bytes)});
    }
  }
  return tensors;
}

}  // namespace hailstone::engines::hailo
