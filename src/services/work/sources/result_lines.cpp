// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/result_lines.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/store/blobs/files.hpp"

namespace hailstone::jobs {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kTail = 64 << 10;

/// The end of the file, empty where there is none.
std::string read_tail(const fs::path& file, std::uint64_t size) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(size - std::min(size, kTail)));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

void append_result(const fs::path& file, const std::string& id, const std::string& line) {
  const auto fd = core::open_to_write(file, core::OpenMode::kExisting);
  const std::uint64_t size = fs::file_size(file);
  const std::string tail = read_tail(file, size);
  const auto newline = tail.rfind('\n');
  const auto whole = newline == std::string::npos ? 0 : newline + 1;
  if (tail.substr(0, whole).find("\"" + id + "\"") != std::string::npos) return;
  const std::string torn = tail.substr(whole);
  const bool is_ours = line.starts_with(torn);  // or there is none
  const std::uint64_t begin = is_ours ? size - torn.size() : size;
  core::write_at(fd, (is_ours ? "" : "\n") + line + "\n", begin, file);
  core::sync_file(fd, file);
  core::sync_folder(file.parent_path());
}

}  // namespace hailstone::jobs
