// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include "base/error.hpp"
#include "media/codec/encode.hpp"
#include "media/codec/testing/samples.hpp"
#include "media/shapes.hpp"

namespace hailstone::media {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using Rgb = std::array<int, 3>;

Rgb at(const Image& image, int x, int y) {
  const auto* p = image.pixels.data() + 3 * (std::size_t{1} * y * image.width + x);
  return {p[0], p[1], p[2]};
}

int largest_difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.pixels.size() != b.pixels.size()) return 999;
  int most = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    most = std::max(most, std::abs(a.pixels[i] - b.pixels[i]));
  }
  return most;
}

std::tuple<ErrorCode, std::string> refusal(const std::string& bytes,
                                           const DecodeOptions& options = {}) {
  try {
    decode_image(bytes, options);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::kInternal, "decoded"};
}

/// Every shorter file is refused, and each for being broken: no crash, no grey half. end: the last
/// bytes that hold no pixels, without which it is a picture all the same.
void expect_truncations_refused(const std::string& bytes, std::size_t end = 0) {
  for (std::size_t size = 0; size < bytes.size() - end; ++size) {
    const auto [code, what] = refusal(std::string(bytes.substr(0, size)));
    EXPECT_EQ(code, ErrorCode::kBadRequest) << size << " of " << bytes.size() << ": " << what;
  }
  EXPECT_NO_THROW(decode_image(bytes));
}

TEST(DecodeImage, ReadsEachFormatByItsContent) {
  const Image image = gradient(64, 48);
  const auto png = decode_image(encode_png(image));
  const auto jpeg = decode_image(make_jpeg(64, 48, image.pixels));
  const auto webp = decode_image(make_webp(image));
  EXPECT_EQ(png.header.format, ImageFormat::kPng);
  EXPECT_EQ(jpeg.header.format, ImageFormat::kJpeg);
  EXPECT_EQ(webp.header.format, ImageFormat::kWebp);
  EXPECT_EQ(largest_difference(png.image, image), 0);
  EXPECT_LE(largest_difference(jpeg.image, image), 12);
  EXPECT_LE(largest_difference(webp.image, image), 24);
}

TEST(DecodeImage, NamesTheFormatsThatItDoesNotRead) {
  EXPECT_THAT(std::get<1>(refusal("GIF89a......")), HasSubstr("GIF"));
  EXPECT_THAT(std::get<1>(refusal(std::string("\0\0\0\x18"
                                              "ftypheic",
                                              12))),
              HasSubstr("HEIC"));
  EXPECT_EQ(std::get<0>(refusal("GIF89a......")), ErrorCode::kUnsupported);
  EXPECT_EQ(std::get<0>(refusal("hello, world")), ErrorCode::kBadRequest);
  EXPECT_EQ(std::get<0>(refusal("")), ErrorCode::kBadRequest);
  EXPECT_EQ(std::get<0>(refusal("RIFF")), ErrorCode::kBadRequest);
}

TEST(DecodeImage, RefusesFromTheHeaderWhatIsTooLarge) {
  const Image image = gradient(64, 48);
  for (const auto& bytes : {encode_png(image), encode_jpeg(image), make_webp(image)}) {
    const auto [code, what] = refusal(bytes, {.max_pixels = 64 * 48 - 1});
    EXPECT_EQ(code, ErrorCode::kTooLarge);
    EXPECT_THAT(what, HasSubstr("64 x 48"));
    EXPECT_EQ(std::get<0>(refusal(bytes, {.max_bytes = bytes.size() - 1})), ErrorCode::kTooLarge);
    EXPECT_NO_THROW(decode_image(bytes, {.max_pixels = 64 * 48, .max_bytes = bytes.size()}));
  }
}

TEST(DecodeImage, RefusesAFewBytesThatPromiseAHugePicture) {
  auto jpeg = encode_jpeg(gradient(16, 16));
  const auto frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, std::string("\x27\x0F\x27\x0F", 4));  // 9999 x 9999
  EXPECT_EQ(read_image_header(jpeg).width, 9999);
  EXPECT_THAT(std::get<1>(refusal(jpeg)), HasSubstr("ends too early"));
  jpeg.replace(frame + 5, 4, std::string("\xFF\xDC\xFF\xDC", 4));  // 65500 x 65500
  EXPECT_EQ(std::get<0>(refusal(jpeg)), ErrorCode::kTooLarge);
}

