// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/gguf/ggml_types.hpp"

#include <array>
#include <string_view>

namespace hailstone::engines::llama {
namespace {

struct Row {
  std::uint32_t type;
  std::string_view name;
  TensorFormat format;
};

constexpr std::array kTypes = {
    Row{0, "F32", {1, 4}},         Row{1, "F16", {1, 2}},         Row{2, "Q4_0", {32, 18}},
    Row{3, "Q4_1", {32, 20}},      Row{6, "Q5_0", {32, 22}},      Row{7, "Q5_1", {32, 24}},
    Row{8, "Q8_0", {32, 34}},      Row{9, "Q8_1", {32, 36}},      Row{10, "Q2_K", {256, 84}},
    Row{11, "Q3_K", {256, 110}},   Row{12, "Q4_K", {256, 144}},   Row{13, "Q5_K", {256, 176}},
    Row{14, "Q6_K", {256, 210}},   Row{15, "Q8_K", {256, 292}},   Row{16, "IQ2_XXS", {256, 66}},
    Row{17, "IQ2_XS", {256, 74}},  Row{18, "IQ3_XXS", {256, 98}}, Row{19, "IQ1_S", {256, 50}},
    Row{20, "IQ4_NL", {32, 18}},   Row{21, "IQ3_S", {256, 110}},  Row{22, "IQ2_S", {256, 82}},
    Row{23, "IQ4_XS", {256, 136}}, Row{24, "I8", {1, 1}},         Row{25, "I16", {1, 2}},
    Row{26, "I32", {1, 4}},        Row{27, "I64", {1, 8}},        Row{28, "F64", {1, 8}},
    Row{29, "IQ1_M", {256, 56}},   Row{30, "BF16", {1, 2}},       Row{34, "TQ1_0", {256, 54}},
    Row{35, "TQ2_0", {256, 66}},   Row{39, "MXFP4", {32, 17}},
};

// By general.file_type; the gaps are formats that were given up.
constexpr std::array<std::string_view, 39> kFileTypes = {
    "F32",    "F16",    "Q4_0",  "Q4_1",    "",       "",       "",       "Q8_0",
    "Q5_0",   "Q5_1",   "Q2_K",  "Q3_K_S",  "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M",
    "Q5_K_S", "Q5_K_M", "Q6_K",  "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS",
    "IQ1_S",  "IQ4_NL", "IQ3_S", "IQ3_M",   "IQ2_S",  "IQ2_M",  "IQ4_XS", "IQ1_M",
    "BF16",   "",       "",      "",        "TQ1_0",  "TQ2_0",  "MXFP4",
};

}  // namespace

TensorFormat format_of(std::uint32_t type) noexcept {
  for (const Row& row : kTypes) {
    if (row.type == type) return row.format;
  }
  return {};
}

std::string name_of_type(std::uint32_t type) {
  for (const Row& row : kTypes) {
    if (row.type == type) return std::string(row.name);
  }
  return "type " + std::to_string(type);
}

std::string name_of_file_type(std::uint64_t file_type) {
  return file_type < kFileTypes.size() ? std::string(kFileTypes[file_type]) : std::string();
}

}  // namespace hailstone::engines::llama
