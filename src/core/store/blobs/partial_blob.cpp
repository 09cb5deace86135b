// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/partial_blob.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "core/store/blobs/files.hpp"
#include "core/store/blobs/verified.hpp"
#include "os/thread_name.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

// Ollama's way of cutting a blob into parts.
constexpr std::uint64_t kMostParts = 16;
constexpr std::uint64_t kSmallestPart = 100'000'000;
constexpr std::uint64_t kLargestPart = 1'000'000'000;
// A registry may claim any size, and each part is a file of its own; a folder full of state files
// is not ours.
constexpr std::uint64_t kMostPlanned = 1024;
constexpr std::size_t kPartLimit = 4096;

/// How many bytes may be lost when the program is killed: a fraction of the blob, so that a
/// download that is killed again and again still moves little more than its size.
std::size_t batch_for(std::uint64_t size) {
  constexpr std::uint64_t kFraction = 16384;
  constexpr std::uint64_t kLeast = 16U << 10U;
  constexpr std::uint64_t kMost = 512U << 10U;
  return std::clamp(size / kFraction, kLeast, kMost);
}

std::optional<BlobPart> read_state(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  const Json json = Json::parse(read_small_file(file), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto number = [&](const char* key) -> std::optional<std::uint64_t> {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
  };
  const auto offset = number("Offset");
  const auto size = number("Size");
  const auto completed = number("Completed");
  if (!offset || !size || !completed) return std::nullopt;
  return BlobPart{*offset, *size, std::min(*completed, *size)};
}

}  // namespace

std::uint64_t part_size_for(std::uint64_t total) noexcept {
  const std::uint64_t size = std::clamp(total / kMostParts, kSmallestPart, kLargestPart);
  return std::max(size, total / kMostPlanned + 1);
}

PartialBlob::PartialBlob(PartialBlobOptions options)
    : options_(std::move(options)), batch_(batch_for(options_.size.count())) {
  const auto path = find_blob_path(options_.root, options_.name);
  if (!path) throw Error(ErrorCode::kBadRequest, "invalid digest format");
  file_ = *path;
  file_ += "-partial";
  ensure_folder(file_.parent_path());
  fd_ = open_to_write(file_, OpenMode::kExisting);
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error(ErrorCode::kBusy, "another process downloads " + options_.name,
                "its partial file is " + file_.string());
  }
  const bool goes_on = load_parts();
  for (const auto& each : parts_) resumed_ += each.part.completed;
  // Before anything is made: the size is what a registry claims.
  require_room(file_.parent_path(), options_.size - ByteSize::bytes(resumed_));
  if (!goes_on) plan_parts();
  if (::ftruncate(fd_.get(), static_cast<off_t>(options_.size.count())) != 0) {
    throw disk_error("write", file_, errno);
  }
  hasher_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("blob-hash");
    hash_behind(stop);
  });
}

PartialBlob::~PartialBlob() = default;  // the hasher is the last member: it ends first

fs::path PartialBlob::state_path(std::size_t part) const {
  fs::path path = file_;
  return path += "-" + std::to_string(part);
}

bool PartialBlob::load_parts() {
  struct stat info {};
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < kPartLimit && end < options_.size.count(); ++i) {
    const auto part = read_state(state_path(i));
    if (!part || part->offset != end || part->size == 0 ||
        part->size > options_.size.count() - end) {
      break;
    }
    end += part->size;
    parts_.push_back({*part, {}, {}});
  }
  // A state without its bytes would claim what is not there.
  const bool has_bytes = ::fstat(fd_.get(), &info) == 0 &&
                         static_cast<std::uint64_t>(info.st_size) == options_.size.count();
  if (end == options_.size.count() && has_bytes) return true;
  parts_.clear();
  return false;
}

void PartialBlob::plan_parts() {
  const std::uint64_t total = options_.size.count();
  const std::uint64_t size = part_size_for(total);
  for (std::uint64_t offset = 0; offset < total; offset += size) {
    parts_.push_back({{offset, std::min(size, total - offset), 0}, {}, {}});
  }
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    save_state(i);
    parts_[i].state.reset();  // open only while it is written to
  }
  for (std::size_t i = parts_.size(); remove_file(state_path(i)); ++i) {
  }
}

BlobPart PartialBlob::part(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  return parts_.at(index).part;
}

