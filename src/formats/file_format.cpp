// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/file_format.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::formats {
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

/// Behind blanks and a byte order mark, in any case.
bool looks_like_web_page(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  const auto starts_with = [&](std::string_view word) {
    return equals_ignoring_case(bytes.substr(0, word.size()), word);
  };
  return starts_with("<!doctype") || starts_with("<html") || starts_with("<head");
}

}  // namespace

FileFormat find_format(std::string_view first_bytes) noexcept {
  if (first_bytes.starts_with("GGUF")) return FileFormat::kGguf;
  if (first_bytes.starts_with("\x01HEF")) return FileFormat::kHef;
  if (first_bytes.starts_with("lmgg")) return FileFormat::kGgml;
  if (looks_like_safetensors(first_bytes)) return FileFormat::kSafetensors;
  if (looks_like_onnx(first_bytes)) return FileFormat::kOnnx;
  if (first_bytes.starts_with("version https://")) return FileFormat::kGitPointer;
  if (looks_like_web_page(first_bytes)) return FileFormat::kWebPage;
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
    default:
      break;
  }
  return {};
}

NoModel explain(FileFormat format) noexcept {
  switch (format) {
    case FileFormat::kSafetensors:
      return {"is in the format safetensors, which cannot be used as it is",
              "convert it to GGUF with llama.cpp's convert_hf_to_gguf.py, or export it to ONNX"};
    case FileFormat::kWebPage:
      return {"is a web page, not a model",
              "the address was that of a page about the file; its download link has it (on "
              "Hugging Face /resolve/ instead of /blob/, on GitHub /raw/)"};
    case FileFormat::kGitPointer:
      return {"is a pointer of Git LFS, not the model itself",
              "git lfs pull fetches the files that such pointers stand for"};
    default:
      return {"is no model: neither GGUF, ONNX, HEF nor ggml", ""};
  }
}

}  // namespace hailstone::formats
