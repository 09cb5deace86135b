// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/models/upload.hpp"

#include <fstream>

#include "core/store/blobs/digest.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 20;

/// A file that is read in pieces, from wherever one is asked for. One thread.
class Pieces {
 public:
  explicit Pieces(const fs::path& file) : file_(file), in_(file, std::ios::binary) {
    std::error_code error;
    if (in_ && fs::is_regular_file(file, error)) size_ = fs::file_size(file, error);
    if (!in_ || error || size_ == 0) {
      throw Error(ErrorCode::kNotFound, "no file " + file.string() + " that can be read");
    }
  }

  std::uint64_t size() const noexcept { return size_; }
  const fs::path& file() const noexcept { return file_; }

  std::string_view read(std::uint64_t offset) {
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    if (in_.gcount() > 0) return {piece_.data(), static_cast<std::size_t>(in_.gcount())};
    throw Error(ErrorCode::kEngineFailed, file_.string() + " has become shorter meanwhile");
  }

 private:
  fs::path file_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::string piece_ = std::string(kPiece, '\0');
};

std::string hash(Pieces& pieces, ProgressView& view, const RunContext& run) {
  core::Sha256 sha;
  const std::string status = "hashing " + pieces.file().filename().string();
  for (std::uint64_t done = 0; done < pieces.size();) {
    run.check();
    const auto piece = pieces.read(done);
    sha.add(piece);
    done += piece.size();
    view.show({status, pieces.size(), done});
  }
  return "sha256:" + sha.hex();
}

}  // namespace

std::string upload_file(Service& service, const fs::path& file, ProgressView& view,
                        const RunContext& run) {
  Pieces pieces(file);
  const std::string digest = hash(pieces, view, run);
  const std::string target = "/api/blobs/" + digest;
  if (service.exists(target, run)) return digest;
  const std::string status = "uploading " + pieces.file().filename().string();
  service.upload(target,
                 {pieces.size(),
                  [&](std::uint64_t offset) {
                    const auto piece = pieces.read(offset);
                    view.show({status, pieces.size(), offset + piece.size()});
                    return piece;
                  }},
                 run);
  return digest;
}

std::string upload_text(Service& service, const std::string& text, const RunContext& run) {
  const std::string digest = "sha256:" + core::sha256_hex(text);
  const std::string target = "/api/blobs/" + digest;
  if (service.exists(target, run)) return digest;
  const auto read = [&](std::uint64_t offset) { return std::string_view(text).substr(offset); };
  service.upload(target, {text.size(), read}, run);
  return digest;
}

}  // namespace hailstone::cli