std::uint64_t PartialBlob::completed() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& each : parts_) sum += each.part.completed;
  return sum;
}

void PartialBlob::append(std::size_t part, std::string_view bytes) {
  auto& file = parts_.at(part);
  if (bytes.size() > file.part.size - file.part.completed - file.pending.size()) {
    throw Error(ErrorCode::kBadRequest, "more bytes than were asked for");
  }
  file.pending.append(bytes);
  if (file.pending.size() >= batch_) flush(part);
}

void PartialBlob::flush(std::size_t part) {
  auto& file = parts_.at(part);
  if (file.pending.empty()) return;
  write_at(fd_, file.pending, file.part.offset + file.part.completed, file_);
  {
    const std::lock_guard lock(mutex_);
    file.part.completed += file.pending.size();
  }
  file.pending.clear();
  save_state(part);
  if (file.part.is_complete()) {
    file.pending.shrink_to_fit();
    file.state.reset();
  }
  changed_.notify_all();
}

void PartialBlob::save_state(std::size_t part) {
  auto& file = parts_[part];
  const fs::path path = state_path(part);
  if (!file.state) file.state = open_to_write(path, OpenMode::kExisting);
  std::string text = Json{{"N", part},
                          {"Offset", file.part.offset},
                          {"Size", file.part.size},
                          {"Completed", file.part.completed}}
                         .dump() +
                     "\n";
  // One write of one length: whoever reads it sees the old state or the new one.
  constexpr std::size_t kLength = 128;
  text.insert(text.size() - 1, kLength - std::min(text.size(), kLength), ' ');
  write_at(file.state, text, 0, path);
}

std::uint64_t PartialBlob::frontier() const {
  std::uint64_t end = 0;
  for (const auto& each : parts_) {
    end += each.part.completed;
    if (!each.part.is_complete()) break;
  }
  return end;
}

void PartialBlob::hash_behind(const std::stop_token& stop) {
  Sha256 hash;
  std::string piece(1U << 20U, '\0');
  std::uint64_t hashed = 0;
  std::unique_lock lock(mutex_);
  while (hashed < options_.size.count()) {
    if (!changed_.wait(lock, stop, [&] { return frontier() > hashed; })) return;
    const auto want = std::min<std::uint64_t>(piece.size(), frontier() - hashed);
    lock.unlock();
    const auto got = ::pread(fd_.get(), piece.data(), want, static_cast<off_t>(hashed));
    const int error_number = errno;
    if (got > 0) hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(got)));
    lock.lock();
    if (got <= 0) {
      hash_error_ = disk_error("read", file_, got < 0 ? error_number : EIO);
      break;
    }
    // Bytes go to the disk while others come; else fsync() has everything to do at the end.
    ::sync_file_range(fd_.get(), static_cast<off_t>(hashed), got, SYNC_FILE_RANGE_WRITE);
    hashed += static_cast<std::uint64_t>(got);
  }
  if (!hash_error_) hex_ = hash.hex();
  changed_.notify_all();
}

std::string PartialBlob::digest(const RunContext& run) {
  for (std::size_t i = 0; i < parts_.size(); ++i) flush(i);
  std::unique_lock lock(mutex_);
  const auto known = [&] { return !hex_.empty() || hash_error_.has_value(); };
  if (run.deadline.is_never()) {
    changed_.wait(lock, run.stop, known);
  } else {
    changed_.wait_until(lock, run.stop, run.deadline.time(), known);
  }
  if (!known()) run.check();
  if (hash_error_) throw Error(*hash_error_);
  return "sha256:" + hex_;
}

Blob PartialBlob::commit(const RunContext& run) {
  const std::string got = digest(run);
  if (options_.digest && *options_.digest != got) {
    discard();
    throw digest_mismatch(*options_.digest, got);
  }
  sync_file(fd_, file_);
  const Blob blob{got, options_.size, find_blob_path(options_.root, got).value()};
  rename_file(file_, blob.path);
  sync_folder(blob.path.parent_path());
  for (std::size_t i = 0; i < parts_.size(); ++i) remove_file(state_path(i));
  VerifiedMarks(options_.root).set(got, blob.path);
  return blob;
}

void PartialBlob::discard() {
  remove_file(file_);
  for (std::size_t i = 0; i < parts_.size(); ++i) remove_file(state_path(i));
}

}  // namespace hailstone::core
