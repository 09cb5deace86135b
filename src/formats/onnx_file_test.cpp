// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"
#include "formats/testing/micro_onnx.hpp"

namespace hailstone::formats {
namespace {

using namespace formats::testing;  // NOLINT
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string small_model() {
  const std::vector<float> weights(1000, 1);
  return model({.nodes = {node("Identity", {"images"}, {"found"})},
                .constants = {constant("w", Type::kFloat, {10, 100}, weights),
                              constant<std::int8_t>("b", Type::kInt8, {3}, {1, 2, 3})},
                .inputs = {value("images", Type::kHalf, {1, 3, 640, -1}),
                           value("w", Type::kFloat, {10, 100})},
                .outputs = {value("found", Type::kFloat, {-1, 6})}},
               {{"task", "detect"}, {"names", "{0: 'cat', 1: \"dog\"}"}});
}

OnnxFile read(const std::string& file) {
  std::istringstream in(file);
  return read_onnx_file(in);
}

Graph graph_of(const std::vector<std::string>& nodes) {
  Graph graph;
  graph.nodes = nodes;
  return graph;
}

std::string net_with(const std::string& node, const std::string& weight = {}) {
  Graph graph;
  if (!node.empty()) graph.nodes = {node};
  if (!weight.empty()) graph.constants = {weight};
  return model(graph);
}

std::string with_graph_field(std::uint64_t at, const std::string& content) {
  return number(1, 8) + field(7, Graph().bytes() + field(at, content));
}

std::string call(const std::string& function) {
  return node(function, {"x"}, {"y"}) + field(7, "my");
}

std::string function(const std::string& name, const std::vector<std::string>& nodes) {
  std::string out = field(1, name) + field(4, "x") + field(5, "y") + field(10, "my");
  for (const auto& item : nodes) out += field(7, item);
  return out;
}

std::string with_functions(const std::vector<std::string>& functions,
                           const std::vector<std::string>& nodes = {}) {
  std::string out = model(graph_of(nodes));
  for (const auto& item : functions) out += field(25, item);
  return out;
}

TEST(OnnxFile, ReadsWhatTheFileSaysOfItself) {
  const auto file = read(small_model());
  EXPECT_EQ(file.producer, "hailstone-test");
  EXPECT_EQ(file.producer_version, "1.5");
  EXPECT_EQ(file.description, "a micro model");
  EXPECT_EQ(file.graph, "micro");
  EXPECT_EQ(file.ir_version, 8);
  EXPECT_EQ(file.opset, 17);
  EXPECT_EQ(file.find("task"), "detect");
  EXPECT_FALSE(file.find("stride"));
  EXPECT_TRUE(file.has_graph);
  EXPECT_FALSE(file.verdict.needs_other_files);
}

TEST(OnnxFile, TellsInputsAndOutputsFromWeights) {
  const auto file = read(small_model());
  ASSERT_THAT(file.inputs, SizeIs(1)) << "w is a weight";
  EXPECT_EQ(file.inputs[0].name, "images");
  EXPECT_EQ(name_of_onnx_type(file.inputs[0].type), "float16");
  EXPECT_THAT(file.inputs[0].shape, ElementsAre(1, 3, 640, -1));
  ASSERT_THAT(file.outputs, SizeIs(1));
  EXPECT_THAT(file.outputs[0].shape, ElementsAre(-1, 6));
  ASSERT_THAT(file.weights, SizeIs(2));
  EXPECT_THAT(file.weights[0].shape, ElementsAre(10, 100));
  EXPECT_EQ(name_of_onnx_type(file.weights[1].type), "int8");
  EXPECT_EQ(file.parameters, 1003U);
}

TEST(OnnxFile, ReadsSizesThatArePacked) {
  const std::string packed = field(1, varint(4) + varint(300)) + number(2, 1) + field(8, "w");
  const auto file = read(net_with({}, packed));
  ASSERT_THAT(file.weights, SizeIs(1));
  EXPECT_THAT(file.weights[0].shape, ElementsAre(4, 300));
}

TEST(OnnxFile, FindsWeightsInOtherFilesWhereverTheyAreNamed) {
  const std::string elsewhere = constant_elsewhere("w", "../../etc/passwd");
  EXPECT_TRUE(read(net_with({}, elsewhere)).verdict.needs_other_files);
  const std::string in_node = field(1, "value") + field(5, elsewhere);
  const std::string constant_node = node("Constant", {}, {"c"}, {in_node});
  EXPECT_TRUE(read(net_with(constant_node)).verdict.needs_other_files);
  Graph branch;
  branch.nodes = {constant_node};
  const std::string branching =
      node("If", {"x"}, {"y"}, {graph_attribute("then_branch", branch.bytes())});
  EXPECT_TRUE(read(net_with(branching)).verdict.needs_other_files);
  const std::string sparse = field(1, elsewhere) + field(2, constant_elsewhere("i", "/etc/shadow"));
  EXPECT_TRUE(read(with_graph_field(15, sparse)).verdict.needs_other_files);
  const std::string sparse_constant = field(1, "sparse_value") + field(22, sparse);
  EXPECT_TRUE(
      read(net_with(node("Constant", {}, {"c"}, {sparse_constant}))).verdict.needs_other_files);
  const std::string many = field(1, "values") + field(10, elsewhere);
  EXPECT_TRUE(read(net_with(node("Constant", {}, {"c"}, {many}))).verdict.needs_other_files);
  EXPECT_TRUE(read(with_functions({function("F", {constant_node})})).verdict.needs_other_files);
  const std::string with_default = function("F", {}) + field(11, in_node);
  EXPECT_TRUE(read(with_functions({with_default})).verdict.needs_other_files);
  const std::string training = field(1, graph_of({constant_node}).bytes());
  EXPECT_TRUE(read(small_model() + field(20, training)).verdict.needs_other_files);
}

TEST(OnnxFile, FunctionsThatEndArePassed) {
  const auto file = read(with_functions(
      {function("F", {call("G"), call("G")}), function("G", {node("Neg", {"x"}, {"y"})})},
      {call("F")}));
  EXPECT_EQ(file.verdict.refusal, "");
  EXPECT_EQ(read(small_model()).verdict.refusal, "");
}

TEST(OnnxFile, FunctionsThatCallThemselvesAreRefused) {
  const auto itself = read(with_functions({function("R", {call("R")})}, {call("R")}));
  EXPECT_EQ(itself.verdict.refusal, "has the function R, which calls itself");
  const Graph branch = graph_of({call("A")});
  const std::string inner = node("If", {"x"}, {"y"}, {graph_attribute("then", branch.bytes())});
  const auto in_a_ring = read(with_functions({function("A", {call("B")}), function("B", {inner})}));
  EXPECT_THAT(in_a_ring.verdict.refusal, HasSubstr("which calls itself")) << "called or not";
}

TEST(OnnxFile, FunctionsThatBecomeMoreThanMemoryHoldsAreRefused) {
  std::vector<std::string> functions;
  for (int i = 0; i < 40; ++i) {
    const std::string next = call("f" + std::to_string(i + 1));
    functions.push_back(function("f" + std::to_string(i), {next, next}));
  }
  EXPECT_THAT(read(with_functions(functions, {call("f0")})).verdict.refusal,
              HasSubstr("more than 1000000 nodes"));
  functions.clear();
  for (int i = 0; i < 10'000; ++i) {
    functions.push_back(function("f" + std::to_string(i), {call("f" + std::to_string(i + 1))}));
  }
  EXPECT_THAT(read(with_functions(functions, {call("f0")})).verdict.refusal,
              HasSubstr("nested too deeply"));
}

TEST(OnnxFile, WhatIsNotKnownIsRefusedByName) {
  EXPECT_EQ(read(small_model() + field(99, "x")).verdict.refusal,
            "has a part that is not known here (field 99 of a model)");
  EXPECT_THAT(read(with_graph_field(99, "x")).verdict.refusal, HasSubstr("field 99 of a graph"));
  EXPECT_THAT(read(net_with({}, number(2, 1) + field(99, "x"))).verdict.refusal,
              HasSubstr("field 99 of a tensor"));
}

TEST(OnnxFile, SizesThatOverflowStayLarge) {
  const std::int64_t huge = std::int64_t{1} << 62;
  const std::string weight = number(1, huge) + number(1, huge) + number(2, 1) + field(8, "w");
  EXPECT_EQ(read(net_with({}, weight)).parameters, UINT64_MAX);
}

TEST(OnnxFile, GraphsInGraphsEnd) {
  Graph inner;
  for (int i = 0; i < 1000; ++i) {
    Graph outer;
    outer.nodes = {node("If", {}, {}, {graph_attribute("g", inner.bytes())})};
    inner = outer;
  }
  EXPECT_TRUE(read(model(inner)).has_graph);
  EXPECT_EQ(read(model(inner)).verdict.refusal, "is nested too deeply");
}

TEST(OnnxFile, EveryCutIsAnErrorOrAShorterFile) {
  const std::string file = small_model();
  for (std::size_t size = 0; size < file.size(); ++size) {
    try {
      read(file.substr(0, size));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    }
  }
  EXPECT_FALSE(read("").has_graph);
}

TEST(OnnxFile, ALengthThatLiesIsRefused) {
  EXPECT_THROW(read(varint(7 << 3 | 2) + varint(UINT64_MAX) + "x"), Error);
  EXPECT_THROW(read(field(7, varint(11 << 3 | 2) + varint(100) + "x")), Error);
  EXPECT_THROW(read("GGUF"), Error);
}

}  // namespace
}  // namespace hailstone::formats
