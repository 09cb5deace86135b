// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/wire.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.hpp"
#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "http/json_fields.hpp"

namespace hailstone::workers {
namespace {

using http::Json;
using inference::Blob;
using inference::CallValue;
using inference::FieldKind;
using inference::WorkerField;
using inference::WorkerKind;
using inference::WorkerManifest;
using inference::WorkerResult;

std::string_view bytes_of(const Blob& blob) {
  return {reinterpret_cast<const char*>(blob.data.data()), blob.data.size()};
}

Json write_file(const Blob& blob) {
  return {{"name", blob.name},
          {"media_type", blob.media_type},
          {"bytes", blob.data.size()},
          {"data", to_base64(bytes_of(blob))}};
}

/// The value itself where there are no files; else both.
Json write_value(const CallValue& value) {
  Json json = Json::parse(value.json, nullptr, false);
  if (value.blobs.empty()) return json;
  Json files = Json::array();
  for (const auto& blob : value.blobs) files.push_back(write_file(blob));
  return {{"value", std::move(json)}, {"files", std::move(files)}};
}

bool wants_json(std::string_view accept) {
  return accept.find("application/json") != std::string_view::npos;
}

const char* kind_name(WorkerKind kind) {
  constexpr const char* kNames[] = {"function", "stream", "command", "native"};
  return kNames[static_cast<std::size_t>(kind)];
}

const char* result_name(WorkerResult result) {
  constexpr const char* kNames[] = {"json", "picture", "audio", "file", "stream"};
  return kNames[static_cast<std::size_t>(result)];
}

Json write_field(const WorkerField& field) {
  constexpr const char* kNames[] = {"text", "integer", "number", "boolean", "json", "file"};
  Json out = {{"name", field.name}, {"type", kNames[static_cast<std::size_t>(field.kind)]}};
  if (!field.description.empty()) out["description"] = field.description;
  out["required"] = field.required;
  if (field.fallback) out["default"] = Json::parse(*field.fallback);
  if (field.min) out["min"] = *field.min;
  if (field.max) out["max"] = *field.max;
  if (!field.choices.empty()) out["choices"] = field.choices;
  if (!field.media.empty()) out["media"] = field.media;
  if (field.kind == FieldKind::kFile) out["max_bytes"] = field.max_bytes.count();
  return out;
}

Json to_json(const WorkerStatus& status) {
  const WorkerManifest& worker = *status.worker;
  Json fields = Json::array();
  for (const auto& field : worker.fields) fields.push_back(write_field(field));
  Json out = {{"name", worker.name},
              {"description", worker.description},
              {"kind", kind_name(worker.kind)},
              {"method", worker.method},
              {"route", worker.route},
              {"result", result_name(worker.result)},
              {"fields", std::move(fields)},
              {"state", to_string(status.state)},
              {"model", worker.model_name()},
              {"lane", to_string(worker.lane)},
              {"parallel", worker.parallel},
              {"timeout_s", worker.timeout.count()},
              {"host_bytes", status.host.count()},
              {"npu_bytes", status.npu.count()}};
  if (!status.reason.empty()) out["reason"] = status.reason;
  if (!worker.application.empty()) out["application"] = worker.application;
  if (!worker.needs.empty()) out["needs"] = worker.needs;
  if (!worker.licence.empty()) out["licence"] = worker.licence;
  out["file"] = worker.file.native();
  return out;
}

Json to_json(const StreamStatus& status, const std::string& route) {
  const std::string own = route + "/" + status.id;
  Json out = {{"id", status.id},
              {"worker", status.worker},
              {"state", status.state},
              {"fields", Json::parse(status.fields)},
              {"started", to_rfc3339(status.started)},
              {"events", status.events},
              {"pictures", status.pictures},
              {"restarts", status.restarts},
              {"events_url", own + "/events"},
              {"picture_url", own + "/picture"}};
  if (!status.error.empty()) out["error"] = status.error;
  return out;
}

}  // namespace

http::Response write_result(const WorkerManifest& worker, const CallValue& result,
                            std::string_view accept) {
  http::Response response;
  if (worker.result == WorkerResult::kJson || worker.result == WorkerResult::kStream ||
      wants_json(accept)) {
    response.body = http::to_text(write_value(result));
    return response;
  }
  if (result.blobs.empty()) {
    throw Error(ErrorCode::kEngineFailed,
                "the worker " + worker.name + " gave no file, but its result is one",
                "its handler should return bytes or a File");
  }
  const Blob& blob = result.blobs.front();
  response.content_type = blob.media_type;
  if (response.content_type.empty()) response.content_type = worker.media_type;
  if (response.content_type.empty()) response.content_type = "application/octet-stream";
  response.body = bytes_of(blob);
  return response;
}

std::string write_piece(const CallValue& piece) {
  if (piece.blobs.empty() && piece.json == "null") return {};
  return http::to_text(write_value(piece));
}

std::string write_stream(const StreamStatus& status, const std::string& route) {
  return http::to_text(to_json(status, route));
}

std::string write_streams(const std::vector<StreamStatus>& streams, const std::string& route) {
  Json out = Json::array();
  for (const auto& stream : streams) out.push_back(to_json(stream, route));
  return http::to_text(Json{{"streams", std::move(out)}});
}

std::string write_list(const WorkerList& list) {
  Json workers = Json::array();
  for (const auto& status : list.workers) workers.push_back(to_json(status));
  return http::to_text(Json{{"workers", std::move(workers)}, {"problems", list.problems}});
}

std::string write_status(const WorkerStatus& status) {
  return http::to_text(to_json(status));
}

}  // namespace hailstone::workers
