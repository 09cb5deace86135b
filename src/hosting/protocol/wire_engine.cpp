// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "base/strings.hpp"
#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using inference::Fact;
using inference::FactList;
using inference::ModelFacts;

Json paths_to_json(const std::vector<std::filesystem::path>& paths) {
  Json list = Json::array();
  for (const auto& path : paths) list.push_back(path.native());
  return list;
}

std::vector<std::filesystem::path> paths_at(const Json& json, const char* name) {
  return list_at<std::filesystem::path>(json, name, as_text);
}

/// The texts of an object.
template <typename Map>
Map texts_of(const Json& json, const char* name) {
  Map texts;
  for (const auto& [key, text] : object_of(json, name)) texts[key] = text_of(text, key.c_str());
  return texts;
}

Json networks_to_json(const decltype(inference::ModelSpec::networks)& networks) {
  Json object = Json::object();
  for (const auto& [kind, path] : networks) object[kind] = path.native();
  return object;
}

decltype(inference::ModelSpec::networks) networks_from(const Json& spec) {
  const Json* found = find_field(spec, "networks");
  if (found == nullptr) return {};
  return texts_of<decltype(inference::ModelSpec::networks)>(*found, "networks");
}

Json json_of(const inference::ModelSpec& spec) {
  return {{"name", spec.name},
          {"engine", spec.engine},
          {"weights", spec.weights.native()},
          {"projectors", paths_to_json(spec.projectors)},
          {"adapters", paths_to_json(spec.adapters)},
          {"networks", networks_to_json(spec.networks)},
          {"settings", spec.settings}};
}

inference::ModelSpec spec_from(const Json& json) {
  return {text_at(json, "name"),
          text_at(json, "engine"),
          text_at(json, "weights"),
          paths_at(json, "projectors"),
          paths_at(json, "adapters"),
          networks_from(json),
          texts_of<std::map<std::string, std::string>>(field_at(json, "settings"), "settings")};
}

Json json_of(const inference::LoadOptions& options) {
  return {{"context_length", options.context_length},
          {"parallel", options.parallel},
          {"threads", options.threads},
          {"batch_size", options.batch_size},
          {"use_mmap", options.use_mmap}};
}

inference::LoadOptions options_from(const Json& json) {
  return {integer_at<int>(json, "context_length"), integer_at<int>(json, "parallel"),
          integer_at<int>(json, "threads"), integer_at<int>(json, "batch_size"),
          flag_at(json, "use_mmap")};
}

template <typename Value>
Json json_of_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, FactList>) {
          Json values = Json::array();
          for (const auto& element : held.values) values.push_back(json_of_value(element));
          return {{"length", held.length}, {"values", std::move(values)}};
        } else if constexpr (std::is_same_v<Held, double>) {
          return finite(held);
        } else {
          return held;
        }
      },
      value);
}

/// Value: Fact, or what FactList holds.
template <typename Value>
Value scalar_from(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  return as_text(json);
}

Fact fact_from(const Json& json) {
  if (!json.is_object()) return scalar_from<Fact>(json);
  using Element = decltype(FactList::values)::value_type;
  return FactList{integer_at<std::uint64_t>(json, "length"),
                  list_at<Element>(json, "values", scalar_from<Element>)};
}

Json json_of(const inference::Footprint& footprint) {
  return {{"host_bytes", footprint.host.count()}, {"npu_bytes", footprint.npu.count()}};
}

inference::Footprint footprint_from(const Json& json) {
  return {ByteSize::bytes(integer_at<std::uint64_t>(json, "host_bytes")),
          ByteSize::bytes(integer_at<std::uint64_t>(json, "npu_bytes"))};
}

Json infos_to_json(const std::vector<inference::TensorInfo>& infos) {
  Json list = Json::array();
  for (const auto& info : infos) list.push_back(hosting::json_of(info));
  return list;
}

Json json_of(const LoadedModel::Tensors& tensors) {
  return {{"inputs", infos_to_json(tensors.inputs)}, {"outputs", infos_to_json(tensors.outputs)}};
}

LoadedModel::Tensors promise_from(const Json& json) {
  return {list_at<inference::TensorInfo>(json, "inputs", tensor_info_from),
          list_at<inference::TensorInfo>(json, "outputs", tensor_info_from)};
}

constexpr std::array<std::pair<const char*, bool Features::*>, 2> kFeatureNames = {
    {{"streams", &Features::streams}, {"measure", &Features::measure}}};

void put(Json& json, const Features& features) {
  for (const auto& [name, flag] : kFeatureNames) {
    if (features.*flag) json["features"].push_back(name);
  }
}

Features features_from(const Json& json) {
  Features features;
  for (const auto& said : list_or_none<std::string>(json, "features", as_text)) {
    for (const auto& [name, flag] : kFeatureNames) {
      if (said == name) features.*flag = true;
    }
  }
  return features;
}

}  // namespace

