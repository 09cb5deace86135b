// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/gguf/gguf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <type_traits>

#include "base/error.hpp"
#include "engines/llama/gguf/ggml_types.hpp"
#include "os/files/regular_file.hpp"
#include "os/system_error.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::Fact;
using inference::FactDetail;
using inference::FactList;

// Far above anything seen in real files (a large vocabulary has 260 000 entries, a large
// mixture of experts 3 000 tensors), far below what would hurt.
constexpr std::uint64_t kMaxEntries = 1 << 16;
constexpr std::uint64_t kMaxTensors = 1 << 16;
constexpr std::uint64_t kMaxKeyBytes = 1 << 10;
constexpr std::uint64_t kMaxTextBytes = 4 << 20;
constexpr std::uint64_t kMaxListLength = 1 << 22;
constexpr std::uint64_t kMaxKeptBytes = 256 << 20;
constexpr std::uint64_t kMaxDimensions = 4;
constexpr std::uint64_t kMaxAlignment = 1 << 20;
/// Lists up to this length (heads per layer and their like) are kept in any detail.
constexpr std::uint64_t kShortList = 1 << 10;

enum class ValueType : std::uint32_t {
  kUint8,
  kInt8,
  kUint16,
  kInt16,
  kUint32,
  kInt32,
  kFloat32,
  kBool,
  kString,
  kArray,
  kUint64,
  kInt64,
  kFloat64,
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kBadRequest, "not a sound GGUF file: " + what);
}

/// The bytes from the beginning on, through a window.
class Input {
 public:
  Input(std::uint64_t size, const ReadAt& read_at) : size_(size), read_at_(read_at) {}

  std::uint64_t position() const noexcept { return position_; }
  std::uint64_t remaining() const noexcept { return size_ - position_; }

  template <typename T>
  T number() {
    T value;
    copy(std::span(reinterpret_cast<char*>(&value), sizeof(value)));
    return value;
  }

  std::string text(std::uint64_t max_bytes, const char* what) {
    const auto length = number<std::uint64_t>();
    need(length, what);
    if (length > max_bytes) fail(std::string(what) + " is too long");
    keep(length);
    std::string value(length, '\0');
    copy(value);
    return value;
  }

  void skip_text() {
    const auto length = number<std::uint64_t>();
    need(length, "a text");
    position_ += length;
  }

  void skip(std::uint64_t bytes) {
    need(bytes, "a list");
    position_ += bytes;
  }

  void need(std::uint64_t bytes, const char* what) const {
    if (bytes > remaining()) fail(std::string(what) + " reaches beyond the end of the file");
  }

  /// Counts what stays in memory, so that a file cannot ask for any amount of it.
  void keep(std::uint64_t bytes) {
    kept_ += bytes;
    if (kept_ > kMaxKeptBytes) fail("there is too much metadata");
  }

 private:
  void copy(std::span<char> into) {
    need(into.size(), "the header");
    while (!into.empty()) {
      if (position_ < window_at_ || position_ >= window_at_ + window_.size()) refill();
      const auto at = static_cast<std::size_t>(position_ - window_at_);
      const std::size_t count = std::min(into.size(), window_.size() - at);
      std::memcpy(into.data(), window_.data() + at, count);
      into = into.subspan(count);
      position_ += count;
    }
  }
  void refill() {
    constexpr std::uint64_t kWindow = 64 << 10;
    window_.resize(static_cast<std::size_t>(std::min(kWindow, remaining())));
    window_at_ = position_;
    read_at_(window_at_, window_);
  }

  const std::uint64_t size_;
  const ReadAt& read_at_;
  std::uint64_t position_ = 0;
  std::uint64_t window_at_ = 0;
  std::vector<char> window_;
  std::uint64_t kept_ = 0;
};

