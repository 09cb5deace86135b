// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_file.hpp"

#include <algorithm>
#include <functional>
#include <istream>

#include "base/error.hpp"

namespace hailstone::formats {
namespace {

constexpr std::uint64_t kLongestText = 1 << 20;
constexpr std::size_t kMostEntries = 1000;

// Field numbers of onnx.proto.
constexpr std::uint64_t kModelDescription = 6;
constexpr std::uint64_t kModelGraph = 7;
constexpr std::uint64_t kModelMetadata = 14;
constexpr std::uint64_t kGraphInput = 11;
constexpr std::uint64_t kEntryKey = 1;
constexpr std::uint64_t kEntryValue = 2;
constexpr std::uint64_t kValueName = 1;
constexpr std::uint64_t kValueType = 2;
constexpr std::uint64_t kTypeTensor = 1;
constexpr std::uint64_t kTensorShape = 2;
constexpr std::uint64_t kShapeDimension = 1;
constexpr std::uint64_t kDimensionValue = 1;

/// A stretch of the file that holds a message.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;     ///< of a number
  std::optional<Range> range;  ///< of a text or a message
};

/// One thread. The stream outlives it.
class Walker {
 public:
  explicit Walker(std::istream& in) : in_(in) {
    in_.seekg(0, std::ios::end);
    const auto end = in_.tellg();
    if (end < 0) refuse();
    size_ = static_cast<std::uint64_t>(end);
  }

  Range whole() const noexcept { return {0, size_}; }

  void each_field(Range range, const std::function<void(const Field&)>& take) {
    for (std::uint64_t at = range.begin; at < range.end;) {
      const Field field = read_field(at, range.end);
      take(field);
    }
  }

  std::string text(Range range) {
    const std::uint64_t size = range.end - range.begin;
    if (size > kLongestText) return {};
    std::string out(size, '\0');
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(range.begin));
    in_.read(out.data(), static_cast<std::streamsize>(size));
    if (static_cast<std::uint64_t>(in_.gcount()) != size) refuse();
    return out;
  }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ErrorCode::kBadRequest, "this is no ONNX file, or a broken one");
  }

  std::uint64_t number(std::uint64_t& at, std::uint64_t end) {
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(at));
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
      const int byte = in_.get();
      if (byte < 0) refuse();
      ++at;
      out |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return out;
    }
    refuse();
  }

  Field read_field(std::uint64_t& at, std::uint64_t end) {
    enum Wire : std::uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
    const std::uint64_t tag = number(at, end);
    Field field;
    field.number = tag >> 3;
    std::uint64_t size = 0;
    switch (tag & 7) {
      case kVarint:
        field.value = number(at, end);
        return field;
      case kFixed64:
        size = 8;
        break;
      case kFixed32:
        size = 4;
        break;
      case kBytes:
        size = number(at, end);
        field.range = Range{at, at + size};
        break;
      default:
        refuse();
    }
    if (size > end - at) refuse();
    at += size;
    return field;
  }

  std::istream& in_;
  std::uint64_t size_ = 0;
};

/// Calls take for the sub-messages of that number.
void each_message(Walker& walker, Range range, std::uint64_t number,
                  const std::function<void(Range)>& take) {
  walker.each_field(range, [&](const Field& field) {
    if (field.number == number && field.range) take(*field.range);
  });
}

std::pair<std::string, std::string> read_entry(Walker& walker, Range range) {
  std::pair<std::string, std::string> entry;
  walker.each_field(range, [&](const Field& field) {
    if (!field.range) return;
    if (field.number == kEntryKey) entry.first = walker.text(*field.range);
    if (field.number == kEntryValue) entry.second = walker.text(*field.range);
  });
  return entry;
}

std::int64_t read_dimension(Walker& walker, Range range) {
  std::int64_t out = -1;  // a name instead of a number: any
  walker.each_field(range, [&](const Field& field) {
    if (field.number == kDimensionValue && !field.range) {
      out = static_cast<std::int64_t>(field.value);
    }
  });
  return out;
}

OnnxInput read_input(Walker& walker, Range range) {
  OnnxInput input;
  each_message(walker, range, kValueName, [&](Range name) { input.name = walker.text(name); });
  each_message(walker, range, kValueType, [&](Range type) {
    each_message(walker, type, kTypeTensor, [&](Range tensor) {
      each_message(walker, tensor, kTensorShape, [&](Range shape) {
        each_message(walker, shape, kShapeDimension, [&](Range dimension) {
          if (input.shape.size() < kMostEntries) {
            input.shape.push_back(read_dimension(walker, dimension));
          }
        });
      });
    });
  });
  return input;
}

}  // namespace

std::optional<std::string> OnnxFile::find(std::string_view key) const {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

OnnxFile read_onnx_file(std::istream& in) {
  Walker walker(in);
  OnnxFile file;
  walker.each_field(walker.whole(), [&](const Field& field) {
    if (!field.range) return;
    if (field.number == kModelDescription) file.description = walker.text(*field.range);
    if (field.number == kModelMetadata && file.metadata.size() < kMostEntries) {
      file.metadata.push_back(read_entry(walker, *field.range));
    }
    if (field.number != kModelGraph) return;
    each_message(walker, *field.range, kGraphInput, [&](Range input) {
      if (file.inputs.size() < kMostEntries) file.inputs.push_back(read_input(walker, input));
    });
  });
  return file;
}

}  // namespace hailstone::formats
