// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is called differently in pocketsphinx 0.8 (Debian 12) and 5.

#include <pocketsphinx.h>

#include <cstdint>
#include <memory>

#include "engines/pocketsphinx/decoder.hpp"

namespace hailstone::engines::pocketsphinx {

struct DecoderDeleter {
  void operator()(ps_decoder_t* decoder) const noexcept { ps_free(decoder); }
};
using DecoderPointer = std::unique_ptr<ps_decoder_t, DecoderDeleter>;

enum class Expectation : std::uint8_t {
  kAll,  ///< English, and what is asked here a little more than the rest
  kOwn,  ///< nothing but what is asked here
};

/// With the language models as the search of that name. Throws Error(kEngineFailed).
DecoderPointer open_decoder(const DecoderFiles& files, const char* search, Expectation expectation);

/// Throws Error(kBadRequest) for what is no JSGF, or has words that are not in the dictionary.
void add_grammar(ps_decoder_t* decoder, const char* search, const char* jsgf);

void choose_search(ps_decoder_t* decoder, const char* search);

}  // namespace hailstone::engines::pocketsphinx
