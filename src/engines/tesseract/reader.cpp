// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/tesseract/reader.hpp"

#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::tesseract {
namespace {

namespace ocr = ::tesseract;

// Measured on the same page in sizes from 100 % to 30 %: lines of 18 and 14 pixels are read without
// a mistake as they are, of 10 pixels only two to three times as large.
constexpr int kSmallLine = 16;
constexpr double kGoodLine = 30;
constexpr double kLargestScale = 4;
/// Nothing is enlarged to more pixels than this: a page of A4 in 400 dpi has 15 million.
constexpr double kMostPixels = 16e6;
/// A picture in which no line is found is enlarged only if it is no larger than this.
constexpr int kSmallPicture = 1000;

struct PixDeleter {
  void operator()(Pix* pix) const noexcept { pixDestroy(&pix); }
};
using PixPointer = std::unique_ptr<Pix, PixDeleter>;

PixPointer make_pix(const media::Image& image) {
  PixPointer pix(pixCreateNoInit(image.width, image.height, 32));
  if (!pix) throw Error(ErrorCode::kOutOfMemory, "no memory for the picture");
  const std::uint8_t* pixel = image.pixels.data();
  l_uint32* row = pixGetData(pix.get());
  for (int y = 0; y < image.height; ++y, row += pixGetWpl(pix.get())) {
    for (int x = 0; x < image.width; ++x, pixel += 3) {
      composeRGBPixel(pixel[0], pixel[1], pixel[2], row + x);
    }
  }
  return pix;
}

PixPointer enlarge(const media::Image& image, double scale) {
  auto pix = make_pix(image);
  const auto factor = static_cast<l_float32>(scale);
  PixPointer larger(pixScale(pix.get(), factor, factor));
  if (!larger) throw Error(ErrorCode::kOutOfMemory, "no memory for the enlarged picture");
  return larger;
}

std::optional<int> find_median(std::vector<int> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Tesseract's coordinates to those of the given picture.
class BoxReader {
 public:
  BoxReader(const ocr::PageIterator& at, const media::Image& image, double scale)
      : at_(at), width_(image.width), height_(image.height), scale_(scale) {}

  inference::Box box(ocr::PageIteratorLevel level) const {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    if (!at_.BoundingBox(level, &left, &top, &right, &bottom)) return {};
    const double x0 = std::clamp(left / scale_, 0.0, width_);
    const double y0 = std::clamp(top / scale_, 0.0, height_);
    const double x1 = std::clamp(right / scale_, x0, width_);
    const double y1 = std::clamp(bottom / scale_, y0, height_);
    return {x0, y0, x1 - x0, y1 - y0};
  }

 private:
  const ocr::PageIterator& at_;
  const double width_;
  const double height_;
  const double scale_;
};

/// Blocks, paragraphs and lines are counted when their first word comes, so that what has none
/// leaves no gap.
class LineCollector {
 public:
  void add(const ocr::ResultIterator& at, const BoxReader& boxes) {
    begins_block_ |= at.IsAtBeginningOf(ocr::RIL_BLOCK);
    begins_paragraph_ |= at.IsAtBeginningOf(ocr::RIL_PARA);
    begins_line_ |= at.IsAtBeginningOf(ocr::RIL_TEXTLINE);
    const std::unique_ptr<char[]> text(at.GetUTF8Text(ocr::RIL_WORD));
    if (!text) return;
    const auto word = trim(text.get());  // it begins with a blank where two stood
    if (word.empty()) return;
    begin_what_is_new(boxes);
    const double confidence = std::clamp(at.Confidence(ocr::RIL_WORD) / 100.0, 0.0, 1.0);
    lines_.back().words.push_back({std::string(word), boxes.box(ocr::RIL_WORD), confidence});
  }

  std::vector<inference::ReadLine> take() { return std::move(lines_); }

 private:
  void begin_what_is_new(const BoxReader& boxes) {
    if (begins_block_ || lines_.empty()) {
      ++block_;
      paragraph_ = -1;
    }
    if (begins_block_ || begins_paragraph_ || paragraph_ < 0) ++paragraph_;
    if (begins_line_ || begins_block_ || lines_.empty()) {
      lines_.push_back({boxes.box(ocr::RIL_TEXTLINE), block_, paragraph_, {}});
    }
    begins_block_ = begins_paragraph_ = begins_line_ = false;
  }

  std::vector<inference::ReadLine> lines_;
  int block_ = -1;
  int paragraph_ = -1;
  bool begins_block_ = false;
  bool begins_paragraph_ = false;
  bool begins_line_ = false;
};

/// Asked at every word.
bool is_called_off(void* run, int /*words*/) {
  const auto& context = *static_cast<const RunContext*>(run);
  return context.stop.stop_requested() || context.deadline.has_passed();
}

/// A picture's memory goes when it has been read.
class ClearedAtEnd {
 public:
  explicit ClearedAtEnd(ocr::TessBaseAPI& api) noexcept : api_(api) {}
  ~ClearedAtEnd() { api_.Clear(); }
  ClearedAtEnd(const ClearedAtEnd&) = delete;
  ClearedAtEnd& operator=(const ClearedAtEnd&) = delete;

 private:
  ocr::TessBaseAPI& api_;
};

}  // namespace

Reader::Reader(ReaderSettings settings)
    : settings_(std::move(settings)), api_(std::make_unique<ocr::TessBaseAPI>()) {}

Reader::~Reader() = default;

void Reader::use(const std::string& languages) {
  if (languages == languages_) return;
  languages_.clear();
  if (api_->Init(settings_.data.c_str(), languages.c_str(), ocr::OEM_LSTM_ONLY) != 0) {
    throw Error(ErrorCode::kEngineFailed,
                "Tesseract cannot use its data for " + languages + " in " + settings_.data.native(),
                "install the package of the language again");
  }
  api_->SetPageSegMode(static_cast<ocr::PageSegMode>(settings_.page_segmentation));
  languages_ = languages;
}

/// Looks at the lines of what is set as the picture; finding them is a tenth of the work and need
/// not be done again if they are large enough.
double Reader::choose_scale(const media::Image& image) {
  std::vector<int> heights;
  const std::unique_ptr<ocr::PageIterator> at(api_->AnalyseLayout());
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  if (at) {
    do {
      if (at->BoundingBox(ocr::RIL_TEXTLINE, &left, &top, &right, &bottom)) {
        heights.push_back(bottom - top);
      }
    } while (at->Next(ocr::RIL_TEXTLINE));
  }
  const auto median = find_median(std::move(heights));
  if (median && *median >= kSmallLine) return 1;
  if (std::max(image.width, image.height) > kSmallPicture && !median) return 1;
  const double wanted = kGoodLine / std::max(1, median.value_or(kSmallLine / 2));
  const double pixels = static_cast<double>(image.width) * image.height;
  return std::max(1.0, std::min({wanted, kLargestScale, std::sqrt(kMostPixels / pixels)}));
}

std::vector<inference::ReadLine> Reader::read(const media::Image& image, const RunContext& run) {
  const ClearedAtEnd cleared(*api_);
  const auto set = [&](double scale) {
    const auto pix = scale > 1 ? enlarge(image, scale) : make_pix(image);
    api_->SetImage(pix.get());
    if (settings_.dpi > 0) api_->SetSourceResolution(static_cast<int>(settings_.dpi * scale));
  };
  run.check();
  set(1);
  const double scale = choose_scale(image);
  run.check();
  if (scale > 1) set(scale);
  ocr::ETEXT_DESC monitor;
  monitor.cancel = is_called_off;
  monitor.cancel_this = const_cast<RunContext*>(&run);  // NOLINT: a C interface; only read
  const int failed = api_->Recognize(&monitor);
  run.check();
  if (failed != 0) throw Error(ErrorCode::kEngineFailed, "Tesseract could not read the picture");
  const std::unique_ptr<ocr::ResultIterator> at(api_->GetIterator());
  LineCollector lines;
  if (!at || at->Empty(ocr::RIL_WORD)) return {};
  const BoxReader boxes(*at, image, scale);
  do {
    lines.add(*at, boxes);
  } while (at->Next(ocr::RIL_WORD));
  return lines.take();
}

}  // namespace hailstone::engines::tesseract
