// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What libsndfile decodes: WAV, FLAC, Ogg with Vorbis or Opus, AIFF, AU, CAF. (Its MP3 ends early
// in files without a table of their frames, as streams are.)

#include <memory>

#include "media/audio/decoder.hpp"
#include "media/audio/files/container.hpp"

namespace hailstone::media {

/// Throws as open_decoder() does.
std::unique_ptr<Decoder> open_sndfile(ByteSource& source, Container container);

}  // namespace hailstone::media