Body encode_hello(const Hello& hello) {
  Json json = {{"protocol", hello.protocol}, {"shared_memory", hello.shared_memory}};
  put(json, hello.features);
  return {json.dump(), {}};
}

Hello parse_hello(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    return Hello{integer_at<int>(json, "protocol"), flag_or(json, "shared_memory", false),
                 features_from(json)};
  });
}

Body encode_welcome(const Welcome& welcome) {
  Json json = {{"protocol", welcome.protocol},
               {"engine", welcome.engine},
               {"usable", welcome.availability.usable},
               {"reason", welcome.availability.reason},
               {"version", welcome.availability.version},
               {"npu_bytes", welcome.availability.npu_memory.count()},
               {"shared_memory", welcome.shared_memory}};
  put(json, welcome.features);
  return {dump_repaired(json), {}};
}

Welcome parse_welcome(const Frame& frame) {
  constexpr std::size_t kLongestVersion = 64;  // it is kept and shown in many places
  return reading([&] {
    const Json json = parse_json(frame);
    return Welcome{integer_at<int>(json, "protocol"),
                   text_at(json, "engine"),
                   {flag_at(json, "usable"), text_or(json, "reason"),
                    std::string(utf8_prefix(text_or(json, "version"), kLongestVersion)),
                    ByteSize::bytes(integer_or<std::uint64_t>(json, "npu_bytes", 0))},
                   flag_or(json, "shared_memory", false),
                   features_from(json)};
  });
}

Body encode_credit(const Credit& credit) {
  return {Json{{"chunks", credit.frames}, {"bytes", credit.bytes}}.dump(), {}};
}

Credit parse_credit(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    return Credit{integer_at<std::uint32_t>(json, "chunks"),
                  integer_or<std::uint64_t>(json, "bytes", 0)};
  });
}

Body encode_error(const RemoteError& remote) {
  constexpr std::size_t kLongest = 64U << 10U;  // a library may quote whatever it was given
  Json json = {{"code", to_string(remote.error.code())},
               {"message", utf8_prefix(remote.error.what(), kLongest)},
               {"detail", utf8_prefix(remote.error.detail(), kLongest)},
               {"model_alive", remote.is_model_alive}};
  if (const auto wait = remote.error.retry_after()) json["retry_after_s"] = wait->count();
  return {dump_repaired(json), {}};
}

RemoteError parse_error(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    const auto code = find_error_code(text_at(json, "code")).value_or(ErrorCode::kEngineFailed);
    RemoteError remote{Error(code, text_at(json, "message"), text_or(json, "detail")),
                       flag_or(json, "model_alive", true)};
    if (const auto wait = json.find("retry_after_s"); wait != json.end()) {
      remote.error.set_retry_after(
          std::chrono::seconds(integer_of(*wait, "retry_after_s", 0, 1'000'000)));
    }
    return remote;
  });
}

Body encode_load(CallHead head, const inference::ModelSpec& spec,
                 const inference::LoadOptions& options) {
  Json json = head_of(head, "load");
  json["spec"] = json_of(spec);
  json["options"] = json_of(options);
  return {dump_strict(json), {}};
}

Load load_from(const Json& json) {
  return {part_at(json, "spec", spec_from), part_at(json, "options", options_from)};
}

Body encode_unload(CallHead head) {
  return {head_of(head, "unload").dump(), {}};
}

Body encode_describe(CallHead head, const inference::ModelSpec& spec,
                     inference::FactDetail detail) {
  Json json = head_of(head, "describe");
  json["spec"] = json_of(spec);
  json["full"] = detail == inference::FactDetail::kFull;
  return {dump_strict(json), {}};
}

Describe describe_from(const Json& json) {
  return {part_at(json, "spec", spec_from),
          flag_at(json, "full") ? inference::FactDetail::kFull : inference::FactDetail::kBrief};
}

Body encode_estimate(CallHead head, const inference::ModelSpec& spec,
                     const inference::LoadOptions& options) {
  Json json = head_of(head, "estimate");
  json["spec"] = json_of(spec);
  json["options"] = json_of(options);
  return {dump_strict(json), {}};
}

Estimate estimate_from(const Json& json) {
  return {part_at(json, "spec", spec_from), part_at(json, "options", options_from)};
}

Body encode_read_temperature(CallHead head) {
  return {head_of(head, "temperature").dump(), {}};
}

Body encode_measure(CallHead head) {
  return {head_of(head, "measure").dump(), {}};
}

Body encode_measured(const std::vector<MeasuredModel>& models) {
  Json list = Json::array();
  for (const auto& [model, footprint] : models) {
    Json entry = json_of(footprint);
    entry["model"] = model;
    list.push_back(std::move(entry));
  }
  return {Json{{"models", std::move(list)}}.dump(), {}};
}

std::vector<MeasuredModel> parse_measured(const Frame& frame) {
  return reading([&] {
    return list_at<MeasuredModel>(parse_json(frame), "models", [](const Json& entry) {
      return MeasuredModel{integer_at<std::uint32_t>(entry, "model"), footprint_from(entry)};
    });
  });
}

