// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
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

std::vector<std::filesystem::path> paths_from(const Json& json) {
  return list_of<std::filesystem::path>(json,
                                        [](const Json& path) { return path.get<std::string>(); });
}

Json networks_to_json(const decltype(inference::ModelSpec::networks)& networks) {
  Json object = Json::object();
  for (const auto& [kind, path] : networks) object[kind] = path.native();
  return object;
}

decltype(inference::ModelSpec::networks) networks_from(const Json& spec) {
  decltype(inference::ModelSpec::networks) networks;
  const auto found = spec.find("networks");
  if (found == spec.end()) return networks;
  for (const auto& [kind, path] : found->get_ref<const Json::object_t&>()) {
    networks[kind] = path.get<std::string>();
  }
  return networks;
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
          paths_from(json.at("projectors")),
          paths_from(json.at("adapters")),
          networks_from(json),
          json.at("settings").get<std::map<std::string, std::string>>()};
}

Json json_of(const inference::LoadOptions& options) {
  return {{"context_length", options.context_length},
          {"parallel", options.parallel},
          {"threads", options.threads},
          {"batch_size", options.batch_size},
          {"use_mmap", options.use_mmap}};
}

inference::LoadOptions options_from(const Json& json) {
  return {integer<int>(json.at("context_length")), integer<int>(json.at("parallel")),
          integer<int>(json.at("threads")), integer<int>(json.at("batch_size")),
          json.at("use_mmap").get<bool>()};
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
  return json.get<std::string>();
}

Fact fact_from(const Json& json) {
  if (!json.is_object()) return scalar_from<Fact>(json);
  using Element = decltype(FactList::values)::value_type;
  return FactList{json.at("length").get<std::uint64_t>(),
                  list_of<Element>(json.at("values"), scalar_from<Element>)};
}

Json json_of(const inference::Footprint& footprint) {
  return {{"host_bytes", footprint.host.count()}, {"npu_bytes", footprint.npu.count()}};
}

inference::Footprint footprint_from(const Json& json) {
  return {ByteSize::bytes(integer<std::uint64_t>(json.at("host_bytes"))),
          ByteSize::bytes(integer<std::uint64_t>(json.at("npu_bytes")))};
}

Json infos_to_json(const std::vector<inference::TensorInfo>& infos) {
  Json list = Json::array();
  for (const auto& info : infos) list.push_back(hosting::json_of(info));
  return list;
}

Json json_of(const LoadedModel::Tensors& tensors) {
  return {{"inputs", infos_to_json(tensors.inputs)}, {"outputs", infos_to_json(tensors.outputs)}};
}

LoadedModel::Tensors tensors_from(const Json& json) {
  return {list_of<inference::TensorInfo>(json.at("inputs"), tensor_info_from),
          list_of<inference::TensorInfo>(json.at("outputs"), tensor_info_from)};
}

constexpr const char* kStreams = "streams";

void put(Json& json, const Features& features) {
  if (features.streams) json["features"].push_back(kStreams);
}

Features features_from(const Json& json) {
  Features features;
  const auto names = json.find("features");
  if (names == json.end()) return features;
  for (const auto& name : names->get_ref<const Json::array_t&>()) {
    if (name == kStreams) features.streams = true;
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
    return Hello{integer<int>(json.at("protocol")), json.value("shared_memory", false),
                 features_from(json)};
  });
}

Body encode_welcome(const Welcome& welcome) {
  Json json = {{"protocol", welcome.protocol},
               {"engine", welcome.engine},
               {"usable", welcome.availability.usable},
               {"reason", welcome.availability.reason},
               {"version", welcome.availability.version},
               {"shared_memory", welcome.shared_memory}};
  put(json, welcome.features);
  return {dump_repaired(json), {}};
}

Welcome parse_welcome(const Frame& frame) {
  constexpr std::size_t kLongestVersion = 64;  // it is kept and shown in many places
  return reading([&] {
    const Json json = parse_json(frame);
    return Welcome{
        integer<int>(json.at("protocol")),
        text_at(json, "engine"),
        {json.at("usable").get<bool>(), json.value("reason", std::string()),
         std::string(utf8_prefix(json.value("version", std::string()), kLongestVersion))},
        json.value("shared_memory", false),
        features_from(json)};
  });
}

Body encode_credit(const Credit& credit) {
  return {Json{{"chunks", credit.frames}, {"bytes", credit.bytes}}.dump(), {}};
}

Credit parse_credit(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    const auto bytes = json.find("bytes");
    return Credit{integer<std::uint32_t>(json.at("chunks")),
                  bytes == json.end() ? 0 : integer<std::uint64_t>(*bytes)};
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
    RemoteError remote{Error(code, text_at(json, "message"), json.value("detail", std::string())),
                       json.value("model_alive", true)};
    if (const auto wait = json.find("retry_after_s"); wait != json.end()) {
      remote.error.set_retry_after(std::chrono::seconds(integer(*wait, 0, 1'000'000)));
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
  return {spec_from(json.at("spec")), options_from(json.at("options"))};
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
  return {spec_from(json.at("spec")), json.at("full").get<bool>() ? inference::FactDetail::kFull
                                                                  : inference::FactDetail::kBrief};
}

Body encode_estimate(CallHead head, const inference::ModelSpec& spec,
                     const inference::LoadOptions& options) {
  Json json = head_of(head, "estimate");
  json["spec"] = json_of(spec);
  json["options"] = json_of(options);
  return {dump_strict(json), {}};
}

Estimate estimate_from(const Json& json) {
  return {spec_from(json.at("spec")), options_from(json.at("options"))};
}

Body encode_read_temperature(CallHead head) {
  return {head_of(head, "temperature").dump(), {}};
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
  return {dump_repaired(json), {}};
}

LoadedModel parse_loaded(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    LoadedModel model;
    if (const auto tensor = json.find("tensor"); tensor != json.end()) {
      model.tensor = tensors_from(*tensor);
    }
    if (const auto networks = json.find("networks"); networks != json.end()) {
      for (const auto& [kind, network] : networks->get_ref<const Json::object_t&>()) {
        model.networks[kind] = tensors_from(network);
      }
    }
    if (const auto text = json.find("text"); text != json.end()) {
      model.context_length = integer<int>(text->at("context_length"));
    }
    if (const auto hear = json.find("hear"); hear != json.end()) {
      model.hear = hear_abilities_from(*hear);
    }
    if (const auto say = json.find("say"); say != json.end()) {
      model.voices = list_of<inference::Voice>(say->at("voices"), voice_from);
    }
    model.reads = json.contains("read");
    model.footprint = footprint_from(json.at("footprint"));
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
    facts.parameters = integer<std::uint64_t>(json.at("parameters"));
    facts.quantization = text_at(json, "quantization");
    facts.context_length = integer<int>(json.at("context_length"));
    facts.embedding_length = integer<int>(json.at("embedding_length"));
    facts.chat_template = text_at(json, "chat_template");
    for (const auto& name : json.at("capabilities").get<std::vector<std::string>>()) {
      if (const auto capability = inference::find_capability(name)) {
        facts.capabilities.push_back(*capability);
      }
    }
    for (const auto& entry : json.at("metadata")) {
      facts.metadata.emplace_back(entry.at(0).get<std::string>(), fact_from(entry.at(1)));
    }
    facts.tensors = list_of<inference::TensorFact>(json.at("tensors"), [](const Json& tensor) {
      return inference::TensorFact{text_at(tensor, "name"), text_at(tensor, "type"),
                                   tensor.at("shape").get<std::vector<std::uint64_t>>()};
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