TEST(DecodeImage, ShowsEachOrientationAsItWasTaken) {
  // Which stored quadrant is seen at the top left and at the top right, by the EXIF standard.
  const Rgb red{255, 0, 0}, green{0, 255, 0}, blue{0, 0, 255}, white{255, 255, 255};
  const std::pair<Rgb, Rgb> seen[] = {{red, green}, {green, red}, {white, blue},  {blue, white},
                                      {red, blue},  {blue, red},  {white, green}, {green, white}};
  const Image stored = quadrants(96, 32);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto exif = make_exif(orientation, orientation % 2 == 0);
    const auto png = make_png(96, 32, rows_of(stored), {.exif = exif});
    const auto jpeg = make_jpeg(96, 32, stored.pixels, {.stored = JCS_RGB, .exif = exif});
    const auto webp = extend_webp(make_webp(stored), 96, 32, 8, exif);
    for (const auto& bytes : {png, jpeg, webp}) {
      const auto decoded = decode_image(bytes);
      const bool upright = orientation < 5;
      EXPECT_EQ(decoded.header.orientation, orientation);
      EXPECT_EQ(decoded.header.width, upright ? 96 : 32);
      EXPECT_EQ(decoded.header.height, upright ? 32 : 96);
      EXPECT_EQ(decoded.image.width, decoded.header.width);
      EXPECT_EQ(read_image_header(bytes).width, decoded.header.width);
      const auto [left, right] = seen[orientation - 1];
      for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(at(decoded.image, 8, 8)[c], left[c], 8) << orientation;
        EXPECT_NEAR(at(decoded.image, decoded.image.width - 8, 8)[c], right[c], 8) << orientation;
      }
    }
  }
}

TEST(DecodeImage, DecodesSmallerButNeverBelowWhatIsNeeded) {
  const Image image = gradient(400, 300);
  const auto jpeg = encode_jpeg(image);
  const auto size = [&](const std::string& bytes, int width, int height, Sides sides) {
    const auto decoded = decode_image(bytes, {width, height, sides});
    EXPECT_EQ(decoded.header.width, 400);
    return std::pair(decoded.image.width, decoded.image.height);
  };
  EXPECT_EQ(size(jpeg, 50, 50, Sides::kOneOf), std::pair(50, 38));
  EXPECT_EQ(size(jpeg, 51, 51, Sides::kOneOf), std::pair(100, 75));
  EXPECT_EQ(size(jpeg, 50, 50, Sides::kBoth), std::pair(100, 75));
  EXPECT_EQ(size(jpeg, 200, 150, Sides::kBoth), std::pair(200, 150));
  EXPECT_EQ(size(jpeg, 201, 10, Sides::kBoth), std::pair(400, 300));
  EXPECT_EQ(size(jpeg, 4000, 4000, Sides::kBoth), std::pair(400, 300));
  EXPECT_EQ(size(jpeg, 0, 50, Sides::kOneOf), std::pair(400, 300));
  EXPECT_EQ(size(make_webp(image), 50, 50, Sides::kOneOf), std::pair(50, 38));
  EXPECT_EQ(size(make_webp(image), 50, 50, Sides::kBoth), std::pair(67, 50));
  EXPECT_EQ(size(encode_png(image), 50, 50, Sides::kBoth), std::pair(400, 300));
}

/// The middle of the only bright square, in the original's pixels.
Point bright_spot(const DecodedImage& decoded) {
  double sum = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < decoded.image.height; ++y) {
    for (int x = 0; x < decoded.image.width; ++x) {
      const double weight = at(decoded.image, x, y)[0];
      sum += weight, x_sum += weight * (x + 0.5), y_sum += weight * (y + 0.5);
    }
  }
  return {decoded.placement.to_picture_x(x_sum / sum), decoded.placement.to_picture_y(y_sum / sum)};
}

TEST(DecodeImage, TellsTheWayBackToTheOriginalOfAnyScaleAndOrientation) {
  // 203 x 101 divides by nothing: a scaled picture's last row and column stand for less.
  const Image stored = paint(203, 101, [](int x, int y) -> std::vector<std::uint8_t> {
    const std::uint8_t value = x >= 16 && x < 48 && y >= 32 && y < 64 ? 255 : 0;
    return {value, value, value};
  });
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto exif = make_exif(orientation);
    const auto jpeg = make_jpeg(203, 101, stored.pixels, {.exif = exif});
    const auto webp = extend_webp(make_webp(stored), 203, 101, 8, exif);
    for (const auto& bytes : {jpeg, webp}) {
      const auto whole = bright_spot(decode_image(bytes));
      for (const int needed : {90, 45, 20}) {
        const auto small = decode_image(bytes, {needed, needed, Sides::kOneOf});
        ASSERT_LT(small.image.width, small.header.width);
        EXPECT_NEAR(bright_spot(small).x, whole.x, 0.7) << orientation << " " << needed;
        EXPECT_NEAR(bright_spot(small).y, whole.y, 0.7) << orientation << " " << needed;
      }
    }
  }
}

