// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/formats.hpp"

#include <zlib.h>

#include <array>
#include <cstdio>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::transcribe {
namespace {

struct Name {
  Format format;
  std::string_view name;
  std::string_view content_type;
};

constexpr std::array kNames = {
    Name{Format::kJson, "json", "application/json; charset=utf-8"},
    Name{Format::kText, "text", "text/plain; charset=utf-8"},
    Name{Format::kSrt, "srt", "application/x-subrip; charset=utf-8"},
    Name{Format::kVtt, "vtt", "text/vtt; charset=utf-8"},
    Name{Format::kVerboseJson, "verbose_json", "application/json; charset=utf-8"},
};

std::string timestamp(std::chrono::milliseconds time, char separator) {
  const auto ms = time.count();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d%c%03d", static_cast<int>(ms / 3'600'000),
                static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60), separator,
                static_cast<int>(ms % 1000));
  return text.data();
}

/// An arrow in the text would begin a cue.
std::string cue_text(std::string_view text) {
  std::string out(trim(text));
  for (auto at = out.find("-->"); at != std::string::npos; at = out.find("-->", at)) {
    out.replace(at, 3, "->");
  }
  return out;
}

}  // namespace

std::optional<Format> find_format(std::string_view name) noexcept {
  for (const auto& known : kNames) {
    if (equals_ignoring_case(name, known.name)) return known.format;
  }
  return std::nullopt;
}

std::string_view content_type_of(Format format) noexcept {
  return kNames[static_cast<std::size_t>(format)].content_type;
}

std::string write_srt(const std::vector<inference::HeardSegment>& segments) {
  std::string out;
  int number = 0;
  for (const auto& segment : segments) {
    out += std::to_string(++number) + '\n' + timestamp(segment.begin, ',') + " --> " +
           timestamp(segment.end, ',') + '\n' + cue_text(segment.text) + "\n\n";
  }
  return out;
}

std::string write_vtt(const std::vector<inference::HeardSegment>& segments) {
  std::string out = "WEBVTT\n\n";
  for (const auto& segment : segments) {
    out += timestamp(segment.begin, '.') + " --> " + timestamp(segment.end, '.') + '\n' +
           cue_text(segment.text) + "\n\n";
  }
  return out;
}

double compression_ratio(std::string_view text) {
  if (text.empty()) return 0;
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string packed(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(packed.data()), &size,
               reinterpret_cast<const Bytef*>(text.data()),
               static_cast<uLong>(text.size())) != Z_OK) {
    return 0;
  }
  return static_cast<double>(text.size()) / static_cast<double>(size);
}

}  // namespace hailstone::transcribe
