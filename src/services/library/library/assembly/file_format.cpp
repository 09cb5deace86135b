// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/file_format.hpp"

#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::library {
namespace {

using namespace std::string_view_literals;

/// A protobuf that begins with ModelProto.ir_version, one byte, and goes on with another field of
/// it: ONNX has no magic bytes.
bool looks_like_onnx(std::string_view bytes) noexcept {
  return bytes.size() >= 3 && bytes[0] == '\x08' && bytes[1] >= 3 && bytes[1] <= 32 &&
         (bytes[2] == '\x12' || bytes[2] == '\x1a' || bytes[2] == '\x22' || bytes[2] == '\x28' ||
          bytes[2] == '\x32' || bytes[2] == '\x3a' || bytes[2] == '\x42');
}

/// The length of a JSON header, then the header.
bool looks_like_safetensors(std::string_view bytes) noexcept {
  return bytes.size() >= 10 && bytes.substr(5, 3) == "\0\0\0"sv && bytes[8] == '{' &&
         bytes[9] == '"';
}

}  // namespace

FileFormat find_format(std::string_view first_bytes) noexcept {
  if (first_bytes.starts_with("GGUF")) return FileFormat::kGguf;
  if (first_bytes.starts_with("\x01HEF")) return FileFormat::kHef;
  if (first_bytes.starts_with("lmgg")) return FileFormat::kGgml;
  if (looks_like_safetensors(first_bytes)) return FileFormat::kSafetensors;
  if (looks_like_onnx(first_bytes)) return FileFormat::kOnnx;
  return FileFormat::kUnknown;
}

std::string_view name_of(FileFormat format) noexcept {
  switch (format) {
    case FileFormat::kGguf:
      return "gguf";
    case FileFormat::kOnnx:
      return "onnx";
    case FileFormat::kHef:
      return "hef";
    case FileFormat::kGgml:
      return "ggml";
    case FileFormat::kSafetensors:
    case FileFormat::kUnknown:
      break;
  }
  return {};
}

std::string engine_of(FileFormat format) {
  const auto name = name_of(format);
  return name.empty() ? std::string() : inference::engine_of_format(name);
}

}  // namespace hailstone::library
