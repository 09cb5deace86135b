// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/analyze/routes.hpp"

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/strings.hpp"
#include "http/pipeline/error_reply.hpp"
#include "services/vision/analyze/wire.hpp"
#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/picture/picture_route.hpp"
#include "services/vision/picture/upload/options.hpp"

namespace hailstone::analyze {
namespace {

struct Part {
  std::string name;
  picture::Analysis analyse;
};

const picture::VisionTask& task_of(const std::vector<picture::VisionTask>& tasks,
                                   const std::string& name) {
  return *std::find_if(tasks.begin(), tasks.end(),
                       [&](const auto& each) { return each.name == name; });
}

/// Those of one task, without its name, or for an empty prefix those that are meant for all.
picture::PictureRequest fields_of(const picture::PictureRequest& request,
                                  const std::string& prefix) {
  picture::PictureRequest out;
  for (const auto& [name, value] : request.fields) {
    const bool is_one =
        prefix.empty() ? name.find('.') == std::string::npos : name.starts_with(prefix);
    if (is_one) out.fields[name.substr(prefix.size())] = value;
  }
  return out;
}

/// All options are read before anything is looked at: a typo in the last task must not cost the
/// work of the others.
std::vector<Part> prepare(const picture::PictureRequest& request,
                          const std::vector<picture::VisionTask>& tasks) {
  std::vector<std::string> known;
  for (const auto& task : tasks) known.push_back(task.name);
  std::vector<Part> parts;
  auto all_wanted = parse_tasks(request, known);
  std::vector<std::string> shared = {"tasks"};
  for (auto& wanted : all_wanted) {
    const auto& task = task_of(tasks, wanted.name);
    picture::check_options(fields_of(request, wanted.name + "."), task.options);
    shared.insert(shared.end(), task.options.begin(), task.options.end());
  }
  picture::check_options(fields_of(request, ""), shared);
  for (auto& wanted : all_wanted) {
    const auto& task = task_of(tasks, wanted.name);
    std::erase_if(wanted.options.fields, [&](const auto& field) {  // others' options
      return std::find(task.options.begin(), task.options.end(), field.first) == task.options.end();
    });
    parts.push_back({wanted.name, task.prepare(wanted.options)});
  }
  return parts;
}

/// One task without a model must not take the results of the others along.
Outcome run_part(const Part& part, std::vector<picture::Photo>& photos,
                 const http::Request& request) {
  Outcome outcome{part.name, {}, {}, {}};
  try {
    outcome.answer = part.analyse(photos, request.run);
  } catch (...) {
    request.run.check();  // nobody waits any more
    outcome.error = std::current_exception();
    outcome.refusal =
        http::render_error(http::current_refusal(), http::Dialect::kPlain, request.id).body;
  }
  return outcome;
}

void add_headers(http::Reply& reply, const std::vector<Outcome>& outcomes,
                 picture::Timings timings) {
  std::vector<std::string> models;
  std::vector<std::string> engines;
  for (const auto& outcome : outcomes) {
    if (!outcome.answer) continue;
    models.push_back(outcome.answer->model);
    const auto& engine = outcome.answer->engine;
    if (std::find(engines.begin(), engines.end(), engine) == engines.end()) {
      engines.push_back(engine);
    }
    timings += outcome.answer->timings;
  }
  picture::add_result_headers(reply, join(models, ", "), join(engines, ", "), timings);
}

void answer(const std::vector<picture::VisionTask>& tasks, http::Request& request,
            http::Reply& reply) {
  auto upload = picture::take_picture_request(request);
  const auto parts = prepare(upload, tasks);
  auto photos = picture::take_photos(upload);
  picture::Timings timings;
  {
    const picture::Stage stage(timings.decode, system_clock());
    photos.front().decode();  // whole, so that it is enough for everybody
  }
  std::vector<Outcome> outcomes;
  for (const auto& part : parts) {
    request.run.check();
    outcomes.push_back(run_part(part, photos, request));
  }
  const bool has_result = std::any_of(outcomes.begin(), outcomes.end(),
                                      [](const auto& each) { return each.answer.has_value(); });
  if (!has_result) std::rethrow_exception(outcomes.front().error);
  add_headers(reply, outcomes, timings);
  http::Response response;
  response.body = write_outcomes(outcomes, photos.front().size());
  reply.send(std::move(response));
}

/// Ours win.
std::vector<picture::VisionTask> with_more(std::vector<picture::VisionTask> tasks,
                                           std::vector<picture::VisionTask> more) {
  for (auto& task : more) {
    const bool is_known = std::any_of(tasks.begin(), tasks.end(),
                                      [&](const auto& each) { return each.name == task.name; });
    if (!is_known) tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace

void add_analyze_route(http::Router& router, std::vector<picture::VisionTask> tasks,
                       FindTasks more) {
  router.add(picture::make_picture_route(
      "/api/analyze", [tasks = std::move(tasks), more = std::move(more)](http::Request& request,
                                                                         http::Reply& reply) {
        answer(more ? with_more(tasks, more()) : tasks, request, reply);
      }));
}

}  // namespace hailstone::analyze
