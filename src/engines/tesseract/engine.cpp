// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/tesseract/engine.hpp"

#include <tesseract/baseapi.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/resource_pool.hpp"
#include "base/strings.hpp"
#include "engines/tesseract/languages.hpp"
#include "engines/tesseract/reader.hpp"
#include "inference/model_card.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::tesseract {
namespace {

constexpr const char* kName = "tesseract";
constexpr const char* kHowToInstall = "apt-get install tesseract-ocr-eng";
/// Tesseract's own limit is 32767 a side; above this many pixels it takes gigabytes.
constexpr int kMostSide = 32767;
constexpr std::int64_t kMostPixels = 64'000'000;
// Measured with eng (4 MiB) and a page of 2 megapixels.
constexpr std::uint64_t kReaderMebibytes = 60;

struct CardSettings {
  std::string language;
  ReaderSettings reader;
};

CardSettings parse_settings(const inference::ModelSpec& spec, std::filesystem::path data) {
  CardSettings settings;
  settings.language = inference::setting_or(spec, "language", "eng");
  settings.reader.data = std::move(data);
  settings.reader.page_segmentation =
      inference::number_setting_or(spec, "page_segmentation", 3, 1, 13);
  settings.reader.dpi = inference::number_setting_or(spec, "dpi", 0, 1, 2400);
  if (settings.reader.page_segmentation == 2) {
    throw Error(ErrorCode::kBadRequest, "model " + spec.name +
                                            ": setting page_segmentation: 2 reads no text; take 1, "
                                            "or 3 to 13");
  }
  return settings;
}

void check_image(const media::Image& image) {
  const std::int64_t pixels = std::int64_t{image.width} * image.height;
  if (image.width <= 0 || image.height <= 0 ||
      image.pixels.size() / 3 != static_cast<std::uint64_t>(pixels) ||
      image.pixels.size() % 3 != 0) {
    throw Error(ErrorCode::kBadRequest, "the picture's pixels do not fit its size");
  }
  if (std::max(image.width, image.height) > kMostSide || pixels > kMostPixels) {
    throw Error(ErrorCode::kBadRequest, "the picture is too large to be read",
                "at most 32767 pixels a side and 64 million in all");
  }
}

class TesseractModel : public inference::Model, public inference::ReadSession {
 public:
  TesseractModel(CardSettings settings, std::size_t readers, const RunContext& run)
      : settings_(std::move(settings)), readers_(readers, [reader = settings_.reader] {
          return std::make_unique<Reader>(reader);
        }) {
    require_languages(settings_.language, installed_languages(settings_.reader.data));
    readers_.acquire(run)->use(settings_.language);
  }

  inference::ReadSession* read() noexcept override { return this; }
  bool alive() const noexcept override { return true; }
  /// Of the whole process, which is the model's own.
  inference::Footprint footprint() const override {
    const auto memory = os::find_process_memory(::getpid());
    return {memory ? memory->pss : ByteSize(), {}};
  }

  std::vector<inference::ReadLine> read(const media::Image& image, const std::string& language,
                                        const RunContext& run) override {
    run.check();
    check_image(image);
    const std::string& languages = language.empty() ? settings_.language : language;
    require_languages(languages, installed_languages(settings_.reader.data));
    const auto reader = readers_.acquire(run);
    reader->use(languages);
    return reader->read(image, run);
  }

 private:
  const CardSettings settings_;
  ResourcePool<Reader> readers_;
};

class TesseractEngine : public inference::Engine {
 public:
  explicit TesseractEngine(const TesseractOptions& options)
      : data_(options.data ? options.data : find_data_folder()) {}

  std::string_view name() const noexcept override { return kName; }

  inference::Availability probe() const override {
    if (!languages().empty()) return {true, {}};
    return {false, "no language of Tesseract is installed: " + std::string(kHowToInstall)};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override {
    inference::check_model_card(spec, kName);
    return {ByteSize::mib(kReaderMebibytes * readers(options)), {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    inference::check_model_card(spec, kName);
    inference::FactList installed;
    for (auto& language : languages()) installed.values.emplace_back(std::move(language));
    installed.length = installed.values.size();
    inference::ModelFacts facts;
    facts.architecture = "tesseract-lstm";
    facts.metadata = {{"tesseract.version", std::string(::tesseract::TessBaseAPI::Version())},
                      {"tesseract.languages", std::move(installed)}};
    if (data_) facts.metadata.emplace_back("tesseract.data", data_->native());
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    run.check();
    inference::check_model_card(spec, kName);
    if (const auto availability = probe(); !availability.usable) {
      throw Error(ErrorCode::kUnsupported, availability.reason);
    }
    return std::make_unique<TesseractModel>(parse_settings(spec, *data_), readers(options), run);
  }

 private:
  static std::size_t readers(const inference::LoadOptions& options) noexcept {
    return static_cast<std::size_t>(std::max(1, options.parallel));
  }
  std::vector<std::string> languages() const {
    return data_ ? installed_languages(*data_) : std::vector<std::string>();
  }

  const std::optional<std::filesystem::path> data_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_tesseract_engine(const TesseractOptions& options) {
  return std::make_unique<TesseractEngine>(options);
}

}  // namespace hailstone::engines::tesseract
