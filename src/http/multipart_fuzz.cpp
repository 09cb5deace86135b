// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The first byte says in which pieces the form arrives, the rest is the form with boundary "b".

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "http/multipart.hpp"

namespace {

using namespace hailstone::http;

class Pieces final : public BodyStream {
 public:
  Pieces(std::string_view text, std::size_t size) : text_(text), size_(size) {}
  std::string read() override {
    const auto piece = text_.substr(0, size_);
    text_.remove_prefix(piece.size());
    return std::string(piece);
  }

 private:
  std::string_view text_;
  std::size_t size_;
};

/// What a form says, or that it was refused.
std::string read_form(std::string_view text, std::size_t piece_size) {
  Pieces body(text, piece_size);
  MultipartLimits limits;
  limits.max_parts = 8;
  limits.max_part_header = hailstone::ByteSize::bytes(256);
  limits.max_part = hailstone::ByteSize::kib(4);
  limits.max_total = hailstone::ByteSize::kib(8);
  MultipartReader reader("multipart/form-data; boundary=b", body, limits);
  std::string seen;
  for (const auto& part : collect_form(reader).parts) {
    seen +=
        part.header.name + '\0' + part.header.filename.value_or("") + '\0' + part.content + '\0';
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const auto whole = read_form(text, 1 << 20);
    // However it is cut, it says the same.
    if (read_form(text, 1 + data[0] % 40) != whole) std::abort();
  } catch (const hailstone::Error&) {  // refused: that is an answer
  }
  return 0;
}
