// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/wire_ollama.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/json_fields.hpp"
#include "services/common/ollama_wire.hpp"

namespace hailstone::library {
namespace {

using http::Fields;
using http::Json;
using OrderedJson = Json;

/// Clients of Ollama's say "model" or, older ones, "name".
std::string parse_model(const Fields& request) {
  std::string model = request.find_string("model").value_or("");
  if (model.empty()) model = request.find_string("name").value_or("");
  if (model.empty()) throw Error(ErrorCode::kBadRequest, "model is required");
  return model;
}

BlobFiles parse_files(const Fields& request, std::string_view name) {
  BlobFiles files;
  const auto object = request.find_object(name);
  if (!object) return files;
  for (const auto& [file, digest] : object->json().items()) {
    if (!digest.is_string()) throw object->wrong(file, "a digest");
    files[file] = digest.get<std::string>();
  }
  return files;
}

std::vector<std::string> parse_licenses(const Fields& request) {
  const Json* license = request.find("license");
  if (license == nullptr) return {};
  if (license->is_array()) return request.find_strings("license").value();
  if (!license->is_string()) throw request.wrong("license", "a string or an array of strings");
  if (license->get_ref<const std::string&>().empty()) return {};
  return {license->get<std::string>()};
}

std::string object_text(const Fields& request, std::string_view name) {
  const auto object = request.find_object(name);
  return object && !object->json().empty() ? http::to_text(object->json()) : std::string();
}

std::string parse_parameters(const Fields& request) {
  std::string text = object_text(request, "parameters");
  if (text.empty()) return text;
  services::parse_options_object(*request.find_object("parameters"));  // refuses wrong types
  return text;
}

std::string parse_messages(const Fields& request) {
  Json out = Json::array();
  for (const Fields& message : request.find_objects("messages").value_or(std::vector<Fields>{})) {
    inference::Message read;
    services::read_role(message, read);  // refuses what is none
    message.find_string("content");
    out.push_back(message.json());
  }
  return out.empty() ? std::string() : http::to_text(out);
}

void parse_ours(const Fields& request, CreateTask& task) {
  const auto ours = request.find_object("hailstone");
  if (!ours) return;
  task.task = ours->find_string("task").value_or("");
  task.engine = ours->find_string("engine").value_or("");
  task.decoder = ours->find_string("decoder").value_or("");
  task.label_set = ours->find_string("labels").value_or("");
  task.settings = object_text(*ours, "settings");
}

OrderedJson write_recognised(const Recognised& network) {
  OrderedJson json = OrderedJson::object();
  const auto add = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("task", network.task);
  add("decoder", network.decoder);
  if (const auto input = OrderedJson::parse(network.input, nullptr, false); input.is_object()) {
    json["input"] = input;
  }
  if (network.labels > 0) json["labels"] = network.labels;
  add("certainty", network.certainty);
  add("sign", network.sign);
  add("not_tried", network.not_tried);
  return json;
}

}  // namespace

TransferTask parse_transfer(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  TransferTask task;
  task.model = parse_model(request);
  task.insecure = request.find_bool("insecure").value_or(false);
  task.stream = request.find_bool("stream").value_or(true);
  return task;
}

CreateTask parse_create(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  CreateTask task;
  task.model = parse_model(request);
  task.from = request.find_string("from").value_or("");
  task.files = parse_files(request, "files");
  task.adapters = parse_files(request, "adapters");
  task.template_text = request.find_string("template");
  task.system = request.find_string("system");
  task.licenses = parse_licenses(request);
  task.parameters = parse_parameters(request);
  task.messages = parse_messages(request);
  task.quantize = request.find_string("quantize").value_or("");
  if (task.quantize.empty()) task.quantize = request.find_string("quantization").value_or("");
  task.stream = request.find_bool("stream").value_or(true);
  parse_ours(request, task);
  return task;
}

CopyTask parse_copy(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  return {request.required_string("source"), request.required_string("destination")};
}

std::string parse_delete(std::string_view body) {
  const Json json = http::parse_json_object(body);
  return parse_model(Fields(json));
}

std::string write_progress(const Progress& progress) {
  OrderedJson json{{"status", progress.status}};
  if (!progress.digest.empty()) json["digest"] = progress.digest;
  if (progress.total > 0) json["total"] = progress.total;
  if (progress.completed > 0) json["completed"] = progress.completed;
  if (progress.recognised) json["recognised"] = write_recognised(*progress.recognised);
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace hailstone::library
