// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/whisper_file.hpp"

#include <array>
#include <istream>

#include "base/error.hpp"

namespace hailstone::formats {
namespace {

constexpr std::int32_t kMagic = 0x67676d6c;  // "ggml"
constexpr std::int32_t kVersionFactor = 1000;

std::optional<std::int32_t> read_number(std::istream& in) {
  std::array<unsigned char, 4> bytes{};
  if (!in.read(reinterpret_cast<char*>(bytes.data()), bytes.size())) return std::nullopt;
  return static_cast<std::int32_t>(bytes[0] | bytes[1] << 8U | bytes[2] << 16U |
                                   static_cast<std::uint32_t>(bytes[3]) << 24U);
}

/// ggml's ftype, as whisper.cpp's quantize tool names it.
std::string quantization_name(std::int32_t type) {
  switch (type % kVersionFactor) {
    case 0:
      return "F32";
    case 1:
      return "F16";
    case 2:
      return "Q4_0";
    case 3:
      return "Q4_1";
    case 7:
      return "Q8_0";
    case 8:
      return "Q5_0";
    case 9:
      return "Q5_1";
    case 10:
      return "Q2_K";
    case 11:
      return "Q3_K";
    case 12:
      return "Q4_K";
    case 13:
      return "Q5_K";
    case 14:
      return "Q6_K";
    default:
      return "type " + std::to_string(type % kVersionFactor);
  }
}

}  // namespace

std::string WhisperFile::size_name() const {
  switch (audio_layers) {
    case 4:
      return "tiny";
    case 6:
      return "base";
    case 12:
      return "small";
    case 24:
      return "medium";
    case 32:
      return mels == 128 && text_layers == 4 ? "large-v3-turbo" : "large";
    default:
      return {};
  }
}

bool is_whisper_file(std::istream& in) {
  const auto magic = read_number(in);
  in.clear();
  in.seekg(0);
  return magic == kMagic;
}

WhisperFile read_whisper_file(std::istream& in) {
  if (read_number(in) != kMagic) {
    throw Error(ErrorCode::kBadRequest, "the file is no Whisper model in ggml's format");
  }
  WhisperFile file;
  std::int32_t type = 0;
  for (int* field : {&file.vocabulary, &file.audio_context, &file.audio_state, &file.audio_heads,
                     &file.audio_layers, &file.text_context, &file.text_state, &file.text_heads,
                     &file.text_layers, &file.mels, &type}) {
    const auto number = read_number(in);
    if (!number) throw Error(ErrorCode::kBadRequest, "the Whisper model ends within its header");
    *field = *number;
  }
  constexpr int kMost = 1 << 20;
  for (const int field :
       {file.vocabulary, file.audio_context, file.audio_state, file.audio_heads, file.audio_layers,
        file.text_context, file.text_state, file.text_heads, file.text_layers, file.mels}) {
    if (field < 1 || field > kMost) {
      throw Error(ErrorCode::kBadRequest, "the Whisper model's header has impossible figures");
    }
  }
  if (type < 0) throw Error(ErrorCode::kBadRequest, "the Whisper model's type is unknown");
  file.quantization = quantization_name(type);
  return file;
}

}  // namespace hailstone::formats
