// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The contract of all engines and what is Tesseract's own, through a host process. The pictures are
// drawn by the test, but for the photographed page among the test assets.

#include <unistd.h>

#include <fstream>
#include <numeric>

#include "base/strings.hpp"
#include "engines/tesseract/languages.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/contract_test.hpp"
#include "support/picture_files.hpp"

namespace hailstone::inference {
namespace {

namespace tesseract = engines::tesseract;
using testing_support::PixPointer;
using testing_support::to_image;

std::unique_ptr<Engine> make_hosted(const std::vector<std::string>& more = {}) {
  hosting::HostCommand command{{HAILSTONE_HOST_TESSERACT}, hosting::host_environment()};
  command.environment.emplace_back("OMP_THREAD_LIMIT=1");
  command.environment.insert(command.environment.end(), more.begin(), more.end());
  return std::make_unique<hosting::HostedEngine>("tesseract", command);
}

ModelSpec make_model() {
  static const std::filesystem::path card =
      testing::TempDir() + "tesseract-card-" + std::to_string(::getpid());
  std::ofstream(card) << "hailstone model card: tesseract\n";
  ModelSpec spec;
  spec.name = "starter-ocr";
  spec.engine = "tesseract";
  spec.weights = card;
  return spec;
}

ContractSetup make_setup() {
  ContractSetup setup;
  setup.name = "Hosted";
  setup.has_own_process = true;
  setup.make_engine = [] { return make_hosted(); };
  setup.read = make_model();
  return setup;
}

INSTANTIATE_TEST_SUITE_P(Tesseract, EngineContract, testing::Values(make_setup()), contract_name);
INSTANTIATE_TEST_SUITE_P(Tesseract, ReadContract, testing::Values(make_setup()), contract_name);

/// Black on white, in leptonica's own bitmap font.
media::Image draw(const std::vector<std::string>& lines, double scale = 1) {
  constexpr int kMargin = 30;
  constexpr int kPoints = 8;  // letters of some 20 pixels
  const PixPointer page(pixCreate(640, kMargin * 2 + 40 * static_cast<int>(lines.size()), 32));
  pixSetAll(page.get());
  L_Bmf* font = bmfCreate(nullptr, kPoints);
  int y = kMargin;
  for (const auto& line : lines) {
    l_int32 width = 0;
    pixSetTextline(page.get(), font, line.c_str(), 0x00000000, kMargin, y + 25, &width, nullptr);
    y += 40;
  }
  bmfDestroy(&font);
  const auto factor = static_cast<l_float32>(scale);
  const PixPointer scaled(pixScale(page.get(), factor, factor));
  return to_image(scaled.get());
}

std::string text_of(const std::vector<ReadLine>& lines) {
  std::vector<std::string> words;
  for (const auto& line : lines) {
    for (const auto& word : line.words) words.push_back(word.text);
  }
  return join(words, " ");
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row.back();
}

class Tesseract : public testing::Test {
 protected:
  void SetUp() override {
    const auto availability = engine_->probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }
  static RunContext soon() { return {Deadline::in(std::chrono::seconds(60)), {}}; }
  std::unique_ptr<Model> load(const ModelSpec& spec = make_model()) {
    return engine_->load(spec, {}, soon());
  }

