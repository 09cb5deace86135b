// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request that brings sound, whichever way its client sends it:
//   multipart/form-data   the file and fields in any order, by any names
//   audio/* or raw bytes  the body is the sound, options are in the query
//   application/json      "audio": base64 or a data: URL, options beside it

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "http/message.hpp"
#include "services/speech/sound/spool.hpp"

namespace hailstone::sound {

struct AudioRequest {
  std::unique_ptr<Spool> audio;  ///< null: there is none
  std::string filename;          ///< as the client called it; may be empty
  /// Lists are as the client sent them: "timestamp_granularities[]" twice.
  std::map<std::string, std::vector<std::string>> fields;

  /// The last text of a field; nothing where it is absent or empty.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// All texts of a field, also under its name with "[]" behind it.
  std::vector<std::string> find_all(const std::string& name) const;
};

/// A whole recording: three hours of stereo at 48 kHz are 2 GiB.
inline constexpr ByteSize kMostAudio = ByteSize::gib(2);

/// Reads the request to its end, whole or streamed. folder: where a large upload is kept. Throws
/// Error(kBadRequest) for a broken form or base64 that is none, kTooLarge, and what reading a body
/// throws.
AudioRequest take_audio_request(http::Request& request, const std::filesystem::path& folder);

/// Throws Error(kBadRequest) where there is no sound; what: how clients of the route call it.
void require_audio(const AudioRequest& request, std::string_view what);

}  // namespace hailstone::sound
