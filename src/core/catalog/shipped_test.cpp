// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The catalogue that comes with the program, checked as a whole.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/catalog/catalog.hpp"
#include "core/catalog/config_blob.hpp"
#include "core/store/manifest.hpp"
#include "vision/dense/depth.hpp"
#include "vision/detect/detector.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// What comes with the program, as it was built.
class ShippedCatalog : public testing::Test {
 protected:
  const std::vector<fs::path> folders_ = {HAILSTONE_CATALOG};
  const Catalog catalog_ = load_catalog(folders_);
};

TEST_F(ShippedCatalog, IsReadWithoutAProblem) {
  EXPECT_THAT(catalog_.problems(), IsEmpty());
  EXPECT_GT(catalog_.models().size(), 100U);
}

TEST(CatalogDecoders, AreSortedAndHaveAllThatVisionDecodes) {
  const auto words = catalog_decoders();
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  for (const auto& detector : vision::detectors()) {
    EXPECT_TRUE(std::binary_search(words.begin(), words.end(), detector.name)) << detector.name;
  }
  for (const auto word : {"scdepth", "inverse-depth", "depth", "metric-depth", "disparity"}) {
    EXPECT_TRUE(vision::is_depth_decoder(word)) << word;
    EXPECT_TRUE(std::binary_search(words.begin(), words.end(), word)) << word;
  }
}

TEST_F(ShippedCatalog, NamesAreUniqueAndNotThoseOfStarters) {
  std::set<std::string> names;
  for (const auto& model : catalog_.models()) {
    EXPECT_TRUE(names.insert(model.name).second) << model.name;
    EXPECT_FALSE(model.name.starts_with("starter-")) << model.name;
    EXPECT_EQ(catalog_.find(model.name).model, &model) << model.name;
  }
}

TEST_F(ShippedCatalog, FilesComeSafelyAndBelongToTheirFormat) {
  for (const auto& model : catalog_.models()) {
    for (const auto& variant : model.variants) {
      for (const auto& file : variant.files) {
        EXPECT_TRUE(file.url.starts_with("https://")) << file.url;
        const bool is_weights = file.kind == "model";
        const std::string ending = variant.format == "ggml" ? ".bin" : "." + variant.format;
        const bool by_digest = file.url.ends_with("sha256_" + file.sha256);
        EXPECT_TRUE(!is_weights || file.url.ends_with(ending) || by_digest) << file.url;
      }
    }
  }
}

TEST_F(ShippedCatalog, VariantsOfOneEngineDifferInTheRuntimeThatTheyNeed) {
  for (const auto& model : catalog_.models()) {
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& variant : model.variants) {
      EXPECT_TRUE(seen.insert({variant.engine, variant.runtime}).second) << model.name;
      EXPECT_EQ(variant.runtime.empty(), variant.engine != "hailo") << model.name;
    }
  }
}

TEST_F(ShippedCatalog, LabelSetsAreThereAndDetectorsHaveOne) {
  for (const auto& model : catalog_.models()) {
    if (!model.labels.empty()) {
      EXPECT_FALSE(read_labels(folders_, model.labels).empty()) << model.labels;
    }
    const bool needs_labels = model.task == "detect" || model.task == "segment";
    EXPECT_TRUE(!needs_labels || !model.labels.empty()) << model.name;
  }
  EXPECT_THAT(read_labels(folders_, "coco80"), SizeIs(80));
  EXPECT_THAT(read_labels(folders_, "coco91"), SizeIs(91));
  EXPECT_THAT(read_labels(folders_, "imagenet1000"), SizeIs(1000));
}

TEST_F(ShippedCatalog, NetworksOfTheVisionEnginesNameTheirDecoder) {
  for (const auto& model : catalog_.models()) {
    const bool is_generative =
        model.task == "chat" || model.task == "vlm" || model.task == "transcribe";
    for (const auto& variant : model.variants) {
      const bool needs_decoder =
          (variant.engine == "onnx" || variant.engine == "hailo") && !is_generative;
      EXPECT_EQ(variant.decoder.empty(), !needs_decoder) << model.name;
    }
  }
}

TEST_F(ShippedCatalog, EveryTaskHasAPermissiveDefaultWhereThereIsOne) {
  std::set<std::string> permissive;
  std::map<std::pair<std::string, std::string>, int> defaults;
  std::set<std::string> tasks_with_default;
  for (const auto& model : catalog_.models()) {
    if (is_permissive(model.licence)) permissive.insert(model.task);
    if (!model.is_default) continue;
    EXPECT_TRUE(is_permissive(model.licence)) << model.name << ": " << model.licence;
    tasks_with_default.insert(model.task);
    std::set<std::string> engines;
    for (const auto& variant : model.variants) engines.insert(variant.engine);
    for (const auto& engine : engines) ++defaults[{model.task, engine}];
  }
  EXPECT_EQ(tasks_with_default, permissive);
  for (const auto& [key, count] : defaults) {
    EXPECT_EQ(count, 1) << key.first << " on " << key.second;
  }
}

TEST_F(ShippedCatalog, WhatIsInstalledFromItSaysWhatItIs) {
  for (const auto& model : catalog_.models()) {
    for (const auto& variant : model.variants) {
      StoredModel stored;
      apply_config(make_config_blob(model, variant), stored);
      EXPECT_EQ(stored.task, model.task) << model.name;
      EXPECT_EQ(stored.engine, variant.engine) << model.name;
      EXPECT_EQ(stored.format, variant.format) << model.name;
      EXPECT_EQ(stored.settings.count("input") > 0, variant.input.has_value()) << model.name;
    }
  }
}

}  // namespace
}  // namespace hailstone::core
