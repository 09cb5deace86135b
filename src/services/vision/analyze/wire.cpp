// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/analyze/wire.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/common/base64.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::analyze {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTasks = "tasks";

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What a field is for: "ocr.language" is the task ocr's, "region" everybody's.
struct FieldName {
  std::string task;  ///< empty: all
  std::string name;
};

FieldName split_name(const std::string& field) {
  const auto dot = field.find('.');
  if (dot == std::string::npos) return {"", field};
  return {field.substr(0, dot), field.substr(dot + 1)};
}

std::vector<std::string> parse_names(const picture::PictureRequest& request,
                                     std::span<const std::string> known) {
  const std::string choice = join({known.begin(), known.end()}, ", ");
  auto names = picture::parse_names(request.find_field(kTasks).value_or(""));
  if (names.empty()) {
    throw Error(ErrorCode::kBadRequest,
                "tasks is required: what to look for, as in tasks=" + std::string(known.front()) +
                    "," + known.back(),
                "any of: " + choice);
  }
  std::vector<std::string> unique;
  for (auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error(ErrorCode::kBadRequest,
                  "tasks: there is no '" + std::string(utf8_prefix(name, 64)) + "'",
                  "any of: " + choice);
    }
    if (std::find(unique.begin(), unique.end(), name) == unique.end()) {
      unique.push_back(std::move(name));
    }
  }
  return unique;
}

/// A model is for one task, and each has formats of its own.
void check_field(const FieldName& field, const std::vector<std::string>& tasks) {
  const bool is_for_one = field.name == "model" || field.name == "format";
  if (field.task.empty() && is_for_one) {
    throw Error(ErrorCode::kBadRequest,
                field.name + ": say which task's, as in " + tasks.front() + "." + field.name);
  }
  const bool is_wanted =
      field.task.empty() || std::find(tasks.begin(), tasks.end(), field.task) != tasks.end();
  if (is_wanted) return;
  throw Error(ErrorCode::kBadRequest,
              std::string(utf8_prefix(field.task, 64)) + "." +
                  std::string(utf8_prefix(field.name, 64)) + ": '" +
                  std::string(utf8_prefix(field.task, 64)) + "' is not among the tasks",
              "tasks are: " + join(tasks, ", "));
}

std::string write_result(const http::Response& response) {
  if (response.content_type.starts_with("application/json")) return response.body;
  const bool is_text = response.content_type.starts_with("text/") ||
                       response.content_type.starts_with("application/xhtml");
  if (is_text) return dump(response.body);
  Json file{{"content_type", response.content_type}};
  for (const auto& [name, value] : response.headers.all()) file[name] = value;
  file["base64"] = services::to_base64(response.body);
  return dump(file);
}

/// Members as they are: what the services wrote is not read again.
class ObjectWriter {
 public:
  void add(const std::string& name, const std::string& json) {
    text_ += (text_.empty() ? "" : ",") + dump(name) + ":" + json;
  }
  bool empty() const noexcept { return text_.empty(); }
  std::string finish() && { return "{" + std::move(text_) + "}"; }

 private:
  std::string text_;
};

}  // namespace

std::vector<WantedTask> parse_tasks(const picture::PictureRequest& request,
                                    std::span<const std::string> known) {
  const auto names = parse_names(request, known);
  picture::PictureRequest shared;
  for (const auto& picture : request.pictures) shared.pictures.push_back({picture.name, {}});
  for (const auto& [key, value] : request.fields) {
    const auto field = split_name(key);
    check_field(field, names);
    if (field.task.empty() && field.name != kTasks) shared.fields[field.name] = value;
  }
  std::vector<WantedTask> wanted;
  for (const auto& name : names) {
    auto options = shared;
    for (const auto& [key, value] : request.fields) {
      auto field = split_name(key);
      if (field.task == name) options.fields[std::move(field.name)] = value;
    }
    wanted.push_back({name, std::move(options)});
  }
  return wanted;
}

std::string write_outcomes(const std::vector<Outcome>& outcomes, picture::Size size) {
  ObjectWriter models;
  ObjectWriter results;
  ObjectWriter errors;
  for (const auto& outcome : outcomes) {
    if (outcome.answer) {
      models.add(outcome.name, dump(outcome.answer->model));
      results.add(outcome.name, write_result(outcome.answer->response));
    } else {
      errors.add(outcome.name, outcome.refusal);
    }
  }
  ObjectWriter all;
  all.add("width", std::to_string(size.width));
  all.add("height", std::to_string(size.height));
  all.add("models", std::move(models).finish());
  all.add("results", std::move(results).finish());
  if (!errors.empty()) all.add("errors", std::move(errors).finish());
  return std::move(all).finish();
}

}  // namespace hailstone::analyze
