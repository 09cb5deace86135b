// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Golden files that tests/reference/generate.py wrote: tensors in NumPy's format.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/tensor_session.hpp"

namespace hailstone::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("no file " + path.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline inference::ElementType element_type(const std::string& header) {
  using inference::ElementType;
  const std::pair<const char*, ElementType> types[] = {
      {"'<f4'", ElementType::kFloat32}, {"'<f2'", ElementType::kFloat16},
      {"'|u1'", ElementType::kUint8},   {"'|i1'", ElementType::kInt8},
      {"'<i4'", ElementType::kInt32},   {"'<i8'", ElementType::kInt64}};
  for (const auto& [name, type] : types) {
    if (header.find(name) != std::string::npos) return type;
  }
  throw std::runtime_error("an element type that tests do not know: " + header);
}

inline inference::Tensor read_npy(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  std::uint16_t length = 0;
  std::memcpy(&length, bytes.data() + 8, sizeof length);
  const std::string header = bytes.substr(10, length);
  inference::Tensor tensor;
  tensor.info.name = path.stem().string();
  tensor.info.type = element_type(header);
  const auto begin = header.find('(') + 1;
  std::istringstream shape(header.substr(begin, header.find(')') - begin));
  for (std::string extent; std::getline(shape, extent, ',');) {
    if (extent.find_first_of("0123456789") != std::string::npos) {
      tensor.info.shape.push_back(std::stoll(extent));
    }
  }
  const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
  tensor.data = std::vector<std::byte>(data + 10 + length, data + bytes.size());
  return tensor;
}

/// The values of a float32 file.
inline std::vector<float> read_floats(const std::filesystem::path& path) {
  const auto tensor = read_npy(path);
  if (tensor.info.type != inference::ElementType::kFloat32) throw std::runtime_error("no floats");
  std::vector<float> values(tensor.data.size() / sizeof(float));
  std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

/// A tensor of float32.
inline inference::Tensor make_tensor(std::vector<std::int64_t> shape, std::vector<float> values,
                                     std::string name = "t") {
  return {{std::move(name), inference::ElementType::kFloat32, std::move(shape)}, std::move(values)};
}

}  // namespace hailstone::testing
