// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/library/assembly/creation.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"
#include "formats/file_format.hpp"
#include "formats/onnx_file.hpp"
#include "inference/engines/engine_descriptor.hpp"
#include "services/common/human_count.hpp"
#include "services/common/templates/chat_template.hpp"

namespace hailstone::library {
namespace {

using core::kImageLayer;
using formats::FileFormat;
using formats::find_format;

std::string first_bytes(const std::filesystem::path& file) {
  std::string bytes(formats::kFormatBytes, '\0');
  std::ifstream in = core::open_stream(file);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

Error bad(const std::string& message, std::string detail = {}) {
  return Error(ErrorCode::kBadRequest, message, std::move(detail));
}

/// What a GGUF file calls itself: "model", "adapter", "mmproj"; empty in old ones.
std::string general_type(const inference::ModelFacts& facts) {
  for (const auto& [key, value] : facts.metadata) {
    const auto* text = std::get_if<std::string>(&value);
    if (key == "general.type" && text != nullptr) return *text;
  }
  return {};
}

bool is_part_of_split(const inference::ModelFacts& facts) {
  for (const auto& [key, value] : facts.metadata) {
    if (key != "split.count") continue;
    const auto* count = std::get_if<std::uint64_t>(&value);
    return count != nullptr && *count > 1;
  }
  return false;
}

/// The kinds of further files, which the name of a file tells: a recogniser looks like any network.
std::vector<std::string> named_kinds() {
  std::vector<std::string> kinds{"labels", "tokenizer", "voice"};
  for (const auto kind : core::network_kinds()) kinds.emplace_back(kind);
  return kinds;
}

/// "labels" for "labels.txt"; empty where the name tells nothing.
std::string find_kind(const std::string& file) {
  const auto kinds = named_kinds();
  const std::string stem = std::filesystem::path(file).stem().string();
  const auto found = std::find(kinds.begin(), kinds.end(), stem);
  return found == kinds.end() ? std::string() : *found;
}

bool is_network(std::string_view kind) {
  const auto kinds = core::network_kinds();
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// The layer's kind in the manifest.
const char* kind_of(const inference::ModelFacts& facts) {
  const std::string type = general_type(facts);
  if (type == "adapter") return "adapter";
  if (type == "mmproj" || facts.architecture == "clip") return "projector";
  return "model";
}

}  // namespace

std::optional<Recognised> Creation::run() {
  check(task_);
  name_ = core::parse_model_name(task_.model);
  facts_.task = task_.task;
  if (!task_.from.empty()) {
    take_model();
  } else if (!task_.files.empty()) {
    take_files(task_.files);
  } else {
    throw bad("neither 'from' or 'files' was specified");
  }
  take_files(task_.adapters);
  if (find_layer("model") == nullptr) throw bad("none of the files is a model");
  check_networks();
  quantize();
  if (!task_.engine.empty()) facts_.engine = task_.engine;
  facts_.settings = task_.settings;
  auto recognised = find_out();
  set_texts();
  write();
  return recognised;
}

void Creation::check(const CreateTask& task) {
  core::parse_model_name(task.model);
  // An empty one takes the base's away.
  if (task.template_text && !task.template_text->empty()) {
    templates::ChatTemplate{*task.template_text};
  }
}

void Creation::take_part(const std::string& file, const std::string& kind, core::Layer layer) {
  if (is_network(kind) && name_of(find_format(first_bytes(layer.path))).empty()) {
    throw bad("\"" + file + "\" is no network: neither ONNX nor HEF");
  }
  layer.media_type = kImageLayer + kind;
  add_layer(std::move(layer));
}

/// One engine runs them all.
void Creation::check_networks() const {
  for (const auto& layer : layers_) {
    const std::string kind = layer.media_type.substr(kImageLayer.size());
    if (!is_network(kind) || facts_.format.empty()) continue;
    const std::string format(name_of(find_format(first_bytes(layer.path))));
    if (format != facts_.format) {
      throw bad("the " + kind + " is in the format " + format + ", the model in " + facts_.format);
    }
  }
}

void Creation::take_model() {
  const auto model = models_.store().require(task_.from);
  if (model.config) base_config_ = core::read_layer(*model.config);
  for (const auto& layer : model.layers) {
    assembly_.hold(layer.digest);
    report("using existing layer " + layer.digest);
    layers_.push_back(layer);
  }
}

void Creation::take_files(const BlobFiles& files) {
  for (const auto& [file, digest] : files) take_file(file, digest);
}

void Creation::take_file(const std::string& file, const std::string& digest) {
  core::Layer layer = require_blob(file, digest);
  if (const auto kind = find_kind(file); !kind.empty())
    return take_part(file, kind, std::move(layer));
  const FileFormat format = find_format(first_bytes(layer.path));
  if (name_of(format).empty()) {
    const auto why = explain(format);
    throw bad("\"" + file + "\" " + std::string(why.what), std::string(why.help));
  }
  if (format == FileFormat::kGguf) return take_gguf(file, std::move(layer));
  if (format == FileFormat::kOnnx) read_onnx(file, layer);
  facts_.format = name_of(format);
  facts_.engine = inference::engine_of_format(name_of(format));
  take_other(file, std::move(layer));
}

core::Layer Creation::require_blob(const std::string& file, const std::string& digest) {
  core::Layer layer;
  assembly_.hold(digest);
  // Whoever uploaded it may have been another program: what is made here has been looked at.
  if (!writer_.verify_blob(digest, run_)) {
    throw bad("\"" + file + "\": blob " + digest + " is not in the store",
              "upload it with POST /api/blobs/" + digest);
  }
  layer.path = writer_.store().find_blob(digest).value();
  layer.digest = "sha256:" + core::find_digest_hex(digest).value();
  layer.size = ByteSize::bytes(std::filesystem::file_size(layer.path));
  return layer;
}

void Creation::take_gguf(const std::string& file, core::Layer layer) {
  report("parsing GGUF");
  const auto facts = describe(layer);
  if (is_part_of_split(facts)) {
    throw bad("\"" + file + "\" is one part of a model in several files",
              "join them with llama.cpp's llama-gguf-split --merge");
  }
  const std::string kind = kind_of(facts);
  if (kind == "model") {
    require_one_model(file);
    facts_.format = name_of(FileFormat::kGguf);
    note_facts(facts);
  }
  if (kind == "projector") facts_.more_families.push_back(facts.architecture);
  layer.media_type = kImageLayer + kind;
  add_layer(std::move(layer));
}

void Creation::take_other(const std::string& file, core::Layer layer) {
  require_one_model(file);
  network_file_ = file;
  layer.media_type = kImageLayer + "model";
  add_layer(std::move(layer));
}

/// What its user says goes without it.
void Creation::read_onnx(const std::string& file, const core::Layer& layer) {
  std::ifstream in = core::open_stream(layer.path);
  try {
    onnx_ = formats::read_onnx_file(in);
  } catch (const Error& error) {
    if (facts_.task.empty()) throw bad("\"" + file + "\": " + error.what(), error.detail());
  }
}

void Creation::require_one_model(const std::string& file) const {
  const bool has_one = std::any_of(layers_.begin(), layers_.end(), [](const core::Layer& layer) {
    return layer.media_type == kImageLayer + "model";
  });
  if (has_one)
    throw bad("\"" + file + "\" is a second model; one is made of one",
              "a further file is named for what it is: " + join(named_kinds(), ", "));
}

inference::ModelFacts Creation::describe(const core::Layer& layer) const {
  auto* engine = models_.runtime().find_engine("llama");
  if (engine == nullptr) {
    throw Error(ErrorCode::kUnsupported, "this program has no engine that reads GGUF files");
  }
  inference::ModelSpec spec;
  spec.name = name_.display();
  spec.engine = "llama";
  spec.weights = layer.path;
  return engine->describe(spec, inference::FactDetail::kBrief);
}

void Creation::note_facts(const inference::ModelFacts& facts) {
  facts_.family = facts.architecture;
  facts_.parameter_size = facts.parameters > 0 ? services::human_count(facts.parameters) : "";
  facts_.quantization = facts.quantization;
  facts_.context_length = facts.context_length;
  facts_.embedding_length = facts.embedding_length;
}

void Creation::set_texts() {
  if (task_.template_text) replace_text("template", *task_.template_text);
  if (task_.system) replace_text("system", *task_.system);
  for (const auto& license : task_.licenses) add_text("license", license);
  set_parameters();
  if (!task_.messages.empty()) replace_text("messages", task_.messages);
}

void Creation::set_parameters() {
  if (task_.parameters.empty()) return;
  const core::Layer* old = find_layer("params");
  replace_text("params",
               merge_parameters(old == nullptr ? "" : core::read_layer(*old), task_.parameters));
}

void Creation::replace_text(const char* kind, const std::string& text) {
  std::erase_if(layers_,
                [&](const core::Layer& layer) { return layer.media_type == kImageLayer + kind; });
  add_text(kind, text);
}

void Creation::add_text(const char* kind, const std::string& text) {
  if (text.empty()) return;
  const std::string digest = "sha256:" + core::sha256_hex(text);
  const bool is_there = writer_.blob_state(digest) == core::BlobState::kVerified;
  report((is_there ? "using existing layer " : "creating new layer ") + digest);
  add_layer(assembly_.add_text(kImageLayer + kind, text));
}

void Creation::add_layer(core::Layer layer) {
  const bool has_it = std::any_of(layers_.begin(), layers_.end(), [&](const core::Layer& other) {
    return other.media_type == layer.media_type && other.digest == layer.digest;
  });
  if (!has_it) layers_.push_back(std::move(layer));
}

core::Layer* Creation::find_layer(std::string_view kind) noexcept {
  const auto found = std::find_if(layers_.begin(), layers_.end(), [&](const core::Layer& layer) {
    return layer.media_type.ends_with(kind) &&
           layer.media_type.size() == kImageLayer.size() + kind.size();
  });
  return found == layers_.end() ? nullptr : &*found;
}

void Creation::write() {
  std::vector<std::string> digests;
  for (const auto& layer : layers_) digests.push_back(layer.digest);
  run_.check();
  report("writing manifest");
  assembly_.publish(name_, write_config(base_config_, facts_, digests), layers_);
}

}  // namespace hailstone::library
