// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// MPEG audio: MP3 and its older kin.

#include <memory>

#include "media/audio/decoder.hpp"

namespace hailstone::media {

/// Throws as open_decoder() does.
std::unique_ptr<Decoder> open_mp3(ByteSource& source);

}  // namespace hailstone::media
