// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tensors to OpenCV's pictures and back.

#include <opencv2/core.hpp>
#include <utility>
#include <vector>

#include "inference/tensor_session.hpp"

namespace hailstone::engines::opencv {

/// "image" uint8 [1, any, any, 3].
inference::TensorInfo picture_info(const char* name);

/// Looks into the tensor, which outlives the result: 8 bits, R G B. Throws Error(kBadRequest) that
/// names the input.
cv::Mat view_picture(const inference::Tensor& tensor, const char* name);

/// Throws Error(kBadRequest) unless there are so many.
void require_count(const std::vector<inference::Tensor>& inputs, std::size_t count);

/// A picture in the size that is worked on.
struct WorkPicture {
  cv::Mat picture;
  double scale = 1;  ///< picture = given * scale
};

/// Makes the longer side max_side pixels long: a larger picture smaller, a smaller one larger by at
/// most max_growth.
WorkPicture fit(const cv::Mat& given, int max_side, double max_growth = 1);

struct ScoredBox {
  cv::Rect2d box;  ///< pixels of the given picture
  double score = 0;
};

inference::TensorInfo boxes_info();

/// Best first; what lies outside a picture of that size is cut off.
inference::Tensor make_boxes(std::vector<ScoredBox> boxes, cv::Size picture);

/// 1 / (1 + exp(-slope * (weight - middle))).
double logistic(double weight, double slope, double middle) noexcept;

/// Calls work; turns what OpenCV throws into Error(kEngineFailed) or kOutOfMemory.
template <typename Work>
auto guarded(Work&& work);

[[noreturn]] void rethrow(const cv::Exception& error);

template <typename Work>
auto guarded(Work&& work) {
  try {
    return work();
  } catch (const cv::Exception& error) {
    rethrow(error);
  }
}

}  // namespace hailstone::engines::opencv
