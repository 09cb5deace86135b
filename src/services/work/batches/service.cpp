// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/batches/service.hpp"

#include <iterator>
#include <utility>

#include "base/clock.hpp"
#include "base/encoding/form_data.hpp"
#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"
#include "services/work/batches/input.hpp"
#include "services/work/batches/wire.hpp"

namespace hailstone::batches {
namespace {

using core::Batch;
using core::BatchStatus;
using core::JobState;

/// Between two looks, however much happens.
constexpr std::chrono::milliseconds kPace{200};
/// Without news a batch's time may be over.
constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kPage = 100;

std::size_t unfinished(const core::JobCounts& counts) {
  return counts.of(JobState::kQueued) + counts.of(JobState::kRunning);
}

std::size_t failures(const core::JobCounts& counts) {
  return counts.of(JobState::kFailed) + counts.of(JobState::kDead);
}

/// The field of a form that takes a file, where the body does not say.
std::string field_of(const std::string& target) {
  if (target.find("/audio/") != std::string::npos) return "file";
  return target.find("transcribe") != std::string::npos ? "audio" : "image";
}

}  // namespace

BatchService::BatchService(core::BatchStore& store, jobs::JobService& jobs)
    : store_(store), jobs_(jobs) {}

BatchService::~BatchService() = default;

void BatchService::start() {
  keeper_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("batch-keeper");
    keep(stop);
  });
}

void BatchService::stop() {
  keeper_ = {};
}

void BatchService::keep(const std::stop_token& stop) {
  std::uint64_t version = 0;
  while (!stop.stop_requested()) {
    try {
      for (auto& batch : store_.unfinished()) advance(std::move(batch));
    } catch (...) {  // the top of this thread: a full disk, a broken file
      log::warning("batches", "a batch cannot go on", {{"why", current_error().what()}});
    }
    version = jobs_.queue().wait_for_change(version, {Deadline::in(kPatience), stop});
    try {
      pause(kPace, {Deadline::never(), stop});
    } catch (const Error&) {  // called off
      return;
    }
  }
}

void BatchService::advance(Batch batch) {
  const std::lock_guard lock(mutex_);
  batch = store_.require(batch.id);  // somebody may have cancelled it meanwhile
  if (batch.status == BatchStatus::kValidating) validate(batch);
  if (core::is_final(batch.status)) return;
  const auto now = system_clock().wall();
  if (batch.status == BatchStatus::kInProgress && now >= batch.expires) {
    jobs_.queue().sweep();  // expires what waits; what runs comes to its end
  }
  const auto counts = jobs_.queue().count_batch(batch.id);
  if (unfinished(counts) == 0) finish(batch, counts);
}

void BatchService::validate(Batch& batch) {
  const auto now = system_clock().wall();
  // They were submitted together, just before the daemon died.
  const bool has_jobs = !jobs_.queue().count_batch(batch.id).by_state.empty();
  if (!has_jobs) {
    auto lines = store_.open_file(batch.input_file);
    Input input =
        read_input(lines, batch.endpoint, [this](const core::JobTask& task) { jobs_.check(task); });
    batch.total = input.jobs.size();
    if (!input.mistakes.empty()) {
      batch.errors = write_mistakes(input.mistakes);
      batch.status = BatchStatus::kFailed;
      batch.total = 0;
      batch.ended = now;
      return store_.update(batch);
    }
    for (auto& job : input.jobs) {
      job.batch = batch.id;
      job.expires = batch.expires;
    }
    jobs_.queue().submit_all(input.jobs);
  }
  batch.total = with_counts(batch).total;
  batch.status = BatchStatus::kInProgress;
  batch.started = now;
  store_.update(batch);
}

void BatchService::finish(Batch& batch, const core::JobCounts& counts) {
  batch.completed = counts.of(JobState::kSucceeded);
  batch.failed = failures(counts);
  if (batch.status == BatchStatus::kInProgress) {
    batch.status = BatchStatus::kFinalizing;
    batch.finalizing = system_clock().wall();
    store_.update(batch);
  }
  write_results(batch);
  if (batch.status == BatchStatus::kCancelling) {
    batch.status = BatchStatus::kCancelled;
  } else {
    const bool is_late = counts.of(JobState::kExpired) > 0;
    batch.status = is_late ? BatchStatus::kExpired : BatchStatus::kCompleted;
  }
  batch.ended = system_clock().wall();
  store_.update(batch);
}

void BatchService::write_results(Batch& batch) {
  auto good = store_.receive();
  auto bad = store_.receive();
  std::int64_t after = 0;
  for (auto page = jobs_.queue().batch_page(batch.id, after, kPage); !page.empty();
       page = jobs_.queue().batch_page(batch.id, after, kPage)) {
    for (const auto& job : page) {
      std::optional<std::string> answer;
      if (job.answer) answer = jobs_.queue().read_answer(job.id);
      auto& target = job.state == JobState::kSucceeded ? good : bad;
      target.writer->append(write_result(job, answer));
      after = job.number;
    }
  }
  const auto keep = [&](core::BatchStore::Incoming file, const char* name) {
    if (file.writer->size() == 0) return std::string();
    return store_.keep(std::move(file), batch.id + name, "batch_output").id;
  };
  batch.output_file = keep(std::move(good), "_output.jsonl");
  batch.error_file = keep(std::move(bad), "_error.jsonl");
}

Batch BatchService::create(Batch batch) {
  if (!store_.find_file(batch.input_file)) {
    throw Error(ErrorCode::kNotFound, "input_file_id: there is no file '" + batch.input_file + "'",
                "POST /v1/files takes one, with purpose=batch");
  }
  core::JobTask task;
  task.target = batch.endpoint;
  jobs_.check(task);
  batch = store_.create(std::move(batch));
  jobs_.queue().notify();
  return batch;
}

Batch BatchService::with_counts(Batch batch) {
  if (core::is_final(batch.status)) return batch;
  const auto counts = jobs_.queue().count_batch(batch.id);
  std::size_t all = 0;
  for (const auto& [state, count] : counts.by_state) all += count;
  if (all > 0) batch.total = all;
  batch.completed = counts.of(JobState::kSucceeded);
  batch.failed = failures(counts);
  return batch;
}

Batch BatchService::find(const std::string& id) {
  return with_counts(store_.require(id));
}

Batch BatchService::cancel(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    Batch batch = store_.require(id);
    if (core::is_final(batch.status)) {
      throw Error(ErrorCode::kConflict, "the batch " + id + " is " +
                                            std::string(core::to_string(batch.status)) +
                                            " already and cannot be cancelled");
    }
    if (batch.status != BatchStatus::kCancelling) {
      batch.status = BatchStatus::kCancelling;
      batch.cancelling = system_clock().wall();
      store_.update(batch);
    }
  }
  jobs_.queue().cancel_batch(id);
  return find(id);
}

core::ClaimedJob BatchService::with_files(core::ClaimedJob job) {
  if (!job.job.task.content_type.starts_with("application/json")) return job;
  const auto input = find_file_input(job.body);
  if (!input) return job;
  const auto file = store_.find_file(input->file_id);
  auto stream = store_.open_file(input->file_id);
  const std::string content(std::istreambuf_iterator<char>(stream), {});
  const std::string field = input->field.empty() ? field_of(job.job.task.target) : input->field;
  std::vector<FormField> fields{{field, content, file->filename}};
  for (const auto& [name, value] : input->options) fields.push_back({name, value});
  FormData form = write_form(fields);
  job.body = std::move(form.body);
  job.job.task.content_type = std::move(form.content_type);
  return job;
}

}  // namespace hailstone::batches
