// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/jobs/batch_input.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/encoding/form_data.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/client/json_access.hpp"

namespace hailstone::cli {
namespace fs = std::filesystem;
namespace {

bool is_input(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return entry.is_regular_file() && !name.starts_with('.') && !name.ends_with(".part");
}

std::vector<BatchItem> read_folder(const fs::path& folder) {
  std::vector<BatchItem> items;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_input(entry)) items.push_back({entry.path().filename().string(), entry.path(), {}});
  }
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.label < b.label; });
  return items;
}

std::string label_of(const std::string& line, std::size_t number) {
  const Json json = Json::parse(line, nullptr, false);
  const std::string label = json.is_object() ? text_of(json, "custom_id") : std::string();
  return label.empty() ? std::to_string(number) : label;
}

std::vector<BatchItem> read_lines(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw Error(ErrorCode::kBadRequest, file.string() + " cannot be read");
  std::vector<BatchItem> items;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (!trim(line).empty()) items.push_back({label_of(line, number), {}, line});
  }
  return items;
}

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (!in) throw Error(ErrorCode::kBadRequest, file.string() + " cannot be read");
  return bytes;
}

/// The same item of the same batch is the same job, however often the command is started.
std::string key_of(const BatchRequest& request, const BatchItem& item, std::string_view content) {
  std::string all = request.task + '\n' + request.model + '\n' + item.label + '\n';
  for (const auto& [name, value] : request.options) all.append(name).append("=").append(value);
  const std::hash<std::string_view> hash;
  return "batch-" + std::to_string(hash(all)) + "-" + std::to_string(hash(content));
}

Json job_of(const BatchRequest& request, const BatchItem& item, std::string_view content) {
  return {{"label", item.label.substr(0, 200)},
          {"idempotency_key", key_of(request, item, content)}};
}

/// The part of a form that a task takes its file in.
std::string field_of(const std::string& task) {
  return task == "transcribe" ? "audio" : "image";
}

Submission submit_file(const BatchItem& item, const BatchRequest& request) {
  const std::string bytes = read_whole(item.file);
  const std::string job = dump(job_of(request, item, bytes));
  const std::string filename = "file" + item.file.extension().string();
  std::vector<FormField> fields{{"task", request.task}, {"job", job}};
  if (!request.model.empty()) fields.push_back({"model", request.model});
  for (const auto& [name, value] : request.options) fields.push_back({name, value});
  const std::string field = field_of(request.task);
  fields.push_back({field, bytes, filename});
  FormData form = write_form(fields);
  return {"/api/infer", std::move(form.content_type), std::move(form.body)};
}

Submission submit_line(const BatchItem& item, const BatchRequest& request) {
  Json json = Json::parse(item.line, nullptr, false);
  if (!json.is_object()) {
    throw Error(ErrorCode::kBadRequest, item.label + ": the line is no JSON object");
  }
  json["job"] = job_of(request, item, item.line);
  json.erase("custom_id");
  if (json.contains("url")) return {"/v1/jobs", "application/json", dump(json)};
  if (!request.task.empty()) json["task"] = request.task;
  if (!request.model.empty()) json["model"] = request.model;
  for (const auto& [name, value] : request.options) json[name] = value;
  return {"/api/infer", "application/json", dump(json)};
}

}  // namespace

std::vector<BatchItem> read_items(const BatchRequest& request) {
  std::error_code failed;
  if (!fs::exists(request.input, failed)) {
    throw Error(ErrorCode::kBadRequest, request.input + " does not exist",
                "a folder of files, or a file with a JSON object a line");
  }
  if (!fs::is_directory(request.input)) return read_lines(request.input);
  if (!request.task.empty()) return read_folder(request.input);
  throw Error(ErrorCode::kBadRequest, "--task is required for a folder",
              "for example: hailstone batch pictures --task ocr --out results.jsonl");
}

std::set<std::string> read_done(const fs::path& results) {
  std::set<std::string> done;
  std::ifstream in(results);
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object()) done.insert(text_of(json, "custom_id"));
  }
  return done;
}

Submission make_submission(const BatchItem& item, const BatchRequest& request) {
  return item.file.empty() ? submit_line(item, request) : submit_file(item, request);
}

}  // namespace hailstone::cli
