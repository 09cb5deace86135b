// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who calls whom among the functions that an ONNX file brings along. Libraries replace each call by
// what the function consists of: one that calls itself never ends, and a few that call each other
// twice become more nodes than any memory holds.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hailstone::formats {

struct OnnxOperator {
  std::string domain;
  std::string name;
  std::string overload;

  auto operator<=>(const OnnxOperator&) const = default;
};

/// A value: filled while a file is walked through.
class OnnxCalls {
 public:
  /// Until end_function(), nodes are the function's and not the graph's.
  void begin_function(OnnxOperator function) { current_ = std::move(function); }
  void end_function() { current_.reset(); }
  /// One node, at any depth of the function or graph.
  void add(const OnnxOperator& called);

  /// What is wrong with them, for people; empty: nothing.
  std::string find_fault() const;

 private:
  using Counts = std::map<OnnxOperator, std::uint64_t>;

  std::optional<OnnxOperator> current_;
  std::map<OnnxOperator, Counts> functions_;
  Counts graph_;
};

}  // namespace hailstone::formats
