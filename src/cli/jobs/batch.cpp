// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/jobs/batch.hpp"

#include <deque>
#include <fstream>
#include <ostream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/jobs/batch_input.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/progress.hpp"

namespace hailstone::cli {
namespace {

constexpr std::chrono::milliseconds kLook{100};

struct Running {
  std::string label;
  std::string id;
};

/// Where results go: to the end of a file, whose last line may be half a line, or to the output.
class Results {
 public:
  Results(const CommandContext& context, const std::string& file) : out_(context.console.out) {
    if (file.empty()) return;
    bool is_cut = false;
    {
      std::ifstream in(file, std::ios::binary);
      in.seekg(0, std::ios::end);
      if (in && in.tellg() > 0) {
        in.seekg(-1, std::ios::end);
        is_cut = in.get() != '\n';
      }
    }
    file_.open(file, std::ios::app | std::ios::binary);
    if (!file_) throw Error(ErrorCode::kBadRequest, file + " cannot be written");
    if (is_cut) file_ << '\n';
  }

  void write(const Json& line) {
    std::ostream& out = file_.is_open() ? file_ : out_;
    out << dump(line) << '\n' << std::flush;
    if (!out) throw Error(ErrorCode::kOutOfMemory, "the results cannot be written", "disk full?");
  }

 private:
  std::ostream& out_;
  std::ofstream file_;
};

std::string submit(Service& service, const BatchItem& item, const BatchRequest& request,
                   const RunContext& run) {
  Submission submission = make_submission(item, request);
  const auto reply = service.post_bytes(
      submission.target,
      {submission.content_type, std::move(submission.body), "application/json", item.label}, run);
  const Json ticket = parse_object(reply.body, service.url());
  const std::string id = text_of(ticket, "job_id");
  return id.empty() ? text_of(ticket, "id") : id;
}

/// Nothing while it waits or runs.
std::optional<Json> find_result(Service& service, const Running& job, const RunContext& run) {
  const Json told = service.get("/api/infer/" + percent_encode(job.id), run);
  const std::string status = text_of(told, "status");
  if (status == "queued" || status == "running") return std::nullopt;
  Json line{{"custom_id", job.label}, {"job_id", job.id}, {"status", status}};
  if (told.contains("result")) line["result"] = told["result"];
  if (told.contains("error")) line["error"] = told["error"];
  return line;
}

}  // namespace

void run_batch(const CommandContext& context, const BatchRequest& request) {
  const auto items = read_items(request);
  const auto already = request.out.empty() ? std::set<std::string>() : read_done(request.out);
  Results results(context, request.out);
  Interrupts interrupts;
  const RunContext run{Deadline::never(), interrupts.arm()};
  ProgressView view(context.console);
  std::deque<Running> running;
  std::size_t done = 0;
  std::size_t failed = 0;
  const auto show = [&] {
    view.show({std::to_string(done) + " of " + std::to_string(items.size()) + " done" +
                   (failed > 0 ? ", " + std::to_string(failed) + " failed" : ""),
               0, 0});
  };
  const auto collect = [&] {
    const Running job = running.front();
    running.pop_front();
    const auto line = find_result(context.service, job, run);
    if (!line) {
      running.push_back(job);
      return pause(kLook / static_cast<int>(running.size()), run);
    }
    results.write(*line);
    ++done;
    if (text_of(*line, "status") != "complete") ++failed;
    show();
  };
  show();
  for (const auto& item : items) {
    if (already.contains(item.label)) {
      ++done;
      continue;
    }
    while (running.size() >= static_cast<std::size_t>(request.at_once)) collect();
    running.push_back({item.label, submit(context.service, item, request, run)});
  }
  while (!running.empty()) collect();
  show();
}

}  // namespace hailstone::cli
