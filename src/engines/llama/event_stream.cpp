// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/event_stream.hpp"

#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::llama {
namespace {

constexpr std::size_t kMaxLine = 16 << 20;

}  // namespace

void EventStream::feed(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    if (end == std::string_view::npos) {
      held_.append(piece);
      if (held_.size() > kMaxLine) throw Error(ErrorCode::kEngineFailed, "endless engine reply");
      return;
    }
    if (held_.empty()) {
      take_line(piece.substr(0, end));
    } else {
      const std::string line = std::exchange(held_, {}).append(piece.substr(0, end));
      take_line(line);
    }
    piece.remove_prefix(end + 1);
  }
}

void EventStream::take_line(std::string_view line) {
  // Some versions send what went wrong in a field of its own.
  constexpr std::array<std::string_view, 2> kFields = {"data:", "error:"};
  for (const std::string_view field : kFields) {
    if (line.starts_with(field)) on_data_(trim(line.substr(field.size())));
  }
}

}  // namespace hailstone::engines::llama
