// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "media/audio/files/container.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace hailstone::media {
namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

struct Mark {
  std::size_t offset;
  std::string_view bytes;
  Container container;
};

// In the order in which they are tried.
constexpr std::array kMarks = {
    Mark{8, "WAVE"sv, Container::kWav},
    Mark{0, "riff\x2E\x91\xCF\x11"sv, Container::kWav},
    Mark{0, "fLaC"sv, Container::kFlac},
    Mark{0, "OggS"sv, Container::kOgg},
    Mark{0, "\x1A\x45\xDF\xA3"sv, Container::kWebm},
    Mark{4, "ftyp"sv, Container::kMp4},
    Mark{0, "ID3"sv, Container::kMp3},
    Mark{0, "FORM"sv, Container::kOther},
    Mark{0, ".snd"sv, Container::kOther},
    Mark{0, "caff"sv, Container::kOther},
};

struct Stranger {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kStrangers = {
    Stranger{8, "AVI "sv, "a video (AVI)"},
    Stranger{8, "WEBP"sv, "a picture (WebP)"},
    Stranger{0, "\x89PNG"sv, "a picture (PNG)"},
    Stranger{0, "\xFF\xD8\xFF"sv, "a picture (JPEG)"},
    Stranger{0, "GIF8"sv, "a picture (GIF)"},
    Stranger{0, "%PDF"sv, "a PDF"},
    Stranger{0, "PK\x03\x04"sv, "a ZIP archive"},
    Stranger{0, "\x1F\x8B"sv, "compressed with gzip"},
    Stranger{0, "\x00\x00\x01\xBA"sv, "a video (MPEG)"},
    Stranger{0, "#!AMR"sv, "AMR, which is not supported"},
    Stranger{0, "\x30\x26\xB2\x75"sv, "WMA or WMV, which are not supported"},
};

bool has_at(Bytes head, std::size_t offset, std::string_view bytes) noexcept {
  if (head.size() < offset + bytes.size()) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (static_cast<char>(head[offset + i]) != bytes[i]) return false;
  }
  return true;
}

unsigned byte_at(Bytes head, std::size_t at) noexcept {
  return at < head.size() ? std::to_integer<unsigned>(head[at]) : 0U;
}

