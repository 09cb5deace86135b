// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A vision network that is leased for one request: pictures in, tensors out.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/tensor_session.hpp"
#include "media/codec/decode.hpp"
#include "media/geometry/fit.hpp"
#include "media/placement.hpp"
#include "services/vision/picture/model_choice.hpp"
#include "services/vision/picture/timings.hpp"
#include "services/vision/picture/upload/photo.hpp"

namespace hailstone::picture {

enum class Pixels { kEnough, kAll };

/// What a network said of one picture.
struct Look {
  std::vector<inference::Tensor> outputs;
  media::Placement placement;  ///< from the given picture to the network's input
  Size input;
};

/// Belongs to the request's thread; the clock and the choice outlive it.
class Network {
 public:
  /// Blocks until the model is loaded. Throws as ModelAccess::acquire does, and Error(kUnsupported)
  /// for a model that is no network of tensors with a picture as its first input.
  Network(ModelChoice& choice, VisionModel model, const RunContext& run, const Clock& clock);

  /// Brings the picture to the input's size and runs the network. Throws as TensorSession::run.
  Look look(const media::Image& image, const RunContext& run);
  /// The same with several pictures for as many inputs: stereo. All of one size; the placement is
  /// that of each.
  Look look(const std::vector<const media::Image*>& images, const RunContext& run);

  /// The photo's pixels: as many as the input needs, or all where parts of it are to be looked at.
  const media::DecodedImage& decode(Photo& photo, Pixels pixels = Pixels::kEnough);

  Size input_size() const noexcept { return size_; }
  const VisionModel& model() const noexcept { return model_; }
  const std::string& engine() const noexcept { return lease_.engine(); }
  inference::TensorSession& session() const;
  /// A further network of the model, under the same lease: "recogniser". Throws
  /// Error(kUnsupported) where the model has none of that kind.
  inference::TensorSession& session(std::string_view kind) const;
  /// Runs one of the model's sessions; the time counts as inference. Throws as TensorSession::run.
  std::vector<inference::Tensor> run(inference::TensorSession& session,
                                     const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run);
  Timings& timings() noexcept { return timings_; }
  const Clock& clock() const noexcept { return clock_; }

 private:
  core::Lease acquire(ModelChoice& choice, const RunContext& run);
  media::FittedImage fit(const media::Image& image) const;

  VisionModel model_;
  const Clock& clock_;
  Timings timings_;
  core::Lease lease_;
  std::vector<inference::TensorInfo> inputs_;
  inference::ImageInput input_;
  Size size_;
};

/// How to decode a picture so that such an input has enough of it. size: the input's; zero for
/// sides that may be any. Pure.
media::DecodeOptions decode_options_for(const inference::ImageInput& input, Size size) noexcept;

/// The picture as an engine takes it: uint8, NHWC, RGB. Pure.
inference::Tensor to_tensor(media::Image image, const std::string& name);

/// Which of a shape's sizes are a picture's: the manifest's word counts, then what looks like
/// channels (1, 3 or 4) first or last. Zero for sizes that may be any. Throws Error(kUnsupported)
/// where the shape is no picture's. Pure.
inference::ImageInput complete_input(const std::optional<inference::ImageInput>& manifest,
                                     const inference::TensorInfo& info);

/// The input's own size; where that may be any, the picture's shape, as large as the manifest says:
/// for a letterbox the next multiple, else the nearest. Pure.
Size size_for(const inference::ImageInput& input, Size picture) noexcept;

}  // namespace hailstone::picture
