// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/jobs/jobs.hpp"

#include <ostream>

#include "base/strings.hpp"
#include "cli/client/query.hpp"
#include "cli/term/human.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr std::chrono::milliseconds kLook{500};

std::string path_of(const std::string& id) {
  return "/v1/jobs/" + percent_encode(id);
}

std::string error_of(const Json& job) {
  return text_of(object_of(job, "error"), "message");
}

std::string attempts_of(const Json& job) {
  return std::to_string(number_of(job, "attempts")) + "/" +
         std::to_string(number_of(job, "max_attempts"));
}

Row make_row(const Json& job) {
  return {text_of(job, "id"), text_of(job, "status"), text_of(job, "url"), text_of(job, "model"),
          attempts_of(job),   text_of(job, "label"),  error_of(job)};
}

bool has_ended(const Json& job) {
  const std::string status = text_of(job, "status");
  return status != "queued" && status != "running";
}

std::string line_of(const Json& job) {
  std::string line = text_of(job, "id") + " " + text_of(job, "status");
  if (job.contains("queue_position") && job["queue_position"].is_number()) {
    line += ", " + std::to_string(number_of(job, "queue_position")) + " before it";
  }
  if (const std::string why = error_of(job); !why.empty()) line += ": " + why;
  return line;
}

void print_counts(const CommandContext& context) {
  const Json counts = context.service.get("/v1/jobs/counts", short_run());
  std::string line;
  for (const char* state :
       {"queued", "running", "succeeded", "failed", "cancelled", "expired", "dead"}) {
    const auto count = number_of(counts, state);
    if (count > 0) line += (line.empty() ? "" : ", ") + std::to_string(count) + " " + state;
  }
  context.console.out << (line.empty() ? "no jobs" : line) << '\n';
}

}  // namespace

void list_jobs(const CommandContext& context, const JobsRequest& request, Output output) {
  const Json list = context.service.get(
      make_target("/v1/jobs", {{"state", request.state}, {"limit", std::to_string(request.limit)}}),
      short_run());
  if (output == Output::kJson) {
    context.console.out << dump(list, 2) << '\n';
    return;
  }
  if (request.state.empty()) print_counts(context);
  const Json& jobs = array_of(list, "data");
  if (jobs.empty()) return;
  std::vector<Row> rows = {{"ID", "STATUS", "URL", "MODEL", "ATTEMPTS", "LABEL", "ERROR"}};
  for (const Json& job : jobs) rows.push_back(make_row(job));
  context.console.out << format_table(rows);
  if (truth_of(list, "has_more")) context.console.out << "... and more (--limit)\n";
}

void show_job(const CommandContext& context, const std::string& id, Output output) {
  const Json job = context.service.get(path_of(id), short_run());
  const Json infer = context.service.get("/api/infer/" + percent_encode(id), short_run());
  if (output == Output::kJson) {
    Json both = job;
    if (infer.contains("result")) both["result"] = infer["result"];
    context.console.out << dump(both, 2) << '\n';
    return;
  }
  context.console.out << format_table({{"status", text_of(job, "status")},
                                       {"url", text_of(job, "url")},
                                       {"model", text_of(job, "model")},
                                       {"attempts", attempts_of(job)},
                                       {"error", error_of(job)}});
  if (infer.contains("result")) context.console.out << dump(infer["result"], 2) << '\n';
}

void watch_job(const CommandContext& context, const std::string& id) {
  Interrupts interrupts;
  const RunContext run{Deadline::never(), interrupts.arm()};
  std::string last;
  for (;;) {
    const Json job = context.service.get(path_of(id), run);
    const std::string line = printable_line(line_of(job));
    if (line != last) context.console.out << line << std::endl;
    last = line;
    if (has_ended(job)) return;
    pause(kLook, run);
  }
}

void cancel_job(const CommandContext& context, const std::string& id) {
  const Json job = context.service.post(path_of(id) + "/cancel", Json::object(), short_run());
  context.console.out << printable_line(line_of(job)) << '\n';
}

void retry_job(const CommandContext& context, const std::string& id) {
  if (id != "dead") {
    const Json job = context.service.post(path_of(id) + "/retry", Json::object(), short_run());
    context.console.out << printable_line(line_of(job)) << '\n';
    return;
  }
  std::size_t count = 0;
  for (;;) {
    const Json list = context.service.get("/v1/jobs?state=dead&limit=1000", short_run());
    const Json& jobs = array_of(list, "data");
    if (jobs.empty()) break;
    for (const Json& job : jobs) {
      context.service.post(path_of(text_of(job, "id")) + "/retry", Json::object(), short_run());
      ++count;
    }
  }
  context.console.out << count << " jobs run again\n";
}

void purge_jobs(const CommandContext& context, const std::string& state) {
  context.service.command("DELETE", make_target("/v1/jobs", {{"state", state}}), Json(),
                          short_run());
  context.console.out << "removed all jobs that are " << state << '\n';
}

}  // namespace hailstone::cli