std::uint64_t width_of(ValueType type) {
  switch (type) {
    case ValueType::kUint8:
    case ValueType::kInt8:
    case ValueType::kBool:
      return 1;
    case ValueType::kUint16:
    case ValueType::kInt16:
      return 2;
    case ValueType::kUint32:
    case ValueType::kInt32:
    case ValueType::kFloat32:
      return 4;
    case ValueType::kUint64:
    case ValueType::kInt64:
    case ValueType::kFloat64:
      return 8;
    case ValueType::kString:
      return 8;  // the length before it, at least
    case ValueType::kArray:
      break;
  }
  fail("a list of an unknown kind");
}

/// Value is Fact, or what a FactList holds.
template <typename Value>
Value read_scalar(Input& input, ValueType type) {
  switch (type) {
    case ValueType::kUint8:
      return std::uint64_t{input.number<std::uint8_t>()};
    case ValueType::kInt8:
      return std::int64_t{input.number<std::int8_t>()};
    case ValueType::kUint16:
      return std::uint64_t{input.number<std::uint16_t>()};
    case ValueType::kInt16:
      return std::int64_t{input.number<std::int16_t>()};
    case ValueType::kUint32:
      return std::uint64_t{input.number<std::uint32_t>()};
    case ValueType::kInt32:
      return std::int64_t{input.number<std::int32_t>()};
    case ValueType::kUint64:
      return input.number<std::uint64_t>();
    case ValueType::kInt64:
      return input.number<std::int64_t>();
    case ValueType::kFloat32:
      return double{input.number<float>()};
    case ValueType::kFloat64:
      return input.number<double>();
    case ValueType::kBool:
      return input.number<std::uint8_t>() != 0;
    case ValueType::kString:
      return input.text(kMaxTextBytes, "a text");
    case ValueType::kArray:
      break;
  }
  fail("a value of an unknown kind");
}

FactList read_list(Input& input, FactDetail detail) {
  using Item = decltype(FactList::values)::value_type;
  const auto type = static_cast<ValueType>(input.number<std::uint32_t>());
  FactList list;
  list.length = input.number<std::uint64_t>();
  const std::uint64_t width = width_of(type);
  if (list.length > kMaxListLength) fail("a list is too long");
  input.need(list.length * width, "a list");
  if (detail == FactDetail::kFull || list.length <= kShortList) {
    input.keep(list.length * sizeof(Item));
    list.values.reserve(list.length);
    for (std::uint64_t i = 0; i < list.length; ++i) {
      list.values.push_back(read_scalar<Item>(input, type));
    }
  } else if (type == ValueType::kString) {
    for (std::uint64_t i = 0; i < list.length; ++i) input.skip_text();
  } else {
    input.skip(list.length * width);
  }
  return list;
}

Fact read_fact(Input& input, FactDetail detail) {
  const auto type = static_cast<ValueType>(input.number<std::uint32_t>());
  if (type == ValueType::kArray) return read_list(input, detail);
  return read_scalar<Fact>(input, type);
}

struct Placed {
  std::uint64_t offset;
  std::uint64_t bytes;
};

/// Appends the tensor and says where its data lies, relative to the data's beginning.
Placed read_tensor(Input& input, std::vector<GgufTensor>& tensors) {
  GgufTensor tensor;
  tensor.name = input.text(kMaxKeyBytes, "a tensor's name");
  const auto dimensions = input.number<std::uint32_t>();
  if (dimensions == 0 || dimensions > kMaxDimensions)
    fail(tensor.name + " has too many dimensions");
  tensor.elements = 1;
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    const auto extent = input.number<std::uint64_t>();
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (extent == 0 || extent > kMost / tensor.elements) fail(tensor.name + " has a bad shape");
    tensor.elements *= extent;
    tensor.shape.push_back(extent);
  }
  tensor.type = input.number<std::uint32_t>();
  const TensorFormat format = format_of(tensor.type);
  if (tensor.shape[0] % format.block_elements != 0) fail(tensor.name + " has a bad shape");
  const std::uint64_t blocks = tensor.elements / format.block_elements;
  if (format.block_bytes != 0 &&
      blocks > std::numeric_limits<std::uint64_t>::max() / format.block_bytes) {
    fail(tensor.name + " has a bad shape");
  }
  const Placed placed{input.number<std::uint64_t>(), blocks * format.block_bytes};
  tensors.push_back(std::move(tensor));
  return placed;
}

