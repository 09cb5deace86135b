// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_file.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <unordered_set>

#include "formats/onnx_parts.hpp"
#include "formats/protobuf.hpp"

namespace hailstone::formats {
namespace {

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostWeights = 100'000;
/// Graphs in graphs: the branches of an If, the body of a Loop.
constexpr int kDeepest = 8;

// Field numbers of onnx.proto.
namespace model {
constexpr std::uint64_t kIrVersion = 1, kProducer = 2, kProducerVersion = 3, kDescription = 6,
                        kGraph = 7, kOpset = 8, kMetadata = 14;
}
namespace opset {
constexpr std::uint64_t kDomain = 1, kVersion = 2;
}
namespace entry {
constexpr std::uint64_t kKey = 1, kValue = 2;
}
namespace graph {
constexpr std::uint64_t kNode = 1, kName = 2, kWeight = 5, kInput = 11, kOutput = 12;
}
namespace node {
constexpr std::uint64_t kAttribute = 5;
}
namespace attribute {
constexpr std::uint64_t kTensor = 5, kGraph = 6, kTensors = 10, kGraphs = 11;
}
namespace value {
constexpr std::uint64_t kName = 1, kType = 2;
}
namespace type {
constexpr std::uint64_t kTensor = 1, kElement = 1, kShape = 2;
}
namespace shape {
constexpr std::uint64_t kDimension = 1, kSize = 1;
}
namespace tensor {
constexpr std::uint64_t kSize = 1, kType = 2, kName = 8;
}

using Range = ProtobufRange;
using Field = ProtobufField;

std::pair<std::string, std::string> read_entry(ProtobufWalker& walker, Range range) {
  std::pair<std::string, std::string> read;
  walker.each_field(range, [&](const Field& field) {
    if (!field.range) return;
    if (field.number == entry::kKey) read.first = walker.text(*field.range);
    if (field.number == entry::kValue) read.second = walker.text(*field.range);
  });
  return read;
}

std::int64_t read_dimension(ProtobufWalker& walker, Range range) {
  std::int64_t out = -1;  // a name instead of a number: any
  walker.each_field(range, [&](const Field& field) {
    if (field.number == shape::kSize && !field.range) out = static_cast<std::int64_t>(field.value);
  });
  return out;
}

void read_tensor_type(ProtobufWalker& walker, Range range, OnnxTensor& into) {
  walker.each_field(range, [&](const Field& field) {
    if (field.number == type::kElement) into.type = static_cast<OnnxType>(field.value);
    if (field.number != type::kShape || !field.range) return;
    walker.each_message(*field.range, shape::kDimension, [&](Range dimension) {
      if (into.shape.size() < kMostEntries) into.shape.push_back(read_dimension(walker, dimension));
    });
  });
}

OnnxTensor read_value(ProtobufWalker& walker, Range range) {
  OnnxTensor read;
  walker.each_message(range, value::kName, [&](Range name) { read.name = walker.text(name); });
  walker.each_message(range, value::kType, [&](Range of) {
    walker.each_message(of, type::kTensor,
                        [&](Range tensor) { read_tensor_type(walker, tensor, read); });
  });
  return read;
}

/// A number may come alone, or packed with others of its field.
void read_sizes(ProtobufWalker& walker, const Field& field, std::vector<std::int64_t>& into) {
  const auto add = [&](std::uint64_t size) {
    if (into.size() < kMostEntries) into.push_back(static_cast<std::int64_t>(size));
  };
  if (field.range) {
    walker.each_number(*field.range, add);
  } else {
    add(field.value);
  }
}

/// One graph, with those in it. Of one thread.
class GraphReader {
 public:
  GraphReader(ProtobufWalker& walker, OnnxFile& file) : walker_(walker), file_(file) {}

  void read(Range range) {
    file_.has_graph = true;
    walker_.each_field(range, [&](const Field& field) {
      if (field.range) read_field(field.number, *field.range);
    });
    // Old files list the weights among the inputs too.
    std::erase_if(file_.inputs,
                  [&](const OnnxTensor& input) { return weight_names_.contains(input.name); });
  }

 private:
  void read_field(std::uint64_t number, Range range) {
    if (number == graph::kName) file_.graph = walker_.text(range);
    if (number == graph::kNode) read_node(range, 0);
    if (number == graph::kWeight) {
      OnnxTensor weight = read_tensor(range);
      if (weight_names_.size() < kMostWeights) weight_names_.insert(weight.name);
      add_weight(std::move(weight));
    }
    if (number == graph::kInput) add_value(range, file_.inputs);
    if (number == graph::kOutput) add_value(range, file_.outputs);
  }

