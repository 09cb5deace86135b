// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/ndjson.hpp"

namespace hailstone::http {

void NdjsonWriter::write(std::string_view json) {
  if (stream_ == nullptr) stream_ = &reply_.stream(200, "application/x-ndjson");
  line_.assign(json);
  line_ += '\n';
  stream_->write(line_);
}

}  // namespace hailstone::http
