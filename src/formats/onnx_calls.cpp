// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/onnx_calls.hpp"

#include <algorithm>

namespace hailstone::formats {
namespace {

/// Functions in functions: exporters make one of each module of a network.
constexpr int kDeepest = 64;
/// Nodes, after each call was replaced: a hundred times what large networks have.
constexpr std::uint64_t kMostNodes = 1'000'000;

using Counts = std::map<OnnxOperator, std::uint64_t>;
using Functions = std::map<OnnxOperator, Counts>;

/// Adds up what calls become. Sums stop at kMostNodes + 1, so that nothing overflows.
class Expansion {
 public:
  explicit Expansion(const Functions& functions) : functions_(functions) {}

  std::uint64_t nodes_of(const Counts& calls, int depth) {
    std::uint64_t sum = 0;
    for (const auto& [called, count] : calls) {
      const std::uint64_t each = 1 + nodes_of(called, depth + 1);
      const std::uint64_t room = kMostNodes + 1 - sum;
      sum += each > room / count ? room : each * count;
    }
    return sum;
  }

  const std::string& fault() const noexcept { return fault_; }

 private:
  std::uint64_t nodes_of(const OnnxOperator& called, int depth) {
    const auto function = functions_.find(called);
    if (function == functions_.end() || !fault_.empty()) return 0;
    const auto [known, is_new] = known_.try_emplace(called, kUnderWay);
    if (!is_new) {
      if (known->second == kUnderWay)
        fault_ = "has the function " + called.name + ", which calls itself";
      return known->second == kUnderWay ? 0 : known->second;
    }
    if (depth > kDeepest) {
      fault_ = "has functions that are nested too deeply";
      return 0;
    }
    return known->second = nodes_of(function->second, depth);
  }

  static constexpr std::uint64_t kUnderWay = UINT64_MAX;

  const Functions& functions_;
  std::map<OnnxOperator, std::uint64_t> known_;
  std::string fault_;
};

}  // namespace

void OnnxCalls::add(const OnnxOperator& called) {
  ++(current_ ? functions_[*current_] : graph_)[called];
}

std::string OnnxCalls::find_fault() const {
  if (functions_.empty()) return {};
  Expansion expansion(functions_);
  std::uint64_t nodes = expansion.nodes_of(graph_, 0);
  // Those that nobody calls are read by the library all the same.
  for (const auto& [function, calls] : functions_) {
    nodes = std::max(nodes, expansion.nodes_of(Counts{{function, 1}}, 0));
  }
  if (!expansion.fault().empty()) return expansion.fault();
  if (nodes > kMostNodes) {
    return "has functions that become more than " + std::to_string(kMostNodes) + " nodes";
  }
  return {};
}

}  // namespace hailstone::formats
