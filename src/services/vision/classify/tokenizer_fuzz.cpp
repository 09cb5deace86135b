// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// A tokenizer.json, and after the first zero byte a text for it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/vision/classify/tokenizer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(all.find('\0'), size);
  const auto text = all.substr(std::min(end + 1, size));
  classify::split_words(text);
  fuzz::attempt([&] {
    const classify::Tokenizer tokenizer(classify::parse_vocabulary(all.substr(0, end)));
    constexpr std::size_t kLongest = 16;
    if (tokenizer.encode(text, kLongest).size() > kLongest) std::abort();
  });
  return 0;
}
