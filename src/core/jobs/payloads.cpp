// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/payloads.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <vector>

#include "base/error.hpp"
#include "os/files/regular_file.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr char kUnfinished[] = ".part";

Error disk_error(const char* verb, const fs::path& file, int code) {
  const bool is_full = code == ENOSPC || code == EDQUOT;
  return {is_full ? ErrorCode::kOutOfMemory : ErrorCode::kEngineFailed,
          std::string("the job file ") + file.filename().string() + " cannot be " + verb + ": " +
              std::strerror(code),
          is_full ? "make room on the disk; finished jobs can be removed" : ""};
}

void sync_folder(const fs::path& folder) {
  const os::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || (::fsync(fd.get()) != 0 && errno != EINVAL)) {
    throw disk_error("written", folder, errno);
  }
}

}  // namespace

PayloadWriter::PayloadWriter(fs::path folder, std::string name)
    : folder_(std::move(folder)), name_(std::move(name)) {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
    throw disk_error("made", folder_, errno);
  }
  constexpr int kHow = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  fd_ = os::UniqueFd(::open(unfinished().c_str(), kHow, 0600));
  if (!fd_) throw disk_error("written", folder_ / name_, errno);
}

PayloadWriter::~PayloadWriter() {
  if (fd_) ::unlink(unfinished().c_str());
}

fs::path PayloadWriter::unfinished() const {
  return folder_ / (name_ + kUnfinished);
}

void PayloadWriter::append(std::string_view bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    const auto written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw disk_error("written", folder_ / name_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PayloadWriter::finish() {
  const fs::path file = folder_ / name_;
  if (::fsync(fd_.get()) != 0) throw disk_error("written", file, errno);
  if (::rename(unfinished().c_str(), file.c_str()) != 0) throw disk_error("written", file, errno);
  fd_.reset();
  sync_folder(folder_);
}

void Payloads::write(const std::string& name, std::string_view bytes) const {
  PayloadWriter writer(folder_, name);
  writer.append(bytes);
  writer.finish();
}

std::ifstream Payloads::open(const std::string& name) const {
  return os::open_regular_stream(folder_ / name);
}

std::string Payloads::read(const std::string& name) const {
  std::ifstream file = open(name);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) throw disk_error("read", folder_ / name, EIO);
  return bytes;
}

void Payloads::remove(const std::string& name) const noexcept {
  ::unlink((folder_.string() + "/" + name).c_str());
}

void Payloads::remove_all_but(const std::function<bool(const std::string&)>& is_needed) const {
  std::error_code failed;
  std::vector<std::string> left_over;
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    const std::string name = entry.path().filename().string();
    if (!is_needed(name)) left_over.push_back(name);
  }
  for (const auto& name : left_over) remove(name);
}

}  // namespace hailstone::core
