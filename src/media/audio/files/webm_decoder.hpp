// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// WebM and Matroska with Opus or uncompressed sound: what browsers record.

#include <memory>

#include "media/audio/decoder.hpp"

namespace hailstone::media {

/// The first track with sound. Throws as open_decoder() does.
std::unique_ptr<Decoder> open_webm(ByteSource& source);

}  // namespace hailstone::media