/// The length of an MPEG audio frame by its header (ISO 11172-3, 2.4.1.3); zero: it is none.
std::size_t mpeg_frame_length(Bytes head, std::size_t at) noexcept {
  if (byte_at(head, at) != 0xFF || (byte_at(head, at + 1) & 0xE0U) != 0xE0) return 0;
  const unsigned version = byte_at(head, at + 1) >> 3U & 3U;  // 3: MPEG 1, 2: 2, 0: 2.5
  const unsigned layer = 4 - (byte_at(head, at + 1) >> 1U & 3U);
  const unsigned rate_index = byte_at(head, at + 2) >> 4U;
  const unsigned frequency_index = byte_at(head, at + 2) >> 2U & 3U;
  const unsigned padding = byte_at(head, at + 2) >> 1U & 1U;
  if (version == 1 || layer == 4 || rate_index == 0 || rate_index == 15 || frequency_index == 3) {
    return 0;
  }
  constexpr std::array<std::array<unsigned, 15>, 5> kKilobits = {{
      {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
  }};
  constexpr std::array<unsigned, 3> kFrequencies = {44'100, 48'000, 32'000};
  const bool is_first = version == 3;
  const std::size_t table = is_first ? layer - 1 : layer == 1 ? 3 : 4;
  const unsigned frequency = kFrequencies[frequency_index] >> (is_first       ? 0U
                                                               : version == 2 ? 1U
                                                                              : 2U);
  const unsigned bits = kKilobits[table][rate_index] * 1000;
  if (layer == 1) return std::size_t{(12 * bits / frequency + padding) * 4};
  const unsigned samples_by_8 = layer == 3 && !is_first ? 72 : 144;
  return std::size_t{samples_by_8 * bits / frequency + padding};
}

/// Two headers one after the other: bytes that look like one happen everywhere.
bool is_mpeg(Bytes head) noexcept {
  for (std::size_t start = 0; start + 4 <= head.size() && start < 16; ++start) {
    const std::size_t length = mpeg_frame_length(head, start);
    if (length == 0) continue;
    if (start + length + 4 > head.size() || mpeg_frame_length(head, start + length) != 0) {
      return true;
    }
  }
  return false;
}

bool is_adts(Bytes head) noexcept {
  return byte_at(head, 0) == 0xFF && (byte_at(head, 1) & 0xF6U) == 0xF0 &&
         (byte_at(head, 2) >> 2U & 15U) < 13;
}

bool is_text(Bytes head) noexcept {
  if (head.empty()) return false;
  for (const std::byte byte : head) {
    const auto value = std::to_integer<unsigned>(byte);
    if (value < 0x20 && value != '\n' && value != '\r' && value != '\t') return false;
  }
  return true;
}

std::string describe_stranger(Bytes head) {
  for (const auto& stranger : kStrangers) {
    if (has_at(head, stranger.offset, stranger.bytes)) return "it is " + std::string(stranger.name);
  }
  if (is_text(head)) return "it is text";
  return "its first bytes are those of no format that is known";
}

std::uint64_t little_endian(Bytes bytes, std::size_t at) noexcept {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U | byte_at(bytes, at + 2) << 16U |
         std::uint64_t{byte_at(bytes, at + 3)} << 24U;
}

/// From here on a size is what programs write that do not know it yet: 0x7FFFF000 and the like.
constexpr std::uint64_t kUnknownSize = 0x7FFF'0000;
constexpr int kMostChunks = 256;

Error cut_off(std::uint64_t said, std::uint64_t there) {
  return {ErrorCode::kBadRequest, "the WAV file is cut off: its header says " +
                                      std::to_string(said) + " bytes of sound, " +
                                      std::to_string(there) + " are there"};
}

}  // namespace

std::string_view to_string(Container container) noexcept {
  switch (container) {
    case Container::kUnknown:
      return "unknown";
    case Container::kWav:
      return "WAV";
    case Container::kFlac:
      return "FLAC";
    case Container::kOgg:
      return "Ogg";
    case Container::kMp3:
      return "MP3";
    case Container::kWebm:
      return "WebM";
    case Container::kMp4:
      return "MP4";
    case Container::kAac:
      return "AAC";
    case Container::kOther:
      return "AIFF, AU or CAF";
  }
  return "unknown";
}

Container find_container(Bytes head) noexcept {
  for (const auto& mark : kMarks) {
    if (has_at(head, mark.offset, mark.bytes)) return mark.container;
  }
  if (is_adts(head)) return Container::kAac;
  return is_mpeg(head) ? Container::kMp3 : Container::kUnknown;
}

Container require_container(ByteSource& source) {
  if (source.size() == 0) throw Error(ErrorCode::kBadRequest, "the audio file is empty");
  std::vector<std::byte> head(kContainerHead);
  head.resize(source.read_at(0, head));
  const Container container = find_container(head);
  if (container == Container::kUnknown) {
    throw Error(ErrorCode::kBadRequest, "this is no audio file: " + describe_stranger(head),
                "WAV, FLAC, Ogg (Vorbis, Opus), MP3, WebM (Opus) and AIFF can be read");
  }
  return container;
}

RiffSource::RiffSource(ByteSource& source) : source_(source) {
  std::array<std::byte, 12> head{};
  if (source.read_at(0, head) < head.size() || !has_at(head, 0, "RIFF")) return;
  std::uint64_t at = head.size();
  for (int chunk = 0; chunk < kMostChunks; ++chunk) {
    std::array<std::byte, 8> chunk_head{};
    if (source.read_at(at, chunk_head) < chunk_head.size()) break;
    const std::uint64_t size = little_endian(chunk_head, 4);
    const std::uint64_t left = source.size() - at - chunk_head.size();
    if (has_at(chunk_head, 0, "data")) {
      if (size > left && size < kUnknownSize) throw cut_off(size, left);
      if (size == 0 || size > left) {
        size_at_ = at + 4;
        real_size_ = std::min<std::uint64_t>(left, kUnknownSize);
      }
      return;
    }
    if (size > left) break;
    at += chunk_head.size() + size + size % 2;
  }
  throw Error(ErrorCode::kBadRequest, "the WAV file is cut off or damaged: it has no data chunk");
}

std::size_t RiffSource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  const std::size_t got = source_.read_at(offset, out);
  for (unsigned i = 0; size_at_ != 0 && i < 4; ++i) {
    const std::uint64_t place = size_at_ + i;
    if (place >= offset && place < offset + got) {
      out[place - offset] = static_cast<std::byte>(real_size_ >> (8 * i) & 0xFFU);
    }
  }
  return got;
}

}  // namespace hailstone::media
