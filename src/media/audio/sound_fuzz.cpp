// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any bytes are a sound or an Error, in bounded time and memory.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/attempt.hpp"
#include "media/audio/sound_stream.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone;
  media::MemorySource source({reinterpret_cast<const char*>(data), size});
  fuzz::attempt([&] {
    media::SoundStream stream(source, {16'000, std::chrono::seconds(20)});
    std::size_t total = 0;
    for (auto piece = stream.read(); !piece.empty(); piece = stream.read()) {
      total += piece.size();
      for (const float sample : piece) {
        if (!std::isfinite(sample)) std::abort();
      }
    }
    if (total > 22 * 16'000) std::abort();
  });
  return 0;
}
