// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/picture_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

/// What the service takes in one request; see docs/vision.md.
constexpr std::size_t kMaxPicture = std::size_t{64} << 20;
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kLongestMark = 12;

[[noreturn]] void refuse(const std::string& name, const std::string& why,
                         const std::string& detail = {}) {
  throw Error(ErrorCode::kBadRequest, name + ": " + why, detail);
}

std::string read_up_to(std::istream& in, std::size_t most) {
  std::string bytes(most, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(most));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

void check_size(const std::string& name, std::uintmax_t size) {
  if (size == 0) refuse(name, "is empty");
  if (size > kMaxPicture) refuse(name, "is larger than the 64 MiB that the service takes");
}

/// The name as messages have it.
std::string shown(const std::string& name) {
  return name == "-" ? "standard input" : name;
}

std::ifstream open_file(const std::string& name) {
  std::error_code ignored;
  if (fs::is_directory(name, ignored)) {
    refuse(name, "is a folder", "Name the pictures in it: " + (fs::path(name) / "*.jpg").string());
  }
  std::ifstream in(name, std::ios::binary);
  if (!in) refuse(name, "there is no such file, or it cannot be read");
  return in;
}

std::string read_all(const std::string& name, std::istream& in) {
  std::string bytes;
  std::string piece;
  do {
    piece = read_up_to(in, kPiece);
    bytes += piece;
  } while (!piece.empty() && bytes.size() <= kMaxPicture);
  check_size(shown(name), bytes.size());
  return bytes;
}

}  // namespace

std::string_view picture_type(std::string_view bytes) noexcept {
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
  if (bytes.starts_with("RIFF") && bytes.substr(0, kLongestMark).ends_with("WEBP")) {
    return "image/webp";
  }
  return {};
}

PictureFile::PictureFile(std::string name, std::istream& in) : name_(std::move(name)) {
  std::error_code error;
  std::string head;
  if (name_ == "-") {
    head = piped_ = read_all(name_, in);
  } else {
    std::ifstream file = open_file(name_);
    if (fs::is_regular_file(name_, error)) {
      check_size(name_, fs::file_size(name_, error));
      head = read_up_to(file, kLongestMark);
    } else {  // a pipe, which gives its bytes only once
      head = piped_ = read_all(name_, file);
    }
  }
  type_ = picture_type(head);
  if (!type_.empty()) return;
  refuse(shown(name_), "is no JPEG, PNG or WebP picture",
         "Other formats have to be converted first.");
}

std::string PictureFile::read() const {
  if (!piped_.empty()) return piped_;
  std::ifstream in = open_file(name_);
  return read_all(name_, in);
}

}  // namespace hailstone::cli
