// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reply of one JSON object per line, as Ollama streams.

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace hailstone::http {

/// Starts the reply with its first line, so that an error before it still has its real status.
/// Owned by the handler's thread; the reply outlives it.
class NdjsonWriter {
 public:
  explicit NdjsonWriter(Reply& reply) noexcept : reply_(reply) {}

  /// json is one object without line breaks. Blocks and throws as ResponseStream::write().
  void write(std::string_view json);

 private:
  Reply& reply_;
  ResponseStream* stream_ = nullptr;
  std::string line_;
};

}  // namespace hailstone::http
