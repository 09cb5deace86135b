// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/brokers/secret.hpp"

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::jobs {

void refuse_queue(const core::QueueFile& queue, const std::string& what) {
  throw Error(ErrorCode::kBadRequest, "the queue " + queue.name + ": " + what);
}

std::string read_password(const core::QueueFile& queue, const std::filesystem::path& file) {
  if (file.empty()) return {};
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in) refuse_queue(queue, "password_file: " + file.string() + " cannot be read");
  return std::string(trim(text));
}

}  // namespace hailstone::jobs
