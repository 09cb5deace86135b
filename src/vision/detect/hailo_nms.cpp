// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"

// What HailoRT's own suppression gives: packed little-endian records, coordinates top, left,
// bottom, right from 0 to 1 of the input.

namespace hailstone::vision {
namespace {

struct Size {
  float width;
  float height;
};

Size input_size(const DetectOptions& options) {
  const Grid grid = make_grids(options, {1}).front();
  return {static_cast<float>(grid.columns), static_cast<float>(grid.rows)};
}

Candidate from_record(const float* record, const Size& input) noexcept {
  Candidate candidate = from_corners(record[1] * input.width, record[0] * input.height,
                                     record[3] * input.width, record[2] * input.height);
  candidate.score = record[4];
  return candidate;
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kEngineFailed, "the list of detections is damaged: " + what);
}

const inference::Tensor& need_single(Tensors tensors) {
  if (tensors.size() != 1) {
    throw Error(ErrorCode::kEngineFailed,
                "the network gave " + std::to_string(tensors.size()) + " outputs",
                "the decoder expects one list of detections");
  }
  return tensors[0];
}

/// A list that begins with how many records of one size it has.
class Records {
 public:
  Records(const inference::Tensor& tensor, std::size_t record_size)
      : data_(tensor.data), record_size_(record_size) {
    std::uint16_t count = 0;
    if (data_.size() < sizeof count) refuse("it has no beginning");
    std::memcpy(&count, data_.data(), sizeof count);
    count_ = count;
    if ((data_.size() - sizeof count) / record_size_ < count_) {
      refuse(std::to_string(count_) + " of them in " + std::to_string(data_.size()) + " bytes");
    }
  }

  std::size_t size() const noexcept { return count_; }

  template <typename Value>
  Value read(std::size_t record, std::size_t offset) const noexcept {
    Value value;
    std::memcpy(&value, data_.data() + 2 + record * record_size_ + offset, sizeof value);
    return value;
  }

  Candidate candidate(std::size_t record, const Size& input) const noexcept {
    std::array<float, 5> values;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = read<float>(record, 4 * i);
    Candidate candidate = from_record(values.data(), input);
    candidate.class_id = read<std::uint16_t>(record, 20);
    candidate.source = static_cast<std::uint32_t>(record);
    return candidate;
  }

 private:
  std::span<const std::byte> data_;
  std::size_t record_size_;
  std::size_t count_ = 0;
};

constexpr std::size_t kRecordSize = 22;      ///< five floats, class as 16 bits
constexpr std::size_t kMaskRecordSize = 46;  ///< and size, an old pointer, offset: 64 bits each

/// ceil(width) x ceil(height) bytes of the box; empty where they are not there.
Mask read_mask(std::span<const std::byte> data, const Box& box, std::uint64_t size,
               std::uint64_t offset) {
  constexpr double kFar = 1 << 14;
  if (!(box.width <= kFar && box.height <= kFar)) return {};
  Mask mask{static_cast<int>(std::ceil(box.width)), static_cast<int>(std::ceil(box.height)), {}};
  const auto pixels =
      static_cast<std::uint64_t>(mask.width) * static_cast<std::uint64_t>(mask.height);
  if (pixels != size || offset > data.size() || size > data.size() - offset) return {};
  mask.pixels.resize(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    mask.pixels[i] = data[offset + i] != std::byte{0} ? 1 : 0;
  }
  return mask;
}

}  // namespace

/// For each class its count as a float, then count records of five floats, without gaps; the tensor
/// has room for the most of every class.
Detections decode_nms_by_class(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const Size input = input_size(options);
  const auto values = outputs[0].values();
  const auto classes = static_cast<std::size_t>(std::max(options.class_count, 0));
  if (classes == 0) {
    throw Error(ErrorCode::kBadRequest, "the model's labels are needed to read its detections",
                "its manifest names them: labels = \"coco80\"");
  }
  if (outputs.size() != 1 || values.size() % classes != 0 || values.size() / classes % 5 != 1) {
    outputs.refuse("one of " + std::to_string(classes) + " x (1 + 5 x boxes) floats");
  }
  const std::size_t most = values.size() / classes / 5;
  Candidates candidates(options);
  std::size_t next = 0;
  for (std::size_t class_id = 0; class_id < classes; ++class_id) {
    const float count = values[next++];
    if (!(count >= 0 && count <= static_cast<float>(most))) {
      refuse("class " + std::to_string(class_id) + " has " + std::to_string(count) + " of " +
             std::to_string(most));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i, next += 5) {
      Candidate candidate = from_record(values.data() + next, input);
      candidate.class_id = static_cast<int>(class_id);
      candidates.add(candidate);
    }
  }
  return to_detections(candidates.select());
}

Detections decode_nms_by_score(Tensors tensors, const DetectOptions& options) {
  const Size input = input_size(options);
  const Records records(need_single(tensors), kRecordSize);
  Candidates candidates(options);
  for (std::size_t i = 0; i < records.size(); ++i) candidates.add(records.candidate(i, input));
  return to_detections(candidates.select());
}

Detections decode_nms_with_byte_mask(Tensors tensors, const DetectOptions& options) {
  const Size input = input_size(options);
  const inference::Tensor& tensor = need_single(tensors);
  const Records records(tensor, kMaskRecordSize);
  Candidates candidates(options);
  for (std::size_t i = 0; i < records.size(); ++i) candidates.add(records.candidate(i, input));
  return to_detections(candidates.select(), [&](const Candidate& from, Detection& found) {
    found.mask = read_mask(tensor.data, found.box, records.read<std::uint64_t>(from.source, 22),
                           records.read<std::uint64_t>(from.source, 38));
  });
}

}  // namespace hailstone::vision
