// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Writes ONNX files of a few hundred bytes for tests. The numbers are those of onnx.proto.

#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace hailstone::formats::testing {

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}
/// A field with bytes: a text or a message.
inline std::string field(std::uint64_t number, const std::string& content) {
  return varint(number << 3 | 2) + varint(content.size()) + content;
}
inline std::string number(std::uint64_t field, std::int64_t value) {
  return varint(field << 3) + varint(static_cast<std::uint64_t>(value));
}

enum class Type {
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kInt32 = 6,
  kInt64 = 7,
  kBool = 9,
  kHalf = 10,
  kDouble = 11
};

using Shape = std::vector<std::int64_t>;

/// A ValueInfoProto; -1: any size.
inline std::string value(const std::string& name, Type type, const Shape& shape) {
  std::string dimensions;
  for (const auto size : shape) {
    dimensions += field(1, size < 0 ? field(2, "any") : number(1, size));
  }
  const std::string tensor = number(1, static_cast<int>(type)) + field(2, dimensions);
  return field(1, name) + field(2, field(1, tensor));
}

/// A TensorProto of constants, little-endian.
template <typename Value>
std::string constant(const std::string& name, Type type, const Shape& shape,
                     const std::vector<Value>& values) {
  std::string out;
  for (const auto size : shape) out += number(1, size);
  std::string raw(values.size() * sizeof(Value), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return out + number(2, static_cast<int>(type)) + field(8, name) + field(9, raw);
}

/// A TensorProto whose data is said to be in another file.
inline std::string constant_elsewhere(const std::string& name, const std::string& file) {
  return number(1, 1) + number(2, static_cast<int>(Type::kFloat)) + field(8, name) +
         field(13, field(1, "location") + field(2, file)) + number(14, 1);
}

inline std::string integers_attribute(const std::string& name, const Shape& values) {
  std::string out = field(1, name);
  for (const auto item : values) out += number(8, item);
  return out + number(20, 7);
}
inline std::string graph_attribute(const std::string& name, const std::string& graph) {
  return field(1, name) + field(6, graph) + number(20, 5);
}
inline std::string integer_attribute(const std::string& name, std::int64_t value) {
  return field(1, name) + number(3, value) + number(20, 2);
}

inline std::string node(const std::string& op, const std::vector<std::string>& inputs,
                        const std::vector<std::string>& outputs,
                        const std::vector<std::string>& attributes = {}) {
  std::string out;
  for (const auto& input : inputs) out += field(1, input);
  for (const auto& output : outputs) out += field(2, output);
  out += field(4, op);
  for (const auto& attribute : attributes) out += field(5, attribute);
  return out;
}

struct Graph {
  std::string name = "micro";
  std::vector<std::string> nodes;
  std::vector<std::string> constants;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;

  std::string bytes() const {
    std::string out;
    for (const auto& item : nodes) out += field(1, item);
    out += field(2, name);
    for (const auto& item : constants) out += field(5, item);
    for (const auto& item : inputs) out += field(11, item);
    for (const auto& item : outputs) out += field(12, item);
    return out;
  }
};

using Metadata = std::vector<std::pair<std::string, std::string>>;

inline std::string model(const Graph& graph, const Metadata& metadata = {}) {
  std::string out = number(1, 8) + field(2, "hailstone-test") + field(3, "1.5") +
                    field(6, "a micro model") + field(7, graph.bytes()) +
                    field(8, field(1, "") + number(2, 17));
  for (const auto& [key, text] : metadata) out += field(14, field(1, key) + field(2, text));
  return out;
}

/// One input and one output of floats; for those who look at names and shapes alone.
inline std::string outline_model(const std::string& input, const Shape& in,
                                 const std::string& output, const Shape& out) {
  return model({.nodes = {node("Identity", {input}, {output})},
                .constants = {},
                .inputs = {value(input, Type::kFloat, in)},
                .outputs = {value(output, Type::kFloat, out)}});
}

/// y = x.
inline std::string identity_model(Type type, const Shape& shape) {
  return model({.nodes = {node("Identity", {"x"}, {"y"})},
                .constants = {},
                .inputs = {value("x", type, shape)},
                .outputs = {value("y", type, shape)}},
               {{"task", "test"}});
}

/// y = x0 + x1, float32.
inline std::string sum_model(const Shape& shape) {
  return model({.nodes = {node("Add", {"x0", "x1"}, {"y"})},
                .constants = {},
                .inputs = {value("x0", Type::kFloat, shape), value("x1", Type::kFloat, shape)},
                .outputs = {value("y", Type::kFloat, shape)}});
}

/// A 1x1 convolution of [any, 3, side, side] that adds the channels up, weighted 1, 10 and 100.
inline std::string convolution_model(std::int64_t side) {
  const std::vector<float> weights = {1, 10, 100};
  return model({.nodes = {node("Conv", {"image", "w"}, {"sum"},
                               {integers_attribute("kernel_shape", {1, 1})})},
                .constants = {constant("w", Type::kFloat, {1, 3, 1, 1}, weights)},
                .inputs = {value("image", Type::kFloat, {-1, 3, side, side})},
                .outputs = {value("sum", Type::kFloat, {-1, 1, side, side})}});
}

/// The mean of each channel: takes a large picture and computes next to nothing.
inline std::string mean_model(std::int64_t side) {
  return model({.nodes = {node("GlobalAveragePool", {"image"}, {"mean"})},
                .constants = {},
                .inputs = {value("image", Type::kFloat, {1, 3, side, side})},
                .outputs = {value("mean", Type::kFloat, {1, 3, 1, 1})}});
}

/// Turns x round in a loop as often as the input "count" says: work that takes as long as a test
/// likes.
inline std::string loop_model() {
  const Graph body{.name = "body",
                   .nodes = {node("Identity", {"go_on"}, {"still"}), node("Neg", {"v"}, {"w"})},
                   .constants = {},
                   .inputs = {value("i", Type::kInt64, {}), value("go_on", Type::kBool, {}),
                              value("v", Type::kFloat, {4})},
                   .outputs = {value("still", Type::kBool, {}), value("w", Type::kFloat, {4})}};
  return model(
      {.nodes = {node("Loop", {"count", "", "x"}, {"y"}, {graph_attribute("body", body.bytes())})},
       .constants = {},
       .inputs = {value("count", Type::kInt64, {}), value("x", Type::kFloat, {4})},
       .outputs = {value("y", Type::kFloat, {4})}});
}

/// A file of the test's own, deleted with this object.
class TempModel {
 public:
  TempModel(const std::string& name, const std::string& bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("hailstone-" + std::to_string(::getpid()) + "-" + name + ".onnx")) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TempModel() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TempModel(const TempModel&) = delete;
  TempModel& operator=(const TempModel&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  const std::filesystem::path path_;
};

}  // namespace hailstone::formats::testing
