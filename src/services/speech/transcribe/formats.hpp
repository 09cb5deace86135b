// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transcripts as text and as subtitles. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/speech/transcribe/task.hpp"

namespace hailstone::transcribe {

enum class Format : std::uint8_t { kJson, kText, kSrt, kVtt, kVerboseJson };

/// "json", "text", "srt", "vtt", "verbose_json"; nothing for another.
std::optional<Format> find_format(std::string_view name) noexcept;

/// "text/plain; charset=utf-8", ...
std::string_view content_type_of(Format format) noexcept;

/// SubRip: numbered, times with a comma.
std::string write_srt(const std::vector<inference::HeardSegment>& segments);

/// WebVTT (https://www.w3.org/TR/webvtt1/).
std::string write_vtt(const std::vector<inference::HeardSegment>& segments);

/// How often a text could be packed by zlib: text that repeats itself was not heard but made up.
double compression_ratio(std::string_view text);

}  // namespace hailstone::transcribe
