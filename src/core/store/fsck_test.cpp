// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/fsck.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class FsckTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-fsck-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
    store_ = std::make_unique<Store>(std::vector{home_ / "own", home_ / "shipped"});
    writer_ = std::make_unique<StoreWriter>(*store_);
    for (const std::string model : {"a", "b"}) {
      const Layer layer =
          writer_->add_blob("application/vnd.ollama.image.model", "weights of " + model);
      writer_->write_manifest(parse_model_name(model),
                              make_manifest(writer_->add_blob("config", "{}"), {layer}));
    }
  }
  void TearDown() override { fs::remove_all(home_); }

  FsckReport check(FsckMode mode = FsckMode::kReport) {
    return check_store(*writer_, mode, [](const std::string&, std::size_t, std::size_t) {}, {});
  }
  fs::path blob(const std::string& bytes, const std::string& root = "own") const {
    return *find_blob_path(home_ / root, "sha256:" + sha256_hex(bytes));
  }
  static void write(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  fs::path home_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreWriter> writer_;
};

TEST_F(FsckTest, AHealthyStoreIsCleanAndMarked) {
  fs::remove_all(home_ / "own/verified");
  const FsckReport report = check();
  EXPECT_TRUE(report.is_clean());
  EXPECT_EQ(report.models, 2U);
  EXPECT_EQ(report.blobs, 3U);
  EXPECT_EQ(writer_->blob_state("sha256:" + sha256_hex("weights of a")), BlobState::kVerified);
}

TEST_F(FsckTest, NamesWhatIsBadAndWhichModelsNeedAPull) {
  write(blob("weights of a"), "weights of x");  // same size, other bytes
  fs::remove(blob("weights of b"));
  write(home_ / "own/manifests/registry.ollama.ai/library/c/latest", "{");
  const FsckReport report = check();
  EXPECT_THAT(report.findings, SizeIs(3));
  EXPECT_THAT(report.pull_again, ElementsAre("a:latest", "b:latest", "c:latest"));
  EXPECT_TRUE(fs::exists(blob("weights of a"))) << "a report changes nothing";
  for (const auto& finding : report.findings) EXPECT_FALSE(finding.is_repaired);
}

TEST_F(FsckTest, ARepairMovesBadBlobsAsideSoThatAPullCanBringThemBack) {
  write(blob("weights of a"), "rotten");
  EXPECT_THAT(check(FsckMode::kRepair).pull_again, ElementsAre("a:latest"));
  EXPECT_FALSE(fs::exists(blob("weights of a")));
  EXPECT_TRUE(fs::exists(bad_blob_path(blob("weights of a"))));
  writer_->add_blob("application/vnd.ollama.image.model", "weights of a");
  EXPECT_TRUE(check().is_clean());
}

TEST_F(FsckTest, AGoodCopyInAnotherRootTakesOver) {
  write(blob("weights of a"), "rotten");
  write(blob("weights of a", "shipped"), "weights of a");
  EXPECT_THAT(check().pull_again, ElementsAre("a:latest")) << "the bad one hides it";
  const FsckReport report = check(FsckMode::kRepair);
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_TRUE(report.findings.front().is_repaired);
  EXPECT_THAT(report.pull_again, IsEmpty());
  EXPECT_EQ(read_layer(*store_->require("a").find_layer("model")), "weights of a");
  EXPECT_TRUE(check().is_clean());
}

TEST_F(FsckTest, AReadOnlyRootIsReportedAndLeftAlone) {
  const std::string bytes = "shipped weights";
  const Layer layer{"application/vnd.ollama.image.model",
                    "sha256:" + sha256_hex(bytes),
                    ByteSize::bytes(bytes.size()),
                    {},
                    {}};
  write(manifest_path(home_ / "shipped", parse_model_name("s")), make_manifest(layer, {layer}));
  write(blob(bytes, "shipped"), "rotten");
  EXPECT_THAT(check(FsckMode::kRepair).pull_again, ElementsAre("s:latest"));
  EXPECT_TRUE(fs::exists(blob(bytes, "shipped")));
}

TEST_F(FsckTest, CanBeCalledOff) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(
      check_store(*writer_, FsckMode::kReport, [](const std::string&, std::size_t, std::size_t) {},
                  {Deadline::never(), stop.get_token()}),
      Error);
}

}  // namespace
}  // namespace hailstone::core
