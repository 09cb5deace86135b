// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_parts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "formats/onnx_calls.hpp"

namespace hailstone::formats {
namespace {

/// Messages in messages. A graph in a graph is three further down (node, attribute, graph), and
/// protobuf's own library goes no deeper than 100.
constexpr int kDeepest = 64;

enum class Kind {
  kLeaf,
  kModel,
  kGraph,
  kNode,
  kAttribute,
  kTensor,
  kSparse,
  kFunction,
  kTraining
};

struct Part {
  std::uint64_t number;
  Kind kind = Kind::kLeaf;  ///< a leaf is a number, a text, or a message without tensors and graphs
};

// Every field of onnx.proto as of IR version 12.
constexpr Part kModelParts[] = {{1},
                                {2},
                                {3},
                                {4},
                                {5},
                                {6},
                                {8},
                                {7, Kind::kGraph},
                                {14},
                                {26},
                                {20, Kind::kTraining},
                                {25, Kind::kFunction}};
constexpr Part kGraphParts[] = {{2},
                                {10},
                                {11},
                                {12},
                                {13},
                                {14},
                                {16},
                                {1, Kind::kNode},
                                {5, Kind::kTensor},
                                {15, Kind::kSparse}};
constexpr Part kNodeParts[] = {{1}, {2}, {3}, {4}, {6}, {7}, {8}, {9}, {10}, {5, Kind::kAttribute}};
constexpr Part kAttributeParts[] = {{1},
                                    {2},
                                    {3},
                                    {4},
                                    {7},
                                    {8},
                                    {9},
                                    {13},
                                    {14},
                                    {15},
                                    {20},
                                    {21},
                                    {5, Kind::kTensor},
                                    {6, Kind::kGraph},
                                    {10, Kind::kTensor},
                                    {11, Kind::kGraph},
                                    {22, Kind::kSparse},
                                    {23, Kind::kSparse}};
constexpr Part kTensorParts[] = {{1}, {2},  {3},  {4},  {5},  {6},  {7}, {8},
                                 {9}, {10}, {11}, {12}, {13}, {14}, {16}};
constexpr Part kSparseParts[] = {{3}, {1, Kind::kTensor}, {2, Kind::kTensor}};
constexpr Part kFunctionParts[] = {{1},
                                   {2},
                                   {3},
                                   {4},
                                   {5},
                                   {6},
                                   {8},
                                   {9},
                                   {10},
                                   {12},
                                   {13},
                                   {14},
                                   {7, Kind::kNode},
                                   {11, Kind::kAttribute}};
constexpr Part kTrainingParts[] = {{3}, {4}, {1, Kind::kGraph}, {2, Kind::kGraph}};

struct Message {
  const char* name;
  std::span<const Part> parts;
};

Message message_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kModel:
      return {"model", kModelParts};
    case Kind::kGraph:
      return {"graph", kGraphParts};
    case Kind::kNode:
      return {"node", kNodeParts};
    case Kind::kAttribute:
      return {"attribute", kAttributeParts};
    case Kind::kTensor:
      return {"tensor", kTensorParts};
    case Kind::kSparse:
      return {"sparse tensor", kSparseParts};
    case Kind::kFunction:
      return {"function", kFunctionParts};
    case Kind::kTraining:
      return {"training", kTrainingParts};
    case Kind::kLeaf:
      break;
  }
  return {"leaf", {}};
}

/// Of one file and one thread.
class PartsJudge {
 public:
  explicit PartsJudge(ProtobufWalker& walker) : walker_(walker) {}

  OnnxVerdict judge() {
    look_at(walker_.whole(), Kind::kModel, 0);
    if (verdict_.refusal.empty()) verdict_.refusal = calls_.find_fault();
    return std::move(verdict_);
  }

 private:
  void look_at(ProtobufRange range, Kind kind, int depth) {
    if (depth > kDeepest) return refuse("is nested too deeply");
    if (kind == Kind::kFunction) return look_at_function(range, depth);
    if (kind == Kind::kNode) note_call(range);
    look_at_parts(range, kind, depth);
  }

  void look_at_parts(ProtobufRange range, Kind kind, int depth) {
    const Message message = message_of(kind);
    walker_.each_field(range, [&](const ProtobufField& field) {
      const auto part =
          std::find_if(message.parts.begin(), message.parts.end(),
                       [&](const Part& known) { return known.number == field.number; });
      if (part == message.parts.end()) {
        return refuse("has a part that is not known here (field " + std::to_string(field.number) +
                      " of a " + message.name + ")");
      }
      if (kind == Kind::kTensor) look_for_place(field);
      if (part->kind != Kind::kLeaf && field.range) look_at(*field.range, part->kind, depth + 1);
    });
  }

  void look_for_place(const ProtobufField& field) {
    constexpr std::uint64_t kElsewhere = 13;
    constexpr std::uint64_t kPlace = 14;
    const bool is_elsewhere =
        field.number == kElsewhere || (field.number == kPlace && (field.range || field.value != 0));
    if (is_elsewhere) verdict_.needs_other_files = true;
  }

  void look_at_function(ProtobufRange range, int depth) {
    constexpr std::uint64_t kName = 1, kDomain = 10, kOverload = 13;
    calls_.begin_function(read_operator(range, kName, kDomain, kOverload));
    look_at_parts(range, Kind::kFunction, depth);
    calls_.end_function();
  }

  void note_call(ProtobufRange range) {
    constexpr std::uint64_t kType = 4, kDomain = 7, kOverload = 8;
    calls_.add(read_operator(range, kType, kDomain, kOverload));
  }

  OnnxOperator read_operator(ProtobufRange range, std::uint64_t name, std::uint64_t domain,
                             std::uint64_t overload) {
    OnnxOperator read;
    walker_.each_field(range, [&](const ProtobufField& field) {
      if (!field.range) return;
      if (field.number == name) read.name = walker_.text(*field.range);
      if (field.number == domain) read.domain = walker_.text(*field.range);
      if (field.number == overload) read.overload = walker_.text(*field.range);
    });
    if (read.domain == "ai.onnx") read.domain.clear();  // both mean the standard's
    return read;
  }

  void refuse(std::string why) {
    if (verdict_.refusal.empty()) verdict_.refusal = std::move(why);
  }

  ProtobufWalker& walker_;
  OnnxCalls calls_;
  OnnxVerdict verdict_;
};

}  // namespace

OnnxVerdict judge_onnx_parts(ProtobufWalker& walker) {
  return PartsJudge(walker).judge();
}

}  // namespace hailstone::formats
