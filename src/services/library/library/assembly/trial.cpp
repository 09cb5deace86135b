// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/trial.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/tensor_session.hpp"
#include "services/library/library/assembly/wire_config.hpp"
#include "vision/trial/trial.hpp"

namespace hailstone::library {
namespace {

using inference::ImageInput;
using inference::TensorInfo;

/// Two tell whether a network says the same of everything.
constexpr unsigned kPictures = 2;
/// Of a side that may be any.
constexpr int kUsualSide = 640;

std::string why_not_here(const core::Runtime& runtime, const std::string& engine) {
  auto* found = runtime.find_engine(engine);
  if (found == nullptr) return "there is no engine " + engine + " here";
  const auto state = found->probe();
  return state.usable ? std::string() : "engine " + engine + ": " + state.reason;
}

/// "in [1,3,224,224]; out [1,5]"
std::string describe(const std::vector<TensorInfo>& inputs,
                     const std::vector<TensorInfo>& outputs) {
  const auto list = [](const std::vector<TensorInfo>& tensors) {
    std::string text;
    for (const auto& tensor : tensors) {
      text += text.empty() ? "" : ", ";
      text += "\"" + tensor.name + "\" [";
      for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        text += (i == 0 ? "" : ",") +
                (tensor.shape[i] < 0 ? std::string("any") : std::to_string(tensor.shape[i]));
      }
      text += "]";
    }
    return text;
  };
  return "it takes " + list(inputs) + " and gives " + list(outputs);
}

int side_of(int fixed, const ImageInput& input) {
  if (fixed > 0) return fixed;
  const int side = std::min(kUsualSide, input.max_side);
  return std::max(1, side / input.multiple) * input.multiple;
}

bool takes_picture(const TensorInfo& input) {
  return vision::plain_input({&input, 1}).has_value();
}

/// One try, on the thread of the request.
class Trial {
 public:
  Trial(core::Runtime& runtime, inference::ModelSpec spec, const Claim& claim,
        const RunContext& run)
      : runtime_(runtime), spec_(std::move(spec)), claim_(claim), run_(run), known_(claim.known) {
    // A name of its own: nobody else is to find it loaded, and it goes with its lease.
    spec_.name += " (on trial)";
  }

  Tried run() {
    auto why_not = look();
    return {std::move(known_), std::move(why_not)};
  }

 private:
  core::Lease load(const ImageInput& input) {
    spec_.settings["input"] = complete_input_text(input, claim_.input);
    input_ = inference::parse_image_input(spec_.settings.at("input"));
    return runtime_.acquire(spec_, {}, core::KeepAlive{0}, run_);
  }

  /// Gives why it was not run; empty: it was.
  std::string look() {
    auto lease = std::optional(load(known_ ? known_->input : ImageInput()));
    auto* session = lease->model().tensor();
    if (session == nullptr) return "it is no network of tensors";
    const auto inputs = session->inputs();
    if (const auto count = vision::count_pictures(inputs); count > 1) {
      throw Error(ErrorCode::kBadRequest,
                  "the network takes " + std::to_string(count) + " pictures at once",
                  "export it for one (a batch of 1, or of any size)");
    }
    const auto plain = vision::plain_input(inputs);
    if (!plain) return "it takes no picture";
    if (!std::all_of(inputs.begin(), inputs.end(), takes_picture)) {
      return "it takes more than pictures";
    }
    if (!known_) {
      lease.reset();
      lease.emplace(load(*plain));
      recognise(*lease->model().tensor());
      if (!known_) return {};
    }
    if (inference::parse_image_input(complete_input_text(known_->input, claim_.input)) != input_) {
      lease.reset();
      lease.emplace(load(known_->input));
    }
    judge(*lease->model().tensor());
    return {};
  }

  vision::TrialRun see(inference::TensorSession& session, unsigned number) {
    vision::TrialRun seen;
    seen.width = side_of(input_.width, input_);
    seen.height = side_of(input_.height, input_);
    std::vector<inference::Tensor> pictures;
    for (const auto& input : session.inputs()) {
      auto picture = vision::make_trial_picture(seen.width, seen.height, number);
      pictures.push_back(
          {{input.name, inference::ElementType::kUint8, {1, seen.height, seen.width, 3}},
           std::move(picture.pixels)});
    }
    seen.outputs = session.run(pictures, run_);
    return seen;
  }

  /// By the shapes that a run has, where the file leaves them open.
  void recognise(inference::TensorSession& session) {
    const auto seen = see(session, 0);
    auto inputs = session.inputs();
    std::vector<TensorInfo> outputs;
    for (const auto& output : seen.outputs) outputs.push_back(output.info);
    known_ = vision::recognise(inputs, outputs, claim_.clues);
    if (known_) return;
    for (auto& input : inputs) set_size(input, seen.width, seen.height);
    known_ = vision::recognise(inputs, outputs, claim_.clues);
    if (!known_) return;
    known_->input.width = input_.width;  // any, where it was
    known_->input.height = input_.height;
  }

  void set_size(TensorInfo& input, int width, int height) const {
    if (input.shape.size() < 3) return;
    const bool is_nhwc = input_.layout == inference::TensorLayout::kNhwc;
    const std::size_t row = input.shape.size() - (is_nhwc ? 3 : 2);
    input.shape[row] = height;
    input.shape[row + 1] = width;
  }

  void judge(inference::TensorSession& session) {
    std::vector<vision::TrialRun> runs;
    for (unsigned i = 0; i < kPictures; ++i) runs.push_back(see(session, i));
    const auto labels = std::max(claim_.clues.label_count, known_->names.size());
    const auto verdict = vision::judge(*known_, runs, labels);
    if (verdict.fits) return;
    throw Error(ErrorCode::kBadRequest,
                "the network does not answer as one for " + known_->task + " with the decoder " +
                    known_->decoder + " does: " + verdict.reason,
                describe(session.inputs(), session.outputs()) +
                    "; task, decoder and input can be said: docs/catalog.md");
  }

  core::Runtime& runtime_;
  inference::ModelSpec spec_;
  const Claim& claim_;
  const RunContext& run_;
  std::optional<vision::KnownNetwork> known_;
  ImageInput input_;
};

}  // namespace

std::size_t count_lines(std::string_view text) noexcept {
  text = trim(text);
  return text.empty() ? 0
                      : 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string complete_input_text(const inference::ImageInput& known, const std::string& said) {
  return merge_parameters(inference::write_image_input(known), said);
}

Tried try_network(core::Runtime& runtime, inference::ModelSpec spec, const Claim& claim,
                  const RunContext& run) {
  if (auto why = why_not_here(runtime, spec.engine); !why.empty()) return {claim.known, why};
  try {
    return Trial(runtime, std::move(spec), claim, run).run();
  } catch (const Error& error) {  // that there is no room for it now is not its fault
    if (error.code() != ErrorCode::kOutOfMemory && error.code() != ErrorCode::kBusy) throw;
    return {claim.known, error.what()};
  }
}

}  // namespace hailstone::library
