// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "media/audio/encoder.hpp"
#include "media/audio/files/container.hpp"
#include "media/audio/sound_stream.hpp"
#include "media/audio/testing/sounds.hpp"

namespace hailstone::media {
namespace {

using testing::amplitude_at;
using ::testing::HasSubstr;
using testing::make_webm;
using testing::tone;
using testing::WavFile;

struct Heard {
  SoundInfo info;
  std::vector<float> samples;
};

Heard hear(const std::string& file, SoundLimits limits = {}) {
  MemorySource source(file);
  SoundStream stream(source, limits);
  auto samples = read_all(stream);
  return {stream.info(), std::move(samples)};
}

Error refusal_of(const std::string& file, SoundLimits limits = {}) {
  try {
    hear(file, limits);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kInternal, "it was heard"};
}

std::string samples16(std::size_t frames, int channels) {
  const auto sound = tone(440, static_cast<double>(frames) / 16'000);
  std::string out;
  for (const float sample : sound.samples) {
    const auto value = static_cast<std::int16_t>(std::lround(sample * 32767));
    for (int c = 0; c < channels; ++c) {
      out += testing::little(static_cast<std::uint16_t>(value), 2);
    }
  }
  return out;
}

class Formats : public ::testing::TestWithParam<SoundFormat> {};

TEST_P(Formats, WhatIsEncodedIsHeardAgain) {
  for (const int rate : {16'000, 22'050}) {
    const auto heard = hear(encode_sound(GetParam(), tone(440, 2, rate)));
    EXPECT_EQ(heard.info.channels, 1);
    EXPECT_EQ(heard.info.sample_rate, GetParam() == SoundFormat::kOpus
                                          ? heard.info.sample_rate
                                          : encoded_rate(GetParam(), rate));
    EXPECT_NEAR(static_cast<double>(heard.samples.size()), 32'000, 3000);
    EXPECT_NEAR(amplitude_at(heard.samples, 16'000, 440), 0.5, 0.06);
    EXPECT_LT(amplitude_at(heard.samples, 16'000, 660), 0.02);
  }
}

TEST_P(Formats, TheFirstBytesComeBeforeTheLastSamples) {
  std::string bytes;
  const auto encoder =
      make_encoder(GetParam(), 22'050, [&bytes](std::string_view piece) { bytes += piece; });
  const auto sound = tone(440, 3, 22'050);
  encoder->write(sound.samples);
  EXPECT_GT(bytes.size(), 500U);
  encoder->finish();
  EXPECT_NEAR(amplitude_at(hear(bytes).samples, 16'000, 440), 0.5, 0.06);
}

INSTANTIATE_TEST_SUITE_P(All, Formats,
                         ::testing::Values(SoundFormat::kWav, SoundFormat::kFlac,
                                           SoundFormat::kOpus, SoundFormat::kMp3),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Encoder, PcmHasNoHeaderAndAlways24KiloHertz) {
  EXPECT_EQ(encode_sound(SoundFormat::kPcm, tone(440, 1, 24'000)).size(), 48'000U);
  const auto resampled = encode_sound(SoundFormat::kPcm, tone(440, 1, 16'000)).size();
  EXPECT_NEAR(static_cast<double>(resampled), 48'000, 200);
}

TEST(Encoder, AWholeWavTellsItsLengthAndAStreamTheLargest) {
  const std::string whole = encode_sound(SoundFormat::kWav, tone(440, 1));
  EXPECT_EQ(whole.substr(40, 4), testing::little(32'000, 4));
  EXPECT_EQ(whole.substr(4, 4), testing::little(whole.size() - 8, 4));
  std::string stream;
  make_encoder(SoundFormat::kWav, 16'000, [&](std::string_view b) { stream += b; })->write({});
  EXPECT_EQ(stream.substr(40, 4), testing::little(0xFFFFFFFF, 4));
}

TEST(Decoder, WebmOfABrowserIsHeard) {
  const auto heard = hear(make_webm(tone(440, 3, 48'000)));
  EXPECT_EQ(heard.info.format, "WebM");
  EXPECT_EQ(heard.info.sample_rate, 48'000);
  EXPECT_NEAR(static_cast<double>(heard.samples.size()), 48'000, 500);
  EXPECT_NEAR(amplitude_at(heard.samples, 16'000, 440), 0.5, 0.06);
}

TEST(Decoder, AWebmThatStopsAnywhereIsHeardUpToThere) {
  const std::string file = make_webm(tone(440, 3, 48'000));
  const auto heard = hear(file.substr(0, file.size() * 2 / 3));
  EXPECT_GT(heard.samples.size(), 20'000U);
}

TEST(Decoder, AVideoWithoutSoundIsRefusedAsWhatItIs) {
  EXPECT_THAT(refusal_of(make_webm({}, false)).what(), HasSubstr("a video without sound"));
}

TEST(Decoder, AnElementThatSaysItIsHugeTakesNoMemory) {
  std::string file = make_webm(tone(440, 1, 48'000));
  const auto codec = file.find("\x63\xA2");
  file.replace(codec + 3, 7, std::string("\0\x0F\xFF\xFF\xFF\xFF\xFF", 7));
  EXPECT_EQ(refusal_of(file).code(), ErrorCode::kBadRequest);
}

TEST(Decoder, ManyChannelsAtAHighRateBecomeOneAt16KiloHertz) {
  WavFile wav{192'000, 8, samples16(16'000, 8), 16'000 * 16};
  const auto heard = hear(wav.bytes());
  EXPECT_EQ(heard.info.channels, 8);
  EXPECT_EQ(heard.info.duration->count(), 83);
  EXPECT_NEAR(static_cast<double>(heard.samples.size()), 1333, 20);
}

TEST(Decoder, SizesOfProgramsThatWriteToAPipeAreNoLie) {
  for (const std::uint32_t said : {0U, 0xFFFFFFFFU, 0x7FFFFFFFU, 0x7FFFF000U}) {
    WavFile wav{16'000, 1, samples16(16'000, 1), said};
    EXPECT_EQ(hear(wav.bytes()).samples.size(), 16'000U) << said;
  }
}

TEST(Decoder, BadFilesAreRefusedWithTheReason) {
  const WavFile wav{16'000, 1, samples16(16'000, 1), 32'000};
  const std::string flac = encode_sound(SoundFormat::kFlac, tone(440, 2));
  struct Case {
    std::string file;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {"", "empty"},
      {"This is no sound, whatever its name says.\n", "it is text"},
      {"\x89PNG\r\n\x1A\n rest of a picture", "a picture (PNG)"},
      {std::string("RIFF\0\0\0\0AVI LIST", 16), "a video (AVI)"},
      {std::string(200, '\x02'), "no format that is known"},
      {WavFile{16'000, 1, {}, 0}.bytes(), "no sound"},
      {WavFile{0, 1, wav.data, 32'000}.bytes(), "WAV"},
      {wav.bytes().substr(0, 30), "WAV"},
      {wav.bytes().substr(0, 20'000), "cut off: its header says 32000 bytes of sound, 19956 are"},
      {WavFile{16'000, 1, wav.data, 1'000'000}.bytes(), "cut off"},
      {flac.substr(0, flac.size() / 2), "FLAC"},
      {"OggS" + std::string(100, '\0'), "Ogg"},
      {"ID3" + std::string(100, '\0'), "MP3"},
      {"fLaC" + std::string(100, 'x'), "FLAC"},
  };
  for (const auto& [file, reason] : cases) {
    const Error error = refusal_of(file);
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << reason << ": " << error.what();
    EXPECT_THAT(error.what(), HasSubstr(reason));
  }
  EXPECT_EQ(refusal_of(std::string("\0\0\0\x18"
                                   "ftypM4A ",
                                   12) +
                       std::string(50, '\0'))
                .code(),
            ErrorCode::kUnsupported);
}

TEST(Decoder, WhatIsTooLongIsRefused) {
  const SoundLimits brief{16'000, std::chrono::seconds(1)};
  const Error error = refusal_of(encode_sound(SoundFormat::kMp3, tone(440, 2)), brief);
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
}

TEST(Container, FewBytesThatLookLikeMp3AreNone) {
  const std::string bytes = std::string("\xFF\xFB\x90\x64", 4) + std::string(2000, 'a');
  EXPECT_EQ(find_container(std::as_bytes(std::span(bytes))), Container::kUnknown);
}

TEST(Resampler, PiecesComeOutAsTheWholeDoes) {
  const auto sound = tone(1000, 1, 44'100);
  const auto whole = resample(sound.samples, 44'100, 16'000);
  Resampler resampler(44'100, 16'000);
  std::vector<float> pieces;
  for (std::size_t at = 0; at < sound.samples.size(); at += 777) {
    const auto count = std::min<std::size_t>(777, sound.samples.size() - at);
    resampler.push(std::span(sound.samples).subspan(at, count), pieces);
  }
  resampler.finish(pieces);
  ASSERT_EQ(pieces.size(), whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) ASSERT_NEAR(pieces[i], whole[i], 1e-5);
  EXPECT_NEAR(static_cast<double>(whole.size()), 16'000, 2);
}

}  // namespace
}  // namespace hailstone::media
