// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/files.hpp"
#include "log/log.hpp"
#include "os/files/regular_file.hpp"
#include "os/thread_name.hpp"
#include "services/work/ends/wire.hpp"
#include "services/work/sources/ended.hpp"
#include "services/work/sources/request.hpp"
#include "services/work/sources/result_lines.hpp"

namespace hailstone::jobs {
namespace fs = std::filesystem;
namespace {

/// A file that has not changed from one look to the next is whole.
constexpr std::chrono::milliseconds kBetweenLooks{500};
constexpr std::chrono::seconds kBetweenMeasures{15};
constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30;

[[noreturn]] void fail(const fs::path& file, const char* what) {
  throw Error(ErrorCode::kEngineFailed, file.string() + " cannot be " + what);
}

/// Names of files that others are still writing, and of those that are nobody's work.
bool is_ignored(const std::string& name) {
  return name.starts_with('.') || name.ends_with(".part") || name.ends_with(".tmp") ||
         name.ends_with('~');
}

std::string read_whole(const fs::path& file) {
  auto in = os::open_regular_stream(file);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) fail(file, "read");
  return bytes;
}

/// Whole or not at all, and on the disk.
void write_file(const fs::path& file, std::string_view bytes) {
  const fs::path unfinished = file.parent_path() / ("." + file.filename().string() + ".part");
  core::remove_file(unfinished);  // of a daemon that was killed
  core::replace_file(file, bytes, unfinished);
}

/// "page.jpg", or "page (2).jpg" where there is one.
fs::path free_name(const fs::path& wanted) {
  std::error_code ignored;
  if (!fs::exists(wanted, ignored)) return wanted;
  for (int number = 2;; ++number) {
    const fs::path other =
        wanted.parent_path() / (wanted.stem().string() + " (" + std::to_string(number) + ")" +
                                wanted.extension().string());
    if (!fs::exists(other, ignored)) return other;
  }
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && !it->is_symlink(ignored) &&
        !is_ignored(it->path().filename().string())) {
      files.push_back(it->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

core::WatchedFolder make_folders(const core::QueueFile& queue) {
  const auto& folder = std::get<core::WatchedFolder>(queue.source);
  for (const char* part : {"in", "work", "done", "failed"}) {
    std::error_code error;
    fs::create_directories(folder.path / part, error);
    if (error || ::access((folder.path / part).c_str(), W_OK) != 0) {
      throw Error(ErrorCode::kBadRequest,
                  "the queue " + queue.name + " cannot use " + (folder.path / part).string(),
                  "it must exist, or be makeable, and be writable for the service's user");
    }
  }
  return folder;
}

}  // namespace

FolderSource::FolderSource(JobService& service, core::QueueFile queue, QueueGauges& gauges)
    : service_(service),
      queue_(std::move(queue)),
      folder_(make_folders(queue_)),
      target_(service.target_of(queue_.task)),
      table_(queue_.results ? make_result_table(queue_) : nullptr),
      gauges_(gauges),
      deliverer_(service.queue(), *this, local_delays()),
      thread_([this](const std::stop_token& stop) {
        os::set_thread_name("folder");
        watch(stop);
      }) {}

void FolderSource::watch(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    try {
      for (const auto& file : files_in(folder_.path / "work")) {
        if (!submitted_[file.filename().string()]) submit(file);  // of a daemon before this one
      }
      forget_gone();
      look();
      measure();
    } catch (const Error& error) {
      log::warning("queues", "a folder cannot be worked on",
                   {{"queue", queue_.name}, {"why", error.what()}});
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
}

/// Takes what has not changed since the last look, as far as there is room.
void FolderSource::look() {
  std::map<std::string, Look> now;
  std::vector<fs::path> settled;
  for (const auto& file : files_in(folder_.path / "in")) {
    std::error_code error;
    const Look state{fs::file_size(file, error), fs::last_write_time(file, error)};
    if (error) continue;
    const std::string name = file.filename().string();
    const auto before = seen_.find(name);
    if (before != seen_.end() && before->second == state) settled.push_back(file);
    now.emplace(name, state);
  }
  seen_ = std::move(now);
  auto working = count_working();
  for (const auto& file : settled) {
    if (working++ >= static_cast<std::size_t>(queue_.parallel)) break;
    const fs::path taken = free_name(folder_.path / "work" / file.filename());
    std::error_code error;
    fs::rename(file, taken, error);
    if (!error) submit(taken);
  }
}

/// What has left work/ may come again under the same name.
void FolderSource::forget_gone() {
  std::error_code ignored;
  std::erase_if(submitted_, [&](const auto& entry) {
    return !fs::exists(folder_.path / "work" / entry.first, ignored);
  });
}

/// A failed folder may be large: it is not looked at each time.
void FolderSource::measure() {
  const auto now = system_clock().now();
  if (now < next_measure_) return;
  next_measure_ = now + kBetweenMeasures;
  Backlog backlog;
  backlog.taken = count_working();
  for (const auto& file : files_in(folder_.path / "failed")) {
    if (file.extension() != ".json" || !fs::exists(file.parent_path() / file.stem())) {
      ++backlog.dead;  // a file that came, and not the reason beside it
    }
  }
  const auto time = fs::file_time_type::clock::now();
  for (const auto& [name, look] : seen_) {
    ++backlog.waiting;
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(time - look.changed);
    backlog.oldest = std::max({backlog.oldest.value_or(age), age, std::chrono::seconds(0)});
  }
  gauges_.show(backlog);
}

std::size_t FolderSource::count_working() const {
  return files_in(folder_.path / "work").size();
}

void FolderSource::submit(const fs::path& file) {
  const std::string name = file.filename().string();
  try {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) return;
    if (size > kLargestFile) throw Error(ErrorCode::kTooLarge, "files of at most 1 GiB are taken");
    core::NewJob job;
    job.task = make_task(queue_, target_, name, read_whole(file));
    job.priority = -queue_.priority;
    job.label = queue_.name + "/" + name;
    job.webhook = webhooks() + percent_encode(name);
    // The same file is the same job, whoever submits it again after a crash.
    job.idempotency_key =
        "folder " + queue_.name + " " + name + " " + std::to_string(size) + " " +
        std::to_string(fs::last_write_time(file, error).time_since_epoch().count());
    const auto submission = service_.submit(job);
    // It has ended before, and somebody has brought the very same file again.
    if (!submission.is_new && is_final(submission.job.state)) {
      service_.queue().tell_again(submission.job.id);
    }
    submitted_[name] = true;
    gauges_.note_taken(!submission.is_new);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kBusy || error.code() == ErrorCode::kOutOfMemory) throw;
    core::Job refused;
    refused.state = core::JobState::kFailed;
    refused.error = {std::string(to_string(error.code())), error.what(), error.detail()};
    refuse(file, write_job_failure(refused));
  }
}

void FolderSource::refuse(const fs::path& file, const std::string& json) {
  gauges_.note_finished(false);
  const fs::path to = free_name(folder_.path / "failed" / file.filename());
  write_file(to.string() + ".json", json);
  std::error_code ignored;
  fs::rename(file, to, ignored);
}

std::string FolderSource::webhooks() const {
  return "folder:" + queue_.name + "/";
}

std::string FolderSource::file_of(const core::Job& job) const {
  return job.label.substr(queue_.name.size() + 1);
}

void FolderSource::tell(const core::Job& job, const std::string& answer, const RunContext& run) {
  const std::string name = file_of(job);
  switch (folder_.results) {
    case core::ResultPlace::kTable:
      return tell_many({{job, answer}}, run);
    case core::ResultPlace::kLines:
      append_result(folder_.path / "results.jsonl", job.id, write_job_line(job, name, answer));
      break;
    case core::ResultPlace::kBeside:
      write_result(job, name, answer);
      break;
  }
  move_ended(job);
}

void FolderSource::tell_many(const std::vector<EndedJob>& ends, const RunContext&) {
  std::vector<NamedResult> results;
  for (const auto& [job, answer] : ends) {
    results.push_back({job.id, file_of(job), work_end_of(job, answer)});
  }
  table_->insert(results);
  for (const auto& end : ends) move_ended(end.job);
}

void FolderSource::move_ended(const core::Job& job) {
  gauges_.note_finished(job.state == core::JobState::kSucceeded);
  const std::string name = file_of(job);
  const fs::path file = folder_.path / "work" / name;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return;  // moved before the power went
  const char* part = job.state == core::JobState::kSucceeded ? "done" : "failed";
  std::error_code error;
  fs::rename(file, free_name(folder_.path / part / name), error);
  if (error) fail(file, "moved");
}

void FolderSource::write_result(const core::Job& job, const std::string& file,
                                const std::string& answer) {
  if (job.state == core::JobState::kSucceeded) {
    const std::string type = job.answer ? job.answer->content_type : std::string();
    write_file(folder_.path / "done" / (file + ending_of(type)), answer);
  } else {
    write_file(folder_.path / "failed" / (file + ".json"), write_job_failure(job));
  }
}

}  // namespace hailstone::jobs
