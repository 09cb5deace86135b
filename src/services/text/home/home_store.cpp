// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/home_store.hpp"

#include <utility>

#include "base/error.hpp"
#include "core/store/blobs/files.hpp"
#include "log/log.hpp"
#include "services/text/home/wire_home.hpp"

namespace hailstone::home {
namespace {

Home read(const std::filesystem::path& file) {
  try {
    return parse_home(core::read_small_file(file));
  } catch (const Error& error) {  // the service works without it
    if (error.code() != ErrorCode::kNotFound) {
      log::warning("home", "the file cannot be read",
                   {{"file", file.native()}, {"why", error.what()}});
    }
    return {};
  }
}

}  // namespace

HomeStore::HomeStore(std::filesystem::path file)
    : file_(std::move(file)), home_(std::make_shared<const HomeIndex>(read(file_))) {}

std::shared_ptr<const HomeIndex> HomeStore::home() const {
  const MutexLock lock(mutex_);
  return home_;
}

void HomeStore::replace(Home home) {
  auto next = std::make_shared<const HomeIndex>(std::move(home));
  const std::string text = write_home(next->home());
  const std::filesystem::path temporary = file_.native() + ".new";
  const MutexLock lock(mutex_);
  core::remove_file(temporary);  // of a process that was killed here
  core::replace_file(file_, text, temporary, core::FileAccess::kOwner);
  home_ = std::move(next);
}

}  // namespace hailstone::home
