// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a line of text says: CTC (connectionist temporal classification), read greedily. Pure; any
// thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/tensor_session.hpp"
#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {

struct TextLine {
  std::string text;       ///< UTF-8
  double confidence = 0;  ///< mean probability of the characters that were kept; 0 without any
  /// Of each character: where it was read, from 0 (left) to 1 (right) of the line.
  std::vector<double> positions;
};

/// The characters of a labels file, one a line; blank (index 0) is put before them. classes is how
/// many the network has: one more than there are characters adds a space at the end, as PaddleOCR
/// does; a file that already begins with "blank" is taken as it is. Throws Error(kBadRequest) for
/// any other number.
std::vector<std::string> make_alphabet(std::span<const std::string> lines, std::size_t classes);

/// How many classes the tensor has: its last dimension. Throws Error(kEngineFailed).
std::size_t count_classes(const inference::Tensor& tensor);

/// Best class of each step, repeats as one, index 0 dropped. [steps,classes] as probabilities
/// (quantised or not) or as logits, which is seen by their sums. alphabet[0] is the blank. Throws
/// Error(kEngineFailed) where the alphabet has another size.
TextLine read_text_line(const inference::Tensor& tensor, std::span<const std::string> alphabet,
                        Quantization quantization = {});

/// LPRNet: [rows,steps,classes] or [steps,classes], mean over the rows, and the blank is the last
/// class of the alphabet.
TextLine read_plate(const inference::Tensor& tensor, std::span<const std::string> alphabet,
                    Quantization quantization = {});

}  // namespace hailstone::vision
