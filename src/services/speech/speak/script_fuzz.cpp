// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any text is a script or an Error, and no sentence of it is too long.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/attempt.hpp"
#include "services/speech/speak/script.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = [](const speak::Script& script) {
    for (const auto& passage : script) {
      for (const auto& sentence : speak::find_sentences(passage.text)) {
        if (sentence.empty() || sentence.size() > 400) std::abort();
      }
    }
  };
  fuzz::attempt([&] { check(speak::read_plain(text, "en")); });
  fuzz::attempt([&] { check(speak::read_ssml(text, "en")); });
  return 0;
}
