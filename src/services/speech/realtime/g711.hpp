// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// G.711: sound of telephones, 8 bits a sample at 8 kHz. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::realtime {

enum class Law : std::uint8_t { kMu, kA };

/// 16 bits, little endian, to one byte a sample. Half a sample at the end is left out.
std::string to_g711(std::string_view pcm16, Law law);
/// Appends samples of -1 to 1.
void from_g711(std::string_view bytes, Law law, std::vector<float>& out);

}  // namespace hailstone::realtime