  void add_value(Range range, std::vector<OnnxTensor>& to) {
    if (to.size() < kMostWeights) to.push_back(read_value(walker_, range));
  }

  OnnxTensor read_tensor(Range range) {
    OnnxTensor read;
    walker_.each_field(range, [&](const Field& field) {
      if (field.number == tensor::kSize) read_sizes(walker_, field, read.shape);
      if (field.number == tensor::kType) read.type = static_cast<OnnxType>(field.value);
      if (field.number == tensor::kName && field.range) read.name = walker_.text(*field.range);
    });
    return read;
  }

  void add_weight(OnnxTensor weight) {
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t elements = 1;
    for (const auto size : weight.shape) {
      const auto factor = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
      elements = factor != 0 && elements > kMost / factor ? kMost : elements * factor;
    }
    file_.parameters += std::min(elements, kMost - file_.parameters);
    if (file_.weights.size() >= kMostWeights) return;
    file_.weights.push_back(std::move(weight));
  }

  /// Nodes only matter for their constants, which are weights too.
  void read_node(Range range, int depth) {
    walker_.each_message(range, node::kAttribute, [&](Range attribute) {
      walker_.each_field(attribute, [&](const Field& field) {
        if (!field.range) return;
        const bool is_tensor =
            field.number == attribute::kTensor || field.number == attribute::kTensors;
        const bool is_graph =
            field.number == attribute::kGraph || field.number == attribute::kGraphs;
        if (is_tensor) add_weight(read_tensor(*field.range));
        if (is_graph && depth < kDeepest) read_inner_graph(*field.range, depth + 1);
      });
    });
  }

  void read_inner_graph(Range range, int depth) {
    walker_.each_field(range, [&](const Field& field) {
      if (!field.range) return;
      if (field.number == graph::kNode) read_node(*field.range, depth);
      if (field.number == graph::kWeight) add_weight(read_tensor(*field.range));
    });
  }

  ProtobufWalker& walker_;
  OnnxFile& file_;
  std::unordered_set<std::string> weight_names_;
};

void read_opset(ProtobufWalker& walker, Range range, OnnxFile& file) {
  std::string domain;
  std::int64_t version = 0;
  walker.each_field(range, [&](const Field& field) {
    if (field.number == opset::kDomain && field.range) domain = walker.text(*field.range);
    if (field.number == opset::kVersion) version = static_cast<std::int64_t>(field.value);
  });
  if (domain.empty() || domain == "ai.onnx") file.opset = version;
}

void read_model_field(ProtobufWalker& walker, std::uint64_t number, Range range, OnnxFile& file) {
  if (number == model::kProducer) file.producer = walker.text(range);
  if (number == model::kProducerVersion) file.producer_version = walker.text(range);
  if (number == model::kDescription) file.description = walker.text(range);
  if (number == model::kOpset) read_opset(walker, range, file);
  if (number == model::kMetadata && file.metadata.size() < kMostEntries) {
    file.metadata.push_back(read_entry(walker, range));
  }
  if (number == model::kGraph) GraphReader(walker, file).read(range);
}

}  // namespace

std::string name_of_onnx_type(OnnxType type) {
  constexpr std::array<std::string_view, 24> kNames = {
      "none",           "float32",    "uint8",          "int8",       "uint16",   "int16",
      "int32",          "int64",      "string",         "bool",       "float16",  "float64",
      "uint32",         "uint64",     "complex64",      "complex128", "bfloat16", "float8e4m3fn",
      "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",      "int4",     "float4e2m1"};
  if (type < 0 || type >= static_cast<OnnxType>(kNames.size())) {
    return "type " + std::to_string(type);
  }
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

std::optional<std::string> OnnxFile::find(std::string_view key) const {
  for (const auto& [name, value] : metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

OnnxFile read_onnx_file(std::istream& in) {
  ProtobufWalker walker(in);
  OnnxFile file;
  file.verdict = judge_onnx_parts(walker);
  walker.each_field(walker.whole(), [&](const Field& field) {
    if (field.range) {
      read_model_field(walker, field.number, *field.range, file);
    } else if (field.number == model::kIrVersion) {
      file.ir_version = static_cast<std::int64_t>(field.value);
    }
  });
  return file;
}

}  // namespace hailstone::formats
