// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Whatever a client of /api/voice says, it is read or refused with kBadRequest; and texts of any
// kind are cut into clauses that are the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "services/speech/voice/turns/clauses.hpp"
#include "services/speech/voice/turns/completeness.hpp"
#include "services/speech/voice/wire.hpp"

namespace {

template <typename Read>
void read_or_refuse(Read&& read) {
  try {
    read();
  } catch (const hailstone::Error& error) {
    if (error.code() != hailstone::ErrorCode::kBadRequest) std::abort();
  }
}

void cut(std::string_view text) {
  hailstone::voice::ClauseCutter cutter;
  std::string all;
  for (const auto& piece : cutter.push(text)) all += piece;
  if (const auto rest = cutter.finish()) all += *rest;
  if (all != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_or_refuse([text] { hailstone::voice::parse_command(text); });
  read_or_refuse([text] {
    auto options = hailstone::voice::default_options();
    hailstone::voice::read_options(text, options);
  });
  hailstone::voice::judge_completeness(text);
  cut(text);
  return 0;
}
