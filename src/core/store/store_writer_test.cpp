// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/store_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <memory>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kModelType = "application/vnd.ollama.image.model";

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

class StoreWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-store-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
    store_ = std::make_unique<Store>(std::vector{home_ / "own", home_ / "shipped"});
    writer_ = std::make_unique<StoreWriter>(*store_);
  }
  void TearDown() override { fs::remove_all(home_); }

  static ModelName name(const std::string& text) { return parse_model_name(text); }

  void add(const std::string& model, const std::string& weights) {
    const Layer config = writer_->add_blob("config", R"({"model_format":"gguf"})");
    writer_->write_manifest(name(model),
                            make_manifest(config, {writer_->add_blob(kModelType, weights)}));
  }
  /// As another program would: into any root, without marks.
  void add_foreign(const fs::path& root, const std::string& model, const std::string& weights) {
    Layer layer{std::string(kModelType),
                "sha256:" + sha256_hex(weights),
                ByteSize::bytes(weights.size()),
                {},
                {}};
    write(*find_blob_path(root, layer.digest), weights);
    write(manifest_path(root, name(model)), make_manifest(layer, {layer}));
  }
  static void write(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  static std::string digest(const std::string& bytes) { return "sha256:" + sha256_hex(bytes); }
  fs::path blob(const std::string& bytes) const {
    return *find_blob_path(home_ / "own", digest(bytes));
  }
  std::vector<std::string> blob_files() const {
    std::vector<std::string> out;
    if (!fs::exists(blobs_folder(home_ / "own"))) return out;
    for (const auto& entry : fs::directory_iterator(blobs_folder(home_ / "own"))) {
      out.push_back(entry.path().filename().string());
    }
    return out;
  }
  static void make_old(const fs::path& file) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(24 * 30));
  }

  fs::path home_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreWriter> writer_;
};

TEST_F(StoreWriterTest, ABlobIsInvisibleUntilItIsCommitted) {
  {
    BlobWriter writer(home_ / "own", {digest("hello"), ByteSize::bytes(5)});
    writer.write("hel");
    EXPECT_FALSE(store_->find_blob(digest("hello")));
    writer.write("lo");
    EXPECT_EQ(writer.commit().path, blob("hello"));
  }
  EXPECT_EQ(read(blob("hello")), "hello");
  EXPECT_THAT(blob_files(), SizeIs(1));
  EXPECT_EQ(writer_->blob_state(digest("hello")), BlobState::kVerified);
}

TEST_F(StoreWriterTest, AWriterThatIsLeftHalfwayLeavesNothing) {
  { BlobWriter(home_ / "own").write("some bytes"); }
  EXPECT_THAT(blob_files(), IsEmpty());
}

TEST_F(StoreWriterTest, AWrongDigestOrLengthNeverBecomesVisible) {
  for (const auto& [expected, bytes] : std::vector<std::pair<ExpectedBlob, std::string>>{
           {{digest("good"), std::nullopt}, "evil"},
           {{digest("good"), ByteSize::bytes(4)}, "goo"},
           {{std::nullopt, ByteSize::bytes(2)}, "good"}}) {
    EXPECT_EQ(code_of([&, &want = expected, &text = bytes] {
                BlobWriter writer(home_ / "own", want);
                writer.write(text);
                writer.commit();
              }),
              ErrorCode::kBadRequest);
    EXPECT_THAT(blob_files(), IsEmpty()) << bytes;
  }
}

TEST_F(StoreWriterTest, AModelIsWrittenListedCopiedAndRemoved) {
  add("mine:1b", "weights");
  EXPECT_EQ(read_layer(*store_->require("mine:1b").find_layer("model")), "weights");
  writer_->copy(name("mine:1b"), name("other"));
  EXPECT_EQ(store_->require("other").digest, store_->require("mine:1b").digest);
  EXPECT_THAT(writer_->remove(name("MINE:1B")).blobs, IsEmpty()) << "the copy still names them";
  EXPECT_THAT(writer_->remove(name("other")).blobs, SizeIs(2));
  EXPECT_THAT(blob_files(), IsEmpty());
  EXPECT_THAT(store_->list(), IsEmpty());
  EXPECT_FALSE(fs::exists(home_ / "own/manifests/registry.ollama.ai")) << "empty folders go too";
  EXPECT_EQ(code_of([&] { writer_->remove(name("other")); }), ErrorCode::kNotFound);
  EXPECT_EQ(code_of([&] { writer_->copy(name("other"), name("x")); }), ErrorCode::kNotFound);
}

