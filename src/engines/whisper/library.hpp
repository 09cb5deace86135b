// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// libwhisper, opened when it is asked for something: a machine without it still has the program,
// which says what is missing.

#include <whisper.h>

#include <memory>
#include <optional>
#include <string>

namespace hailstone::engines::whisper {

// Every function of it that we call.
#define HAILSTONE_WHISPER_FUNCTIONS(X)                  \
  X(whisper_version)                                    \
  X(whisper_log_set)                                    \
  X(whisper_context_default_params)                     \
  X(whisper_init_from_file_with_params_no_state)        \
  X(whisper_init_state)                                 \
  X(whisper_free)                                       \
  X(whisper_free_state)                                 \
  X(whisper_full_default_params)                        \
  X(whisper_full_with_state)                            \
  X(whisper_full_n_segments_from_state)                 \
  X(whisper_full_lang_id_from_state)                    \
  X(whisper_full_get_segment_t0_from_state)             \
  X(whisper_full_get_segment_t1_from_state)             \
  X(whisper_full_get_segment_text_from_state)           \
  X(whisper_full_get_segment_no_speech_prob_from_state) \
  X(whisper_full_n_tokens_from_state)                   \
  X(whisper_full_get_token_text_from_state)             \
  X(whisper_full_get_token_data_from_state)             \
  X(whisper_pcm_to_mel_with_state)                      \
  X(whisper_lang_auto_detect_with_state)                \
  X(whisper_lang_max_id)                                \
  X(whisper_lang_id)                                    \
  X(whisper_lang_str)                                   \
  X(whisper_is_multilingual)                            \
  X(whisper_model_n_audio_ctx)                          \
  X(whisper_token_eot)

struct Functions {
#define HAILSTONE_DECLARE(name) decltype(&::name) name = nullptr;
  HAILSTONE_WHISPER_FUNCTIONS(HAILSTONE_DECLARE)
#undef HAILSTONE_DECLARE
};

/// Opens it at the first call, with ggml's code for this processor. Nothing, or why that failed.
/// Thread-safe, as is all here.
std::optional<std::string> open_library();

/// Only after open_library() has said nothing.
const Functions& library();

struct ContextDeleter {
  void operator()(whisper_context* context) const noexcept;
};
using ContextPointer = std::unique_ptr<whisper_context, ContextDeleter>;

struct StateDeleter {
  void operator()(whisper_state* state) const noexcept;
};
using StatePointer = std::unique_ptr<whisper_state, StateDeleter>;

}  // namespace hailstone::engines::whisper
