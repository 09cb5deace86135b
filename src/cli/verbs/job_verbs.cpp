// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// jobs and batch: work that runs without somebody who waits for it.

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "cli/jobs/batch.hpp"
#include "cli/jobs/jobs.hpp"
#include "cli/verbs/verb.hpp"

namespace hailstone::cli {
namespace {

struct JobsVerb {
  JobsRequest request;
  std::string action = "list";
  bool json = false;
};

void add_jobs(CLI::App& app, JobsVerb& verb) {
  app.add_option("ACTION", verb.action,
                 "list; show, watch, cancel, retry ID; dead: those that somebody should look at; "
                 "purge STATE: remove all that ended so")
      ->check(CLI::IsMember({"list", "show", "watch", "cancel", "retry", "dead", "purge"}));
  app.add_option("ID", verb.request.id, "a job; for retry also 'dead'; for purge a state");
  app.add_option("--state", verb.request.state, "only jobs in this state")
      ->check(CLI::IsMember(
          {"queued", "running", "succeeded", "failed", "cancelled", "expired", "dead"}));
  app.add_option("--limit", verb.request.limit, "how many")->check(CLI::Range(1, 1000));
  app.add_flag("--json", verb.json, "print JSON");
}

int run_jobs(Invocation& invocation, const JobsVerb& verb) {
  const auto context = invocation.context();
  const Output output = verb.json ? Output::kJson : Output::kTable;
  JobsRequest request = verb.request;
  if (verb.action == "dead") request.state = "dead";
  if (verb.action == "list" || verb.action == "dead") {
    list_jobs(context, request, output);
    return kOk;
  }
  if (request.id.empty()) {
    throw Error(ErrorCode::kBadRequest, "jobs " + verb.action + ": which one?",
                "hailstone jobs lists them");
  }
  if (verb.action == "show") show_job(context, request.id, output);
  if (verb.action == "watch") watch_job(context, request.id);
  if (verb.action == "cancel") cancel_job(context, request.id);
  if (verb.action == "retry") retry_job(context, request.id);
  if (verb.action == "purge") purge_jobs(context, request.id);
  return kOk;
}

void add_batch(CLI::App& app, BatchRequest& request) {
  app.add_option("INPUT", request.input, "a folder of files, or a file with a JSON object a line")
      ->required();
  app.add_option("--task", request.task, "detect, ocr, transcribe, generate ...");
  app.add_option("--model", request.model, "instead of the task's default");
  app.add_option("--out", request.out, "results, a JSON object a line; what is there is kept")
      ->type_name("FILE.jsonl");
  app.add_option_function<std::vector<std::string>>(
         "--option",
         [&request](const std::vector<std::string>& pairs) {
           for (const auto& pair : pairs) {
             const auto equals = pair.find('=');
             if (equals == std::string::npos) throw CLI::ValidationError("--option", "NAME=VALUE");
             request.options.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
           }
         },
         "an option of the task")
      ->type_name("NAME=VALUE");
  app.add_option("--at-once", request.at_once, "jobs that are on their way")
      ->check(CLI::Range(1, 1000));
}

int batch(Invocation& invocation, const BatchRequest& request) {
  run_batch(invocation.context(), request);
  return kOk;
}

}  // namespace

std::vector<Verb> make_job_verbs() {
  return {{"jobs", "requests that run later: list, show, watch, cancel, retry, purge",
           with_request(add_jobs, run_jobs)},
          {"batch", "run a folder or a file of requests as jobs", with_request(add_batch, batch)}};
}

}  // namespace hailstone::cli
