// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/blob_writer.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include "core/store/blobs/files.hpp"
#include "core/store/blobs/verified.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;

Error digest_mismatch(const std::string& expected, const std::string& got) {
  return Error(ErrorCode::kBadRequest, "digest mismatch, expected " + expected + " got " + got,
               "the bytes are not the ones that were announced; nothing was kept");
}

void require_room(const fs::path& folder, ByteSize wanted) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return;  // whoever writes will find out
  const auto free = ByteSize::bytes(std::uint64_t{info.f_bavail} * info.f_frsize);
  if (wanted <= free) return;
  throw Error(ErrorCode::kOutOfMemory,
              "not enough room in " + folder.string() + ": " + to_string(wanted) + " are needed, " +
                  to_string(free) + " are free",
              "delete models that are not needed ('hailstone delete'), or set HAILSTONE_MODELS to "
              "a folder on a larger disk");
}

BlobWriter::BlobWriter(const fs::path& root, ExpectedBlob expected)
    : expected_(std::move(expected)), root_(root) {
  if (expected_.digest) {
    const auto hex = find_digest_hex(*expected_.digest);
    if (!hex) throw Error(ErrorCode::kBadRequest, "invalid digest format");
    expected_.digest = "sha256:" + *hex;
  }
  const fs::path folder = blobs_folder(root_);
  ensure_folder(folder);
  if (expected_.size) require_room(folder, *expected_.size);
  file_ = incoming_blob_path(root_);
  fd_ = open_to_write(file_, OpenMode::kNew);
}

BlobWriter::~BlobWriter() {
  ::unlink(file_.c_str());  // nothing is left of it once it has its name
}

void BlobWriter::write(std::string_view bytes) {
  if (expected_.size && (written_ + ByteSize::bytes(bytes.size())) > *expected_.size) {
    throw Error(ErrorCode::kBadRequest,
                "more bytes than the " + std::to_string(expected_.size->count()) + " announced");
  }
  write_at(fd_, bytes, written_.count(), file_);
  hash_.add(bytes);
  written_ += ByteSize::bytes(bytes.size());
}

Blob BlobWriter::commit() {
  if (expected_.size && written_ != *expected_.size) {
    throw Error(ErrorCode::kBadRequest, std::to_string(written_.count()) +
                                            " bytes instead of the " +
                                            std::to_string(expected_.size->count()) + " announced");
  }
  const std::string digest = "sha256:" + hash_.hex();
  if (expected_.digest && *expected_.digest != digest) {
    throw digest_mismatch(*expected_.digest, digest);
  }
  sync_file(fd_, file_);
  const Blob blob{digest, written_, find_blob_path(root_, digest).value()};
  rename_file(file_, blob.path);
  sync_folder(blob.path.parent_path());
  VerifiedMarks(root_).set(digest, blob.path);
  return blob;
}

}  // namespace hailstone::core
