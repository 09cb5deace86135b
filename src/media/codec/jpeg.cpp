// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdio>
#include <vector>

// Needs the first two above, and is needed below.
#include <jpeglib.h>

#include <jerror.h>

#include "base/error.hpp"
#include "media/codec/escape.hpp"
#include "media/codec/orientation.hpp"
#include "media/codec/stored.hpp"

namespace hailstone::media {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
/// Real progressive pictures have about ten scans; each costs a way through all coefficients.
constexpr int kMaxScans = 100;
constexpr double kMaxScannedPixels = 2e9;
/// A progressive picture's coefficients are all in memory before its first row.
constexpr long kMaxMemory = 512L << 20;

/// A broken line may cost so many of a picture's restart intervals, and one where it has few.
constexpr unsigned kShareOfLostIntervals = 16;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = [](j_common_ptr info) { of(info).leave(); };
    errors_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0) of(info).take_warning(info->err->msg_code);
    };
    progress_.progress_monitor = [](j_common_ptr info) { of(info).check_scans(); };
    const bool created = completes(escape_, [&] { jpeg_create_decompress(&info_); });
    if (!created) refuse();
    info_.mem->max_memory_to_use = kMaxMemory;
    info_.progress = &progress_;
  }
  ~Reader() { jpeg_destroy_decompress(&info_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  StoredHeader read_header();
  StoredImage decode(double scale);

 private:
  static Reader& of(j_common_ptr info) noexcept { return *static_cast<Reader*>(info->client_data); }

  [[noreturn]] void leave() {
    errors_.format_message(reinterpret_cast<j_common_ptr>(&info_), escape_.message);
    escape_.leave();
  }
  void take_warning(int message);
  bool may_lose_interval() noexcept;
  bool has_all_values() const noexcept;
  void finish();
  void check_scans();
  void check_plausible() const;
  void start(double scale);
  void read_rows(Image& image);
  void read_cmyk_rows(Image& image);
  [[noreturn]] void refuse() const;

  std::string_view bytes_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  Escape escape_;
  bool too_many_scans_ = false;
  bool ends_early_ = false;  ///< without an end marker; what is missing besides is told by others
  unsigned lost_intervals_ = 0;
};

/// After some of them pixels are missing or wrong; libjpeg would make them grey.
void Reader::take_warning(int message) {
  switch (message) {
    case JWRN_JPEG_EOF:
      ends_early_ = true;
      return;
    case JWRN_HIT_MARKER:
      if (!may_lose_interval()) leave();
      return;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
      leave();
    default:
      return;
  }
}

/// Whether a marker that comes too early is one of those that tell where the picture goes on.
bool Reader::may_lose_interval() noexcept {
  const bool is_restart = info_.unread_marker >= JPEG_RST0 && info_.unread_marker < JPEG_RST0 + 8;
  if (!is_restart || info_.restart_interval == 0) return false;
  const auto blocks = static_cast<unsigned>(info_.MCUs_per_row) * info_.MCU_rows_in_scan;
  const unsigned intervals = blocks / info_.restart_interval;
  return ++lost_intervals_ <= 1 + intervals / kShareOfLostIntervals;
}

/// Of a file without an end: a scan that never came leaves no trace but in what is known of the
/// coefficients.
bool Reader::has_all_values() const noexcept {
  if (!jpeg_has_multiple_scans(const_cast<j_decompress_ptr>(&info_))) return true;
  if (info_.coef_bits == nullptr) return false;
  for (int component = 0; component < info_.num_components; ++component) {
    for (int i = 0; i < DCTSIZE2; ++i) {
      if (info_.coef_bits[component][i] != 0) return false;
    }
  }
  return true;
}

/// Within completes().
void Reader::finish() {
  const bool is_whole = has_all_values();  // known only while it is decoded
  jpeg_finish_decompress(&info_);
  if (ends_early_ && !is_whole) leave();
}

void Reader::check_scans() {
  const double pixels = static_cast<double>(info_.image_width) * info_.image_height;
  const int scans = info_.input_scan_number;
  too_many_scans_ = scans > kMaxScans || (scans > 1 && scans * pixels > kMaxScannedPixels);
  if (too_many_scans_) escape_.leave();
}

void Reader::refuse() const {
  if (too_many_scans_) {
    throw Error(ErrorCode::kTooLarge, "the JPEG picture has too many scans for its size",
                "save it without the progressive option");
  }
  if (errors_.msg_code == JERR_NO_BACKING_STORE || errors_.msg_code == JERR_OUT_OF_MEMORY) {
    throw Error(ErrorCode::kTooLarge, "the JPEG picture needs too much memory to be decoded",
                "send it smaller, or without the progressive option");
  }
  if (ends_early_ || errors_.msg_code == JWRN_HIT_MARKER) {
    const auto rows = info_.output_height == 0 ? std::string()
                                               : std::to_string(info_.output_scanline) + " of " +
                                                     std::to_string(info_.output_height) + " rows";
    refuse_incomplete(ImageFormat::kJpeg, bytes_.size(), rows);
  }
  refuse_broken(ImageFormat::kJpeg, escape_.message);
}

StoredHeader Reader::read_header() {
  const bool done = completes(escape_, [&] {
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    jpeg_save_markers(&info_, kExifMarker, 0xFFFF);
    jpeg_read_header(&info_, TRUE);
  });
  if (!done) refuse();
  StoredHeader header{static_cast<int>(info_.image_width), static_cast<int>(info_.image_height), 1};
  for (auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker != kExifMarker || !data.starts_with("Exif")) continue;
    header.orientation = find_exif_orientation(data);
    break;
  }
  return header;
}

