// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/models/wire_ollama.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "services/common/human_count.hpp"
#include "services/common/ollama_wire.hpp"
#include "services/common/runtime_wire.hpp"
#include "services/library/models/modelfile.hpp"

namespace hailstone::models {
namespace {

using http::Fields;
using http::Json;
using inference::ModelFacts;
using OrderedJson = Json;

/// The version of Ollama whose API this is. Clients compare it.
constexpr const char* kOllamaVersion = "0.33.0";

std::string to_text(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string first_of(const std::string& preferred, const std::string& other) {
  return preferred.empty() ? other : preferred;
}

OrderedJson write_details(const core::StoredModel& stored, const ModelFacts* facts) {
  static const ModelFacts unknown;
  if (facts == nullptr) facts = &unknown;
  const std::string family = first_of(stored.family, facts->architecture);
  auto families = stored.families;
  if (families.empty() && !family.empty()) families.push_back(family);
  const std::string count =
      facts->parameters > 0 ? services::human_count(facts->parameters) : std::string();
  return {{"parent_model", stored.parent},
          {"format", stored.format},
          {"family", family},
          {"families", families},
          {"parameter_size", first_of(stored.parameter_size, count)},
          {"quantization_level", first_of(stored.quantization, facts->quantization)}};
}

OrderedJson write_capabilities(const ModelFacts* facts) {
  OrderedJson out = OrderedJson::array();
  if (facts == nullptr) return out;
  for (const auto capability : facts->capabilities) out.push_back(name_of(capability));
  return out;
}

OrderedJson write_running(const RunningModel& model) {
  const auto& resident = model.resident;
  const auto& footprint = resident.footprint;
  OrderedJson out{{"name", resident.name},
                  {"model", resident.name},
                  {"size", (footprint.host + footprint.npu).count()},
                  {"digest", model.stored ? model.stored->digest : std::string()},
                  {"details", OrderedJson::object()},
                  {"expires_at", to_rfc3339(resident.expires.value_or(WallTime::max()))},
                  {"size_vram", footprint.npu.count()},
                  {"context_length", resident.context_length}};
  if (model.stored) out["details"] = write_details(*model.stored, model.facts.get());
  return out;
}

OrderedJson write_queue(const QueueFigures& queue) {
  OrderedJson out = OrderedJson::object();
  for (std::size_t i = 0; i < queue.size(); ++i) {
    out[std::string(to_string(kLanes[i]))] = {{"waiting", queue[i].waiting},
                                              {"running", queue[i].running}};
  }
  return out;
}

template <typename Variant>
OrderedJson write_scalar(const Variant& scalar) {
  return std::visit([](const auto& value) -> OrderedJson { return value; }, scalar);
}

/// Lists only where they were asked for: vocabularies are megabytes.
OrderedJson write_fact(const inference::Fact& fact, bool verbose) {
  return std::visit(
      [verbose](const auto& value) -> OrderedJson {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, inference::FactList>) {
          if (!verbose) return nullptr;
          OrderedJson list = OrderedJson::array();
          for (const auto& item : value.values) list.push_back(write_scalar(item));
          return list;
        } else {
          return value;
        }
      },
      fact);
}

OrderedJson write_model_info(const ModelFacts* facts, bool verbose) {
  OrderedJson out = OrderedJson::object();
  if (facts == nullptr) return out;
  if (!facts->architecture.empty()) out["general.architecture"] = facts->architecture;
  if (facts->parameters > 0) out["general.parameter_count"] = facts->parameters;
  for (const auto& [key, fact] : facts->metadata) {
    if (key == "tokenizer.chat_template") continue;  // is shown as the template
    out[key] = write_fact(fact, verbose);
  }
  return out;
}

OrderedJson write_tensors(const ModelFacts& facts) {
  OrderedJson out = OrderedJson::array();
  for (const auto& tensor : facts.tensors) {
    out.push_back({{"name", tensor.name}, {"type", tensor.type}, {"shape", tensor.shape}});
  }
  return out;
}

OrderedJson write_messages(const std::vector<inference::Message>& messages) {
  OrderedJson out = OrderedJson::array();
  for (const auto& message : messages) {
    out.push_back({{"role", services::role_of(message)}, {"content", inference::text_of(message)}});
  }
  return out;
}

/// The manifest's options under those of the request, by name.
Parameters parameters_of(const std::string& params, const std::string& options) {
  std::map<std::string, Json> merged;
  for (const auto& text : {params, options}) {
    const Json layer = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!layer.is_object()) continue;
    for (const auto& [name, value] : layer.items()) merged[name] = value;
  }
  Parameters out;
  const auto add = [&out](const std::string& name, const Json& value) {
    out.push_back({name, http::to_text(value)});
    if (value.is_string()) out.back().text = value.get<std::string>();
  };
  for (const auto& [name, value] : merged) {
    if (!value.is_array()) {
      add(name, value);
      continue;
    }
    for (const auto& item : value) add(name, item);
  }
  return out;
}

void set_unless_empty(OrderedJson& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

}  // namespace

ShowTask parse_show(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  ShowTask task;
  // Old clients say "name".
  task.model = request.has("model") ? request.required_string("model")
                                    : request.find_string("name").value_or("");
  if (task.model.empty()) throw Error(ErrorCode::kBadRequest, "model is required");
  task.verbose = request.find_bool("verbose").value_or(false);
  task.system = request.find_string("system");
  task.template_text = request.find_string("template");
  if (const auto options = request.find_object("options")) {
    services::parse_options(request);  // refuses what is no option's value
    task.options = http::to_text(options->json());
  }
  return task;
}

UnloadTask parse_unload(std::string_view body) {
  if (trim(body).empty()) return {};
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  const char* key = request.has("model") ? "model" : "name";
  if (!request.has(key)) return {};
  return {request.required_string(key)};
}

std::string write_tags(const std::vector<ListedModel>& models) {
  OrderedJson list = OrderedJson::array();
  for (const auto& model : models) {
    const std::string name = model.stored.name.display();
    list.push_back({{"name", name},
                    {"model", name},
                    {"modified_at", to_rfc3339(model.stored.modified)},
                    {"size", model.stored.size.count()},
                    {"digest", model.stored.digest},
                    {"details", write_details(model.stored, model.facts.get())},
                    {"capabilities", write_capabilities(model.facts.get())},
                    {"loaded", model.loaded}});
    set_unless_empty(list.back(), "task", model.stored.task);
    const auto note = model.stored.settings.find("note");
    if (note != model.stored.settings.end()) list.back()["note"] = note->second;
    if (model.fault) list.back()["faulted"] = services::write_fault(*model.fault);
  }
  return to_text({{"models", std::move(list)}});
}

std::string write_ps(const RunningModels& running, const QueueFigures& queue) {
  OrderedJson list = OrderedJson::array();
  for (const auto& model : running.models) list.push_back(write_running(model));
  return to_text({{"models", std::move(list)},
                  {"queue", write_queue(queue)},
                  {"memory", services::write_memory(running.memory)},
                  {"faulted", services::write_faults(running.faults)}});
}

std::string write_show(const ShowTask& task, const ShownModel& model) {
  const Parameters parameters = parameters_of(model.params, task.options);
  OrderedJson out = OrderedJson::object();
  set_unless_empty(out, "license", model.license);
  out["modelfile"] = write_modelfile(model, parameters);
  set_unless_empty(out, "parameters", write_parameters(parameters));
  out["template"] = model.template_text;
  set_unless_empty(out, "system", model.system);
  out["details"] = write_details(model.stored, model.facts.get());
  if (!model.messages.empty()) out["messages"] = write_messages(model.messages);
  out["model_info"] = write_model_info(model.facts.get(), task.verbose);
  if (model.projector) out["projector_info"] = write_model_info(model.projector.get(), false);
  if (task.verbose && model.facts) out["tensors"] = write_tensors(*model.facts);
  out["capabilities"] = write_capabilities(model.facts.get());
  set_unless_empty(out, "task", model.stored.task);
  set_unless_empty(out, "engine", model.stored.engine);
  out["modified_at"] = to_rfc3339(model.stored.modified);
  return to_text(out);
}

std::string write_unloaded(const UnloadReport& report) {
  OrderedJson out{{"status", "ok"}, {"unloaded", report.unloaded}};
  if (!report.cleared.empty()) out["cleared"] = report.cleared;
  return to_text(out);
}

std::string write_version(const std::string& ours) {
  return to_text({{"version", kOllamaVersion}, {"hailstone", ours}});
}

}  // namespace hailstone::models