TEST_F(StoreWriterTest, ANameThatDiffersInCaseIsTheSameModel) {
  add("Mistral:7B", "old");
  add("mistral:7b", "new");
  EXPECT_THAT(store_->list(), SizeIs(1));
  EXPECT_EQ(read_layer(*store_->require("mistral:7b").find_layer("model")), "new");
  add("MISTRAL:latest", "more");
  const fs::directory_iterator models(home_ / "own/manifests/registry.ollama.ai/library");
  EXPECT_EQ(std::distance(begin(models), end(models)), 1);
}

TEST_F(StoreWriterTest, AReplacedManifestTellsWhichBlobsMayGo) {
  add("mine", "old");
  const auto manifest =
      make_manifest(writer_->add_blob("config", "{}"), {writer_->add_blob(kModelType, "new")});
  const auto replaced = writer_->write_manifest(name("mine"), manifest);
  EXPECT_THAT(replaced, testing::Contains(digest("old")));
  EXPECT_THAT(writer_->remove_unused(replaced).blobs, testing::Contains(digest("old")));
  EXPECT_TRUE(fs::exists(blob("new")));
}

TEST_F(StoreWriterTest, AManifestWithoutItsBlobsIsRefused) {
  Layer missing{std::string(kModelType), digest("missing"), ByteSize::bytes(7), {}, {}};
  EXPECT_EQ(code_of([&] { writer_->write_manifest(name("x"), make_manifest(missing, {missing})); }),
            ErrorCode::kConflict);
  Layer wrong = writer_->add_blob(kModelType, "weights");
  wrong.size = ByteSize::bytes(8);
  EXPECT_EQ(code_of([&] { writer_->write_manifest(name("x"), make_manifest(wrong, {wrong})); }),
            ErrorCode::kConflict);
  EXPECT_EQ(code_of([&] { writer_->write_manifest(name("x"), "{}"); }), ErrorCode::kBadRequest);
  EXPECT_FALSE(fs::exists(home_ / "own/manifests"));
}

TEST_F(StoreWriterTest, AnotherProgramsUnreadableManifestKeepsItsBlobs) {
  add("mine", "shared");
  write(home_ / "own/manifests/deep/er/than/we/know", "?? " + digest("shared") + " ??");
  EXPECT_THAT(writer_->remove(name("mine")).blobs,
              testing::Not(testing::Contains(digest("shared"))));
  EXPECT_TRUE(fs::exists(blob("shared")));
}

TEST_F(StoreWriterTest, AReadOnlyRootIsReadCopiedFromAndNeverChanged) {
  add_foreign(home_ / "shipped", "starter", "weights");
  EXPECT_EQ(code_of([&] { writer_->remove(name("starter")); }), ErrorCode::kForbidden);
  writer_->copy(name("starter"), name("mine"));
  EXPECT_EQ(read_layer(*store_->require("mine").find_layer("model")), "weights")
      << "a manifest of one root may name blobs of another";
  EXPECT_THAT(writer_->remove(name("mine")).blobs, IsEmpty());
  EXPECT_EQ(read_layer(*store_->require("starter").find_layer("model")), "weights");
}

TEST_F(StoreWriterTest, ABlobThatSomebodyHoldsStays) {
  add("mine", "weights");
  {
    const BlobHold hold = writer_->hold(digest("weights"));
    writer_->remove(name("mine"));
    writer_->prune({0s, 0s});
    EXPECT_TRUE(fs::exists(blob("weights")));
  }
  make_old(blob("weights"));
  EXPECT_THAT(writer_->prune().blobs, SizeIs(1));
}

TEST_F(StoreWriterTest, PruningTakesOnlyWhatIsOldAndUnused) {
  add("mine", "used");
  writer_->add_blob(kModelType, "fresh");
  writer_->add_blob(kModelType, "stale");
  const std::string partial = blob("never finished").string() + "-partial";
  write(partial, "");
  write(partial + "-0", "{}");
  write(blobs_folder(home_ / "own") / "incoming-1", "killed");
  write(blobs_folder(home_ / "own") / "somebody's notes", "");
  write(home_ / "own/manifests/.incoming-1", "{");
  make_old(home_ / "own/manifests/.incoming-1");
  for (const auto& file : blob_files()) make_old(blobs_folder(home_ / "own") / file);
  fs::last_write_time(blob("fresh"), fs::file_time_type::clock::now());
  EXPECT_THAT(writer_->prune().blobs, testing::ElementsAre(digest("stale")));
  EXPECT_FALSE(fs::exists(home_ / "own/manifests/.incoming-1")) << "a killed writer's";
  EXPECT_THAT(blob_files(), SizeIs(4)) << "weights, config, fresh, notes";
  EXPECT_TRUE(fs::exists(blobs_folder(home_ / "own") / "somebody's notes"));
}