/// Huffman coding needs a bit for each block of 64 values, and two components may share the pixels:
/// a few bytes that promise a huge picture are refused before there is memory for it.
void Reader::check_plausible() const {
  if (info_.arith_code) {
    throw Error(ErrorCode::kUnsupported, "JPEG with arithmetic coding is not supported",
                "save it with Huffman coding, as usual");
  }
  const auto pixels = std::uint64_t{info_.image_width} * info_.image_height;
  if (bytes_.size() < pixels / 1024) refuse_incomplete(ImageFormat::kJpeg, bytes_.size(), {});
}

void Reader::start(double scale) {
  unsigned divisor = 1;  // those for which libjpeg-turbo has vector code
  while (divisor < 8 && 1.0 / (divisor * 2) >= scale) divisor *= 2;
  const bool done = completes(escape_, [&] {
    info_.scale_num = 1;
    info_.scale_denom = divisor;
    info_.out_color_space = info_.num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&info_);
  });
  if (!done) refuse();
}

void Reader::read_rows(Image& image) {
  const std::size_t stride = std::size_t{3} * info_.output_width;
  const bool done = completes(escape_, [&] {
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = image.pixels.data() + info_.output_scanline * stride;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    finish();
  });
  if (!done) refuse();
}

/// Adobe's programs store the inverse of the ink.
void convert_cmyk(const std::uint8_t* cmyk, std::size_t pixels, bool is_inverted,
                  std::uint8_t* rgb) noexcept {
  const std::uint8_t mask = is_inverted ? 0 : 255;
  for (; pixels > 0; --pixels, cmyk += 4, rgb += 3) {
    const int light = cmyk[3] ^ mask;
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>(((cmyk[c] ^ mask) * light + 127) / 255);
    }
  }
}

void Reader::read_cmyk_rows(Image& image) {
  std::vector<std::uint8_t> ink(std::size_t{4} * info_.output_width);
  const bool done = completes(escape_, [&] {
    while (info_.output_scanline < info_.output_height) {
      auto* const rgb = image.pixels.data() + std::size_t{3} * info_.output_scanline * image.width;
      JSAMPROW row = ink.data();
      jpeg_read_scanlines(&info_, &row, 1);
      convert_cmyk(row, info_.output_width, info_.saw_Adobe_marker, rgb);
    }
    finish();
  });
  if (!done) refuse();
}

StoredImage Reader::decode(double scale) {
  read_header();
  check_plausible();
  start(scale);
  const double factor = 1.0 / info_.scale_denom;
  Image image =
      make_image(static_cast<int>(info_.output_width), static_cast<int>(info_.output_height));
  if (info_.out_color_space == JCS_CMYK) {
    read_cmyk_rows(image);
  } else {
    read_rows(image);
  }
  return {std::move(image), factor, factor};
}

}  // namespace

StoredHeader read_jpeg_header(std::string_view bytes) {
  return Reader(bytes).read_header();
}

StoredImage decode_jpeg(std::string_view bytes, double scale) {
  return Reader(bytes).decode(scale);
}

}  // namespace hailstone::media
