// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Piper voices as they lie in a store: a network, and the file that says how it is spoken to.

#include "core/store/store.hpp"
#include "speech/piper/voice_config.hpp"

namespace hailstone::speak {

bool is_piper(const core::StoredModel& model);

/// Throws Error(kNotFound) where the file is not in the store, and what read_voice_config throws.
speech::piper::VoiceConfig read_piper_config(const core::StoredModel& model);

}  // namespace hailstone::speak
