// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/facts.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/onnx/network/shapes.hpp"
#include "os/files/regular_file.hpp"

namespace hailstone::engines::onnx {
namespace {

using formats::OnnxFile;
using formats::OnnxTensor;
using inference::ModelFacts;

// So that none of the fifteen networks of bench/README.md takes more. The library's own part is
// that of a host that shares it with no other: PSS counts all of it then.
constexpr ByteSize kLibrary = ByteSize::mib(38);
constexpr double kPerWeight = 2;
constexpr double kPerInterface = 9;

/// As GGUF's users know them: "F32", "INT8".
std::string short_name(formats::OnnxType type) {
  const std::string name = formats::name_of_onnx_type(type);
  if (name == "float32") return "F32";
  if (name == "float16") return "F16";
  if (name == "bfloat16") return "BF16";
  return to_upper(name);
}

double elements_of(const OnnxTensor& tensor) noexcept {
  double elements = 1;
  for (const auto size : tensor.shape) elements *= static_cast<double>(size);
  return elements;
}

/// The type that most parameters have; signed and unsigned bytes are one.
std::string quantization_of(const OnnxFile& file) {
  std::map<std::string, double> elements;
  for (const OnnxTensor& weight : file.weights) {
    const std::string name = short_name(weight.type);
    elements[name == "UINT8" ? "INT8" : name] += elements_of(weight);
  }
  const auto most = std::max_element(elements.begin(), elements.end(),
                                     [](auto& a, auto& b) { return a.second < b.second; });
  return most == elements.end() ? std::string() : most->first;
}

void add_text(ModelFacts& facts, const std::string& name, const std::string& value) {
  if (!value.empty()) facts.metadata.emplace_back(name, value);
}

void add_interface(ModelFacts& facts, const std::string& kind,
                   const std::vector<OnnxTensor>& tensors) {
  for (const OnnxTensor& tensor : tensors) {
    add_text(facts, "onnx." + kind + "." + tensor.name,
             formats::name_of_onnx_type(tensor.type) + " " + show_shape(tensor.shape));
  }
}

void add_weights(ModelFacts& facts, const OnnxFile& file) {
  facts.tensors.reserve(file.weights.size());
  for (const OnnxTensor& weight : file.weights) {
    facts.tensors.push_back(
        {weight.name, short_name(weight.type), {weight.shape.begin(), weight.shape.end()}});
  }
}

/// As most kernels compute: in halves or floats. Channels and batches that may be any number are
/// one.
double interface_bytes(const OnnxTensor& tensor,
                       const std::optional<inference::ImageInput>& input) {
  constexpr double kSide = 640;
  const bool is_picture = tensor.shape.size() == 4;
  const double side = input && input->width > 0 && input->height > 0
                          ? std::sqrt(static_cast<double>(input->width) * input->height)
                          : (input ? input->max_side : kSide);
  double bytes = formats::name_of_onnx_type(tensor.type) == "float16" ? 2 : 4;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto size = static_cast<double>(tensor.shape[i]);
    bytes *= size > 0 ? size : is_picture && i > 0 ? side : 1;
  }
  return bytes;
}

}  // namespace

ByteSize estimate_memory(const OnnxFile& file, ByteSize weights,
                         const std::optional<inference::ImageInput>& input) {
  return kLibrary + estimate_network(file, weights, input);
}

ByteSize estimate_network(const OnnxFile& file, ByteSize weights,
                          const std::optional<inference::ImageInput>& input) {
  constexpr double kMost = 1e15;  // a broken file may promise anything
  double bytes = static_cast<double>(weights.count()) * kPerWeight;
  for (const auto& tensor : file.inputs) bytes += interface_bytes(tensor, input) * kPerInterface;
  for (const auto& tensor : file.outputs) bytes += interface_bytes(tensor, input) * kPerInterface;
  return ByteSize::bytes(static_cast<std::uint64_t>(std::min(bytes, kMost)));
}

OnnxFile read_network(const inference::ModelSpec& spec) {
  std::ifstream in = os::open_regular_stream(spec.weights);
  OnnxFile file = formats::read_onnx_file(in);
  if (!file.has_graph) {
    throw Error(ErrorCode::kBadRequest,
                "model " + spec.name + ": the file has no network in it, or is broken");
  }
  if (file.verdict.needs_other_files) {
    throw Error(ErrorCode::kUnsupported,
                "model " + spec.name + ": its weights are in other files than the network",
                "export it with its weights inside (save_as_external_data=False)");
  }
  if (!file.verdict.refusal.empty()) {
    throw Error(ErrorCode::kUnsupported,
                "model " + spec.name + ": the network " + file.verdict.refusal,
                "export it again, without functions and for an older IR version");
  }
  return file;
}

bool has_fixed_inputs(const OnnxFile& file) noexcept {
  return std::all_of(file.inputs.begin(), file.inputs.end(), [](const auto& input) {
    return std::all_of(input.shape.begin(), input.shape.end(), [](auto size) { return size >= 0; });
  });
}

ModelFacts facts_of(const OnnxFile& file, inference::FactDetail detail) {
  ModelFacts facts;
  facts.architecture = "onnx";  // the graph's name is most often its exporter's
  facts.parameters = file.parameters;
  facts.quantization = quantization_of(file);
  add_text(facts, "onnx.graph", file.graph);
  add_text(facts, "onnx.producer", file.producer);
  add_text(facts, "onnx.producer_version", file.producer_version);
  add_text(facts, "onnx.description", file.description);
  facts.metadata.emplace_back("onnx.ir_version", file.ir_version);
  facts.metadata.emplace_back("onnx.opset", file.opset);
  add_interface(facts, "input", file.inputs);
  add_interface(facts, "output", file.outputs);
  for (const auto& [name, value] : file.metadata) add_text(facts, name, value);
  if (detail == inference::FactDetail::kFull) add_weights(facts, file);
  return facts;
}

}  // namespace hailstone::engines::onnx
