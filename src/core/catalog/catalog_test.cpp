// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "core/catalog/config_blob.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CatalogFolders : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-catalog-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  static std::string model(const std::string& name, const std::string& description) {
    return "[[model]]\nname = \"" + name + "\"\ntask = \"detect\"\nlicence = \"MIT\"\n" +
           "description = \"" + description +
           "\"\nvariant = [{ engine = \"onnx\", format = \"onnx\", registry = \"x\" }]\n";
  }

  fs::path root_;
};

TEST_F(CatalogFolders, AUsersFileAddsAndReplaces) {
  write("home/mine.toml", model("a", "mine") + model("b", "mine"));
  write("data/detect.toml", model("A", "shipped") + model("c", "shipped"));
  write("data/notes.txt", "no catalogue");
  const auto catalog = load_catalog({root_ / "home", root_ / "data", root_ / "nowhere"});
  EXPECT_THAT(catalog.problems(), IsEmpty());
  ASSERT_THAT(catalog.models(), SizeIs(3));
  EXPECT_EQ(catalog.find("a").model->description, "mine");
  EXPECT_EQ(catalog.find("c").model->description, "shipped");
}

TEST_F(CatalogFolders, ABrokenFileTakesNothingElseAway) {
  write("home/mine.toml", model("a", "mine") + "typo = 1\n");
  write("data/detect.toml", model("c", "shipped"));
  const auto catalog = load_catalog({root_ / "home", root_ / "data"});
  EXPECT_NE(catalog.find("c").model, nullptr);
  EXPECT_THAT(catalog.problems(), ElementsAre(HasSubstr("mine.toml:7: ")));
}

TEST_F(CatalogFolders, LabelSetsComeFromTheFirstFolderThatHasThem) {
  write("home/labels/two.txt", "cat\ndog\n");
  write("data/labels/two.txt", "x\n");
  const std::vector<fs::path> folders = {root_ / "home", root_ / "data"};
  EXPECT_THAT(read_labels(folders, "two"), ElementsAre("cat", "dog"));
  for (const char* bad : {"three", "../labels/two", "", "."}) {
    EXPECT_THROW(read_labels(folders, bad), Error) << bad;
  }
}

TEST_F(CatalogFolders, NamesMayCarryATagOrTheEngine) {
  write("d/a.toml", model("a", "") + model("b:1.5b", ""));
  const auto catalog = load_catalog({root_ / "d"});
  EXPECT_EQ(catalog.find("A:latest").model->name, "a");
  EXPECT_EQ(catalog.find("a:onnx").engine, "onnx");
  EXPECT_EQ(catalog.find("b:1.5b").model->name, "b:1.5b");
  EXPECT_EQ(catalog.find("b:1.5b-onnx").engine, "onnx");
  for (const char* unknown : {"b", "b:1.5b:onnx", "a-onnx", "a:hailo", "a:", "onnx", ""}) {
    EXPECT_EQ(catalog.find(unknown).model, nullptr) << unknown;
  }
}

TEST(ConfigBlob, IsExact) {
  CatalogModel model;
  model.name = "n";
  model.task = "detect";
  model.licence = "MIT";
  model.family = "yolox";
  model.parameters = "0.9M";
  model.labels = "coco80";
  CatalogVariant variant;
  variant.engine = "onnx";
  variant.format = "onnx";
  variant.decoder = "yolox";
  variant.runtime = "1.17";
  variant.quantization = "F32";
  variant.host_memory = ByteSize::bytes(7);
  variant.settings = {{"lora", "x"}};
  variant.input = CatalogInput{416, 320, 3, "nchw", "bgr", "letterbox", 114, {}, {255, 255, 255}};
  EXPECT_EQ(make_config_blob(model, variant),
            R"({"file_type":"F32","hailstone":{"decoder":"yolox","engine":"onnx",)"
            R"("footprint":{"host_bytes":7},"labels":"coco80","licence":"MIT","runtime":"1.17",)"
            R"("settings":{"input":{"channels":3,"color":"bgr","height":320,"layout":"nchw",)"
            R"("pad":114,"resize":"letterbox","std":[255.0,255.0,255.0],"width":416},"lora":"x"},)"
            R"("task":"detect"},"model_families":["yolox"],"model_family":"yolox",)"
            R"("model_format":"onnx","model_type":"0.9M"})");
}

}  // namespace
}  // namespace hailstone::core