void check_data(const Gguf& gguf, const std::vector<Placed>& placed, std::uint64_t header_bytes) {
  const std::uint64_t alignment = gguf.find_count("general.alignment").value_or(32);
  if (!std::has_single_bit(alignment) || alignment > kMaxAlignment) fail("a bad alignment");
  const std::uint64_t begin = (header_bytes + alignment - 1) / alignment * alignment;
  const std::uint64_t room = gguf.file_bytes > begin ? gguf.file_bytes - begin : 0;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const auto [offset, bytes] = placed[i];
    if (offset % alignment != 0) fail(gguf.tensors[i].name + " has a bad offset");
    if (offset > room || bytes > room - offset) {
      fail(gguf.tensors[i].name + " reaches beyond the end of the file");
    }
  }
}

void check_start(Input& input) {
  constexpr std::uint32_t kMagic = 0x46554747;
  if (input.remaining() < 24 || input.number<std::uint32_t>() != kMagic) {
    fail("it does not begin like one");
  }
  const auto version = input.number<std::uint32_t>();
  if (version != 2 && version != 3) {
    fail("version " + std::to_string(version) + ", but 2 or 3 was expected");
  }
}

const Fact* find(const Gguf& gguf, std::string_view key) noexcept {
  for (const auto& [name, fact] : gguf.metadata) {
    if (name == key) return &fact;
  }
  return nullptr;
}

}  // namespace

static_assert(std::endian::native == std::endian::little, "GGUF numbers are little-endian");

std::optional<std::uint64_t> Gguf::find_count(std::string_view key) const noexcept {
  const Fact* fact = find(*this, key);
  if (fact == nullptr) return std::nullopt;
  if (const auto* value = std::get_if<std::uint64_t>(fact)) return *value;
  const auto* value = std::get_if<std::int64_t>(fact);
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<std::string_view> Gguf::find_text(std::string_view key) const noexcept {
  const Fact* fact = find(*this, key);
  const auto* value = fact == nullptr ? nullptr : std::get_if<std::string>(fact);
  return value == nullptr ? std::nullopt : std::optional<std::string_view>(*value);
}

const FactList* Gguf::find_list(std::string_view key) const noexcept {
  const Fact* fact = find(*this, key);
  return fact == nullptr ? nullptr : std::get_if<FactList>(fact);
}

Gguf parse_gguf(std::uint64_t file_bytes, const ReadAt& read_at, FactDetail detail) {
  Input input(file_bytes, read_at);
  check_start(input);
  const auto tensors = input.number<std::uint64_t>();
  const auto entries = input.number<std::uint64_t>();
  if (tensors > kMaxTensors) fail("it claims to have too many tensors");
  if (entries > kMaxEntries) fail("it claims to have too much metadata");
  Gguf gguf;
  gguf.file_bytes = file_bytes;
  for (std::uint64_t i = 0; i < entries; ++i) {
    std::string key = input.text(kMaxKeyBytes, "a key");
    input.keep(sizeof(decltype(gguf.metadata)::value_type));
    gguf.metadata.emplace_back(std::move(key), read_fact(input, detail));
  }
  std::vector<Placed> placed;
  for (std::uint64_t i = 0; i < tensors; ++i) placed.push_back(read_tensor(input, gguf.tensors));
  check_data(gguf, placed, input.position());
  return gguf;
}

Gguf read_gguf(const std::filesystem::path& file, FactDetail detail) {
  const os::UniqueFd fd = os::open_regular_file(file);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw os::system_error("cannot read " + file.native());
  const auto read_at = [&](std::uint64_t offset, std::span<char> into) {
    while (!into.empty()) {
      const auto count = ::pread(fd.get(), into.data(), into.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail("it cannot be read to its end");
      into = into.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  };
  return parse_gguf(static_cast<std::uint64_t>(status.st_size), read_at, detail);
}

}  // namespace hailstone::engines::llama
