// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a HEF is for, told by what it holds. Pure.

#include "engines/hailo/chip/chip.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::hailo {

enum class HefKind { kNetwork, kLanguage, kVisionLanguage, kSpeech };

/// By the names of its groups: what writes has one for the prompt, what also sees or hears an
/// encoder as well. The setting "kind" (network, language, vision-language, speech) says it for a
/// file that is named otherwise. Throws Error(kBadRequest).
HefKind kind_of(const HefInfo& hef, const inference::ModelSpec& spec);

/// Throws Error(kBadRequest) for one of another chip.
void require_chip(const HefInfo& hef, const inference::ModelSpec& spec);

inference::ModelFacts facts_of(const HefInfo& hef, const inference::ModelSpec& spec,
                               inference::FactDetail detail);

/// Of a file of that size.
inference::Footprint estimate_footprint(HefKind kind, ByteSize file) noexcept;

/// What every published model has, compiled in.
inline constexpr int kUsualContext = 2048;

}  // namespace hailstone::engines::hailo