TEST_F(StoreWriterTest, AForeignBlobIsUnverifiedUntilItIsHashed) {
  add_foreign(home_ / "own", "theirs", "weights");
  EXPECT_EQ(writer_->blob_state(digest("weights")), BlobState::kUnverified);
  EXPECT_TRUE(writer_->verify_blob(digest("weights")));
  EXPECT_EQ(writer_->blob_state(digest("weights")), BlobState::kVerified);
  write(blob("weights"), "changed since");
  EXPECT_EQ(writer_->blob_state(digest("weights")), BlobState::kUnverified);
  EXPECT_FALSE(writer_->verify_blob(digest("weights")));
  EXPECT_EQ(writer_->blob_state(digest("weights")), BlobState::kAbsent);
  EXPECT_EQ(read(bad_blob_path(blob("weights"))), "changed since") << "moved aside, not lost";
}

TEST_F(StoreWriterTest, SymbolicLinksAreReadAndNeverWrittenThrough) {
  const fs::path elsewhere = home_ / "own" / "elsewhere";  // still below the root
  add_foreign(elsewhere, "x", "weights");
  fs::create_directories(blobs_folder(home_ / "own"));
  const fs::path target = *find_blob_path(elsewhere, digest("weights"));
  fs::create_symlink(target, blob("weights"));
  EXPECT_TRUE(writer_->verify_blob(digest("weights")));
  add("mine", "weights");
  writer_->remove(name("mine"));
  EXPECT_FALSE(fs::exists(fs::symlink_status(blob("weights"))));
  EXPECT_EQ(read(target), "weights") << "the link goes, not what it points to";

  fs::create_symlink(blob("loop"), blob("loop"));
  EXPECT_EQ(writer_->blob_state(digest("loop")), BlobState::kAbsent);
  fs::create_symlink("/etc/passwd", blob("out"));
  EXPECT_EQ(writer_->blob_state(digest("out")), BlobState::kAbsent);
}

TEST_F(StoreWriterTest, APipeUnderABlobsNameBlocksNobody) {
  add_foreign(home_ / "own", "x", "weights");
  fs::remove(blob("weights"));
  ASSERT_EQ(mkfifo(blob("weights").c_str(), 0600), 0);
  EXPECT_EQ(writer_->blob_state(digest("weights")), BlobState::kAbsent);
  EXPECT_THAT(store_->list(), IsEmpty()) << "its config cannot be read";
}

TEST_F(StoreWriterTest, AFullDiskIsNamedWithWhatWouldHelpAndLeavesNothing) {
  // A limit on the size of files fails a write as a full disk would.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tiny{1U << 16U, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tiny);
  try {
    BlobWriter writer(home_ / "own");
    writer.write(std::string(1U << 17U, 'x'));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory);
    EXPECT_THAT(error.what(), HasSubstr(home_.string()));
    EXPECT_THAT(error.detail(), HasSubstr("HAILSTONE_MODELS"));
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(blob_files(), IsEmpty());
  EXPECT_EQ(code_of([&] {
              BlobWriter(home_ / "own", {std::nullopt, ByteSize::gib(1U << 30U)});
            }),
            ErrorCode::kOutOfMemory);
}

TEST_F(StoreWriterTest, AFolderThatMayNotBeWrittenIsNamed) {
  if (geteuid() == 0) {
    // Root may write everywhere but through a file.
    write(home_ / "own", "a file where the folder should be");
    EXPECT_EQ(code_of([&] { writer_->add_blob("x", "y"); }), ErrorCode::kEngineFailed);
    return;
  }
  fs::create_directories(home_ / "own");
  fs::permissions(home_ / "own", fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(code_of([&] { writer_->add_blob("x", "y"); }), ErrorCode::kForbidden);
  fs::permissions(home_ / "own", fs::perms::owner_all);
}

}  // namespace
}  // namespace hailstone::core