Body encode_temperature(const std::optional<Celsius>& temperature) {
  Json json = Json::object();
  if (temperature) json["celsius"] = finite(temperature->degrees);
  return {json.dump(), {}};
}

std::optional<Celsius> parse_temperature(const Frame& frame) {
  return reading([&]() -> std::optional<Celsius> {
    const Json json = parse_json(frame);
    const auto celsius = json.find("celsius");
    if (celsius == json.end()) return std::nullopt;
    return Celsius{celsius->get<double>()};
  });
}

Body encode_loaded(const LoadedModel& model) {
  Json json = {{"footprint", json_of(model.footprint)}};
  if (model.tensor) {
    json["tensor"] = json_of(*model.tensor);
  }
  for (const auto& [kind, network] : model.networks) json["networks"][kind] = json_of(network);
  if (model.context_length) json["text"] = {{"context_length", *model.context_length}};
  if (model.hear) json["hear"] = hosting::json_of(*model.hear);
  if (model.voices) {
    Json voices = Json::array();
    for (const auto& voice : *model.voices) voices.push_back(hosting::json_of(voice));
    json["say"] = {{"voices", std::move(voices)}};
  }
  if (model.reads) json["read"] = Json::object();
  if (model.methods) json["call"] = {{"methods", *model.methods}};
  if (model.slots > 0) json["slots"] = model.slots;
  return {dump_repaired(json), {}};
}

LoadedModel parse_loaded(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    LoadedModel model;
    if (const Json* tensor = find_field(json, "tensor")) {
      model.tensor = part_of(*tensor, "tensor", promise_from);
    }
    if (const Json* networks = find_field(json, "networks")) {
      for (const auto& [kind, network] : object_of(*networks, "networks")) {
        model.networks[kind] = part_of(network, kind.c_str(), promise_from);
      }
    }
    if (const Json* text = find_field(json, "text")) {
      model.context_length = integer_at<int>(*text, "context_length");
    }
    if (const Json* hear = find_field(json, "hear")) {
      model.hear = part_of(*hear, "hear", hear_abilities_from);
    }
    if (const Json* say = find_field(json, "say")) {
      model.voices = list_at<inference::Voice>(*say, "voices", voice_from);
    }
    model.reads = json.contains("read");
    if (const Json* call = find_field(json, "call")) {
      model.methods = list_at<std::string>(*call, "methods", as_text);
    }
    model.slots = integer_or(json, "slots", 0);
    model.footprint = part_at(json, "footprint", footprint_from);
    return model;
  });
}

Body encode_facts(const ModelFacts& facts) {
  Json capabilities = Json::array();
  for (const auto capability : facts.capabilities) capabilities.push_back(name_of(capability));
  Json metadata = Json::array();
  for (const auto& [name, fact] : facts.metadata) {
    metadata.push_back(Json::array({name, json_of_value(fact)}));
  }
  Json tensors = Json::array();
  for (const auto& tensor : facts.tensors) {
    tensors.push_back({{"name", tensor.name}, {"type", tensor.type}, {"shape", tensor.shape}});
  }
  return {dump_repaired({{"architecture", facts.architecture},
                         {"parameters", facts.parameters},
                         {"quantization", facts.quantization},
                         {"context_length", facts.context_length},
                         {"embedding_length", facts.embedding_length},
                         {"chat_template", facts.chat_template},
                         {"capabilities", std::move(capabilities)},
                         {"metadata", std::move(metadata)},
                         {"tensors", std::move(tensors)}}),
          {}};
}

ModelFacts parse_facts(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    ModelFacts facts;
    facts.architecture = text_at(json, "architecture");
    facts.parameters = integer_at<std::uint64_t>(json, "parameters");
    facts.quantization = text_at(json, "quantization");
    facts.context_length = integer_at<int>(json, "context_length");
    facts.embedding_length = integer_at<int>(json, "embedding_length");
    facts.chat_template = text_at(json, "chat_template");
    for (const auto& name : list_at<std::string>(json, "capabilities", as_text)) {
      if (const auto capability = inference::find_capability(name)) {
        facts.capabilities.push_back(*capability);
      }
    }
    using Entry = std::pair<std::string, Fact>;
    facts.metadata = list_at<Entry>(json, "metadata", [](const Json& entry) {
      return Entry{as_text(entry.at(0)), fact_from(entry.at(1))};
    });
    facts.tensors = list_at<inference::TensorFact>(json, "tensors", [](const Json& tensor) {
      return inference::TensorFact{
          text_at(tensor, "name"), text_at(tensor, "type"),
          list_at<std::uint64_t>(tensor, "shape", as_integer<std::uint64_t>)};
    });
    return facts;
  });
}

Body encode_footprint(const inference::Footprint& footprint) {
  return {json_of(footprint).dump(), {}};
}

inference::Footprint parse_footprint(const Frame& frame) {
  return reading([&] { return footprint_from(parse_json(frame)); });
}

}  // namespace hailstone::hosting