  std::unique_ptr<Engine> engine_ = make_hosted();
};

TEST_F(Tesseract, ReadsWhatWasDrawn) {
  const auto image = draw({"Hailstone reads this line", "and then the second one"});
  const auto lines = load()->read()->read(image, "eng", soon());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(text_of(lines), "Hailstone reads this line and then the second one");
  EXPECT_LT(lines[0].box.y + lines[0].box.height, lines[1].box.y + 1);
  EXPECT_EQ(lines[0].block, 0);
  EXPECT_EQ(lines[0].paragraph, 0);
  double right = 0;
  for (const auto& word : lines[0].words) {
    EXPECT_GE(word.box.x, right - 1);
    EXPECT_GT(word.confidence, 0.5);
    EXPECT_GE(word.box.y, lines[0].box.y - 1);
    right = word.box.x + word.box.width;
  }
  EXPECT_NEAR(lines[0].box.x, 30, 6);
}

TEST_F(Tesseract, ReadsSmallTextAndSaysWhereItIsInTheGivenPicture) {
  const auto image = draw({"Hailstone reads this line", "and then the second one"}, 0.5);
  const auto lines = load()->read()->read(image, "", soon());
  EXPECT_LE(edit_distance(text_of(lines), "Hailstone reads this line and then the second one"), 3U);
  ASSERT_FALSE(lines.empty());
  EXPECT_NEAR(lines[0].box.x, 15, 4);
  EXPECT_LT(lines[0].box.height, 25);
}

TEST_F(Tesseract, AnUnknownLanguageNamesThoseThatThereAre) {
  const auto model = load();
  for (const char* language : {"xx", "eng+xx", "eng+", "+", "../../etc/eng", "osd"}) {
    try {
      model->read()->read(draw({"word"}), language, soon());
      FAIL() << language;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
      EXPECT_THAT(error.detail(), testing::HasSubstr("eng"));
    }
  }
}

TEST_F(Tesseract, ReadsInSeveralLanguages) {
  const auto data = tesseract::find_data_folder();
  const auto installed = tesseract::installed_languages(data.value());
  if (std::find(installed.begin(), installed.end(), "deu") == installed.end()) {
    GTEST_SKIP() << "tesseract-ocr-deu is not installed";
  }
  const auto model = load();
  for (const char* language : {"deu+eng", "eng", "deu"}) {
    EXPECT_EQ(text_of(model->read()->read(draw({"Hailstone im Garten"}), language, soon())),
              "Hailstone im Garten");
  }
}

TEST_F(Tesseract, BadSettingsAreRefusedByName) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"page_segmentation", "2"}, {"page_segmentation", "14"}, {"dpi", "many"}}) {
    auto spec = make_model();
    spec.settings[name] = value;
    try {
      load(spec);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
  }
}

TEST_F(Tesseract, APageThatIsCalledOffEndsWithoutKillingTheHost) {
  std::vector<std::string> many(60, "a long line of many words to be read one after the other");
  const auto image = draw(many);
  const auto model = load();
  const RunContext brief{Deadline::in(std::chrono::milliseconds(150)), {}};
  try {
    model->read()->read(image, "", brief);
    ADD_FAILURE() << "60 lines were read in no time";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTimeout);
  }
  EXPECT_EQ(text_of(model->read()->read(draw({"still here"}), "", soon())), "still here");
}

TEST_F(Tesseract, AKilledHostCostsItsRequestAndTheNextLoadWorks) {
  auto model = load();
  const auto image = draw({"a line"});
  for (const pid_t child : child_processes()) ::kill(child, SIGKILL);
  try {
    model->read()->read(image, "", soon());
    ADD_FAILURE() << "a dead host has answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  }
  EXPECT_FALSE(model->alive());
  model = load();
  EXPECT_EQ(text_of(model->read()->read(draw({"again"}), "", soon())), "again");
}

TEST_F(Tesseract, WithoutDataItSaysWhatToInstall) {
  const auto bare = make_hosted({"TESSDATA_PREFIX=" + testing::TempDir()});
  const auto availability = bare->probe();
  EXPECT_FALSE(availability.usable);
  EXPECT_THAT(availability.reason, testing::HasSubstr("apt-get install tesseract-ocr-eng"));
}

TEST_F(Tesseract, ReadsAPhotographedPage) {
  const auto assets = testing_support::find_assets();
  if (!assets) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
  const PixPointer page = testing_support::read_pix(*assets / "media/ocr/en.jpg");
  const std::string truth =
      "3 MovieShots Dataset To facilitate the shot type analysis in videos, we collect "
      "MovieShots, a large-scale shot type annotation set that contains 46K shots from 7858 "
      "movies. The details of this dataset are specified as follows.";
  const auto model = load();
  for (const double scale : {1.0, 0.75, 0.6, 0.5, 0.4}) {
    const PixPointer scaled(
        pixScale(page.get(), static_cast<l_float32>(scale), static_cast<l_float32>(scale)));
    const auto started = std::chrono::steady_clock::now();
    const auto lines = model->read()->read(to_image(scaled.get()), "eng", soon());
    const std::chrono::duration<double, std::milli> took =
        std::chrono::steady_clock::now() - started;
    for (const auto& line : lines) {
      for (const auto& word : line.words) EXPECT_EQ(word.text, trim(word.text));
    }
    const std::string text = text_of(lines);
    const auto errors = edit_distance(text, truth);
    std::printf("scale %.2f: %zu of %zu characters wrong, %.0f ms, host %.1f MiB\n", scale, errors,
                truth.size(), took.count(), model->footprint().host.in_mib());
    EXPECT_LE(errors, scale > 0.55 ? 2U : 20U) << text;
  }
}

}  // namespace
}  // namespace hailstone::inference
