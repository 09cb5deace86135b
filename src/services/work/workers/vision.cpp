// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/vision.hpp"

#include <utility>

#include "core/workers/worker_files.hpp"
#include "services/work/workers/service.hpp"
#include "services/work/workers/wire.hpp"
#include "services/work/workers/wire_objects.hpp"
#include "services/work/workers/wire_request.hpp"

namespace hailstone::workers {
namespace {

using inference::FieldKind;
using inference::WorkerKind;
using inference::WorkerManifest;
using inference::WorkerPtr;

bool looks_at_pictures(const WorkerManifest& worker) {
  const bool is_call = worker.kind == WorkerKind::kFunction || worker.kind == WorkerKind::kCommand;
  return is_call && !worker.vision.empty();
}

inference::CallValue look(WorkerService& service, const WorkerManifest& worker,
                          inference::CallValue arguments, picture::Photo& photo,
                          picture::Timings& timings, const RunContext& run) {
  arguments.blobs.push_back(read_upload(worker, std::string(photo.encoded())));
  RunContext limited = run;
  limited.deadline = run.deadline.earlier(Deadline::in(worker.timeout));
  const picture::Stage stage(timings.infer, system_clock());
  return service.call(worker, {"handle", std::move(arguments)}, {}, limited);
}

picture::VisionTask make_task(WorkerService& service, const WorkerPtr& worker) {
  picture::VisionTask task;
  task.name = worker->name;
  for (const auto& field : worker->fields) {
    if (field.kind != FieldKind::kFile) task.options.push_back(field.name);
  }
  task.prepare = [&service, worker](const picture::PictureRequest& request) {
    return [&service, worker, arguments = read_fields(*worker, request.fields)](
               std::vector<picture::Photo>& photos, const RunContext& run) {
      picture::Answer answer;
      const auto result = look(service, *worker, arguments, photos.front(), answer.timings, run);
      answer.response = write_result(*worker, result, "");
      answer.model = worker->name;
      answer.engine = "worker";
      return answer;
    };
  };
  return task;
}

}  // namespace

std::vector<picture::VisionTask> vision_tasks(WorkerService& service) {
  std::vector<picture::VisionTask> tasks;
  for (const auto& worker : service.table()->workers) {
    if (looks_at_pictures(*worker)) tasks.push_back(make_task(service, worker));
  }
  return tasks;
}

std::vector<std::string> detector_names(WorkerService& service) {
  std::vector<std::string> names;
  for (const auto& worker : service.table()->workers) {
    if (looks_at_pictures(*worker) && worker->vision == "detect") names.push_back(worker->name);
  }
  return names;
}

std::optional<picture::ObjectResult> find_objects(WorkerService& service, const std::string& name,
                                                  picture::Photo& photo, const RunContext& run) {
  const auto worker = service.table()->find(name);
  if (!worker || !looks_at_pictures(*worker) || worker->vision != "detect") return std::nullopt;
  picture::Timings timings;
  const auto value = look(service, *worker, read_fields(*worker, {}), photo, timings, run);
  auto result = parse_objects(value.json);
  result.size = photo.size();
  result.model = worker->name;
  result.engine = "worker";
  result.timings = timings;
  return result;
}

}  // namespace hailstone::workers
