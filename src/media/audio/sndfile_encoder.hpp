// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What libsndfile encodes for us: FLAC, Opus in Ogg, MP3.

#include <memory>

#include "media/audio/encoder.hpp"

namespace hailstone::media {

/// Encoders go back to complete their headers when all is known.
enum class Headers {
  kComplete,  ///< nothing is given away before
  kStreamed,  ///< what has been given away stays as it is; players cope with that
};

std::unique_ptr<Encoder> make_sndfile_encoder(SoundFormat format, int sample_rate, OnBytes on_bytes,
                                              Headers headers);

}  // namespace hailstone::media