TEST(DecodeImage, RefusesAJpegThatEndsTooEarly) {
  const Image image = gradient(40, 24);
  constexpr std::size_t kEnd = 2;
  expect_truncations_refused(make_jpeg(40, 24, image.pixels), kEnd);
  expect_truncations_refused(make_jpeg(40, 24, image.pixels, {.progressive = true}), kEnd);
  auto cut = make_jpeg(40, 24, image.pixels);
  cut.replace(cut.size() - 100, 100, "\xFF\xD9");
  EXPECT_THAT(std::get<1>(refusal(cut)), HasSubstr("of 24 rows"));
}

TEST(DecodeImage, RefusesAPngThatEndsTooEarly) {
  constexpr std::size_t kEnd = 12 + 4 + 4;  // IEND, and the checks of the chunk and of its data
  expect_truncations_refused(encode_png(gradient(40, 24)), kEnd);
  expect_truncations_refused(
      make_png(40, 24, rows_of(gradient(40, 24)), {.interlace = PNG_INTERLACE_ADAM7}), kEnd);
}

TEST(DecodeImage, APictureWhoseEndIsMissingIsOneIfAllOfItsPixelsAreThere) {
  const Image image = gradient(40, 24);
  for (const bool progressive : {false, true}) {
    const auto whole = make_jpeg(40, 24, image.pixels, {.progressive = progressive});
    const auto cut = whole.substr(0, whole.size() - 2);
    EXPECT_EQ(decode_image(cut).image.pixels, decode_image(whole).image.pixels) << progressive;
  }
  for (const int interlace : {PNG_INTERLACE_NONE, PNG_INTERLACE_ADAM7}) {
    const auto whole = make_png(40, 24, rows_of(image), {.interlace = interlace});
    EXPECT_EQ(decode_image(whole.substr(0, whole.size() - 12)).image.pixels, image.pixels);
  }
}

/// Without the data between two of the marks that tell where a picture goes on.
std::string lose_interval(std::string jpeg, char first, char next) {
  const auto begin = jpeg.find(std::string("\xFF") + first);
  const auto end = jpeg.find(std::string("\xFF") + next, begin);
  return jpeg.erase(begin, end - begin);
}

TEST(DecodeImage, ALostRestartIntervalLeavesTheRestOfTheJpeg) {
  const Image image = gradient(160, 64);
  const auto whole = make_jpeg(160, 64, image.pixels, {.restart_interval = 5});
  const auto lost = lose_interval(whole, '\xD1', '\xD2');
  ASSERT_LT(lost.size(), whole.size());
  const auto decoded = decode_image(lost).image;
  EXPECT_EQ(at(decoded, 4, 4), at(decode_image(whole).image, 4, 4));
  EXPECT_EQ(at(decoded, 155, 60), at(decode_image(whole).image, 155, 60));
  auto most = whole;
  for (const char mark : {'\xD1', '\xD3', '\xD5'}) {
    most = lose_interval(most, mark, static_cast<char>(mark + 1));
  }
  EXPECT_EQ(std::get<0>(refusal(most)), ErrorCode::kBadRequest) << "three of eight";
}

TEST(DecodeImage, FindsTheOrientationInEachPlaceAndType) {
  const Image stored = quadrants(96, 32);
  const auto turned = [](const std::string& bytes) {
    return decode_image(bytes).header.orientation;
  };
  EXPECT_EQ(turned(make_jpeg(96, 32, stored.pixels, {.exif = make_long_exif(6)})), 6);
  // XMP comes first, and the byte behind "Exif" is not the usual one.
  auto jpeg = make_jpeg(96, 32, stored.pixels, {.exif = make_exif(3)});
  const auto exif = jpeg.find("Exif");
  jpeg[exif + 5] = '\x7F';
  jpeg.insert(exif - 4, std::string("\xFF\xE1\0\x08http:/", 10));
  EXPECT_EQ(turned(jpeg), 3);
  // PNG lets it stand behind the pixels.
  const auto with = make_png(96, 32, rows_of(stored), {.exif = make_exif(8)});
  const auto begin = with.find("eXIf") - 4;
  const auto chunk = with.substr(begin, 12 + make_exif(8).size());
  auto moved = with;
  moved.erase(begin, chunk.size()).insert(moved.size() - 12, chunk);
  EXPECT_EQ(turned(moved), 8);
}

TEST(DecodeImage, RefusesAWebpThatEndsTooEarly) {
  expect_truncations_refused(make_webp(gradient(40, 24)));
  expect_truncations_refused(make_lossless_webp(2, 1, {1, 2, 3, 255, 4, 5, 6, 7}));
}

}  // namespace
}  // namespace hailstone::media
