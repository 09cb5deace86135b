// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/error.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/manifest.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using testing::HasSubstr;

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-store-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(home_); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }

  static std::string add_blob(const fs::path& root, const std::string& bytes) {
    const std::string hex = sha256_hex(bytes);
    write(root / "blobs" / ("sha256-" + hex), bytes);
    return "sha256:" + hex;
  }

  static void add_model(const fs::path& root, const std::string& path, const std::string& weights) {
    const std::string config =
        R"({"model_format":"gguf","model_family":"llama","model_families":["llama"],)"
        R"("model_type":"1.2B","file_type":"Q4_K_M","hailstone":{"task":"chat","decoder":"yolox",)"
        R"("licence":"MIT","settings":{"a":1}}})";
    write(root / "manifests" / path,
          R"({"schemaVersion":2,"config":{"mediaType":"x","digest":")" + add_blob(root, config) +
              R"(","size":)" + std::to_string(config.size()) +
              R"(},"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":")" +
              add_blob(root, weights) + R"(","size":)" + std::to_string(weights.size()) + "}]}");
  }

  fs::path home_;
};

TEST_F(StoreTest, ABlobIsAFileOfTheStoreOrNothing) {
  const fs::path root = home_ / "models";
  add_model(root, "registry.ollama.ai/library/good/latest", "good weights");
  add_model(root, "registry.ollama.ai/library/bad/latest", "bad weights");
  const Store store({root, home_ / "other"});
  const fs::path blob = root / "blobs" / ("sha256-" + sha256_hex("bad weights"));
  const auto expect_only = [&](std::size_t count) {
    EXPECT_EQ(store.list().size(), count);
    EXPECT_EQ(store.find(parse_model_name("bad")).has_value(), count == 2);
    EXPECT_EQ(store.find_blob("sha256:" + sha256_hex("bad weights")).has_value(), count == 2);
  };
  expect_only(2);
  fs::remove(blob);
  fs::create_symlink("/etc/passwd", blob);
  expect_only(1);
  fs::remove(blob);
  ASSERT_EQ(::mkfifo(blob.c_str(), 0600), 0);
  expect_only(1);
  fs::remove(blob);
  write(home_ / "other/blobs/x", "bad weights");
  fs::create_symlink(home_ / "other/blobs/x", blob);
  expect_only(2);
}

const char* const kLlama = "registry.ollama.ai/library/llama3.2/1b";

TEST(ModelName, FillsInTheDefaultsAndLeavesThemOutAgain) {
  for (const auto& [text, shown] : std::vector<std::pair<std::string, std::string>>{
           {"mistral", "mistral:latest"},
           {"llama3.2:1b", "llama3.2:1b"},
           {"me/mine", "me/mine:latest"},
           {"hf.co/a/b:Q4_K_M", "hf.co/a/b:Q4_K_M"},
           {"localhost:5000/a/b", "localhost:5000/a/b:latest"},
           {"https://registry.ollama.ai/library/x", "x:latest"}}) {
    EXPECT_EQ(parse_model_name(text).display(), shown) << text;
  }
}

TEST(ModelName, RefusesWhatCouldBecomeAPath) {
  for (const std::string& bad :
       {std::string(""), std::string("../../etc/passwd"), std::string("a/../b"), std::string("."),
        std::string(".."), std::string("a:"), std::string(":b"), std::string("/a"),
        std::string("a//b"), std::string("a b"), std::string("a\nb"), std::string("a\0b", 3),
        std::string("x/y/z/w"), std::string("a:b:c"), std::string("na.me/model"), std::string("-a"),
        std::string(81, 'a'), std::string("\xC3\xA9")}) {
    EXPECT_FALSE(find_model_name(bad)) << bad;
  }
}

TEST(Digest, OnlyAWholeSha256BecomesAPath) {
  const std::string hex(64, 'a');
  EXPECT_EQ(find_blob_path("/r", "sha256:" + hex), fs::path("/r/blobs/sha256-" + hex));
  EXPECT_EQ(find_blob_path("/r", "sha256-" + std::string(64, 'A')),
            fs::path("/r/blobs/sha256-" + hex));
  for (const std::string& bad :
       {std::string("sha256:../../x"), "sha256:" + hex.substr(1), "sha256:" + hex + "a",
        "sha512:" + hex, "sha256:" + std::string(63, 'a') + "/", "sha256:" + std::string(64, '%'),
        std::string("sha256:") + std::string(63, 'a') + std::string(1, '\0'), std::string()}) {
    EXPECT_FALSE(find_blob_path("/r", bad)) << bad;
  }
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(StoreTest, FindsAModelWithoutCaringAboutCase) {
  add_model(home_, kLlama, "weights");
  const Store store({home_});
  const auto model = store.find(parse_model_name("LLAMA3.2:1B"));
  ASSERT_TRUE(model);
  EXPECT_EQ(model->name.display(), "llama3.2:1b");
  EXPECT_EQ(model->engine, "llama");
  EXPECT_EQ(model->parameter_size, "1.2B");
  EXPECT_EQ(model->settings.at("a"), "1");
  EXPECT_EQ(model->decoder, "yolox");
  EXPECT_EQ(model->licence, "MIT");
  EXPECT_EQ(read_layer(*model->find_layer("model")), "weights");
  EXPECT_EQ(model->find_layer("template"), nullptr);
}

TEST_F(StoreTest, ListsEveryRootAndLetsTheFirstWin) {
  add_model(home_ / "own", kLlama, "mine");
  add_model(home_ / "shipped", kLlama, "theirs");
  add_model(home_ / "shipped", "registry.ollama.ai/library/starter-chat/latest", "starter");
  const Store store({home_ / "own", home_ / "missing", home_ / "shipped"});
  EXPECT_EQ(store.list().size(), 2U);
  EXPECT_EQ(read_layer(*store.require("llama3.2:1b").find_layer("model")), "mine");
}

TEST_F(StoreTest, SeesAChangeOnDisk) {
  add_model(home_, kLlama, "old");
  const Store store({home_});
  const std::string before = store.require("llama3.2:1b").digest;
  fs::remove(home_ / "manifests" / kLlama);
  EXPECT_THROW(store.require("llama3.2:1b"), Error);
  add_model(home_, kLlama, "newer");
  EXPECT_NE(store.require("llama3.2:1b").digest, before);
}

TEST_F(StoreTest, AnUnknownModelIsRefusedWithWhatIsThere) {
  add_model(home_, kLlama, "weights");
  const Store store({home_});
  try {
    store.require("nope");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_STREQ(error.what(), "model 'nope' not found");
    EXPECT_THAT(error.detail(), HasSubstr("llama3.2:1b"));
  }
}

TEST_F(StoreTest, ABrokenManifestDoesNotHideTheOthers) {
  add_model(home_, kLlama, "weights");
  write(home_ / "manifests/registry.ollama.ai/library/broken/latest", "{\"layers\":");
  write(home_ / "manifests/registry.ollama.ai/library/evil/latest",
        R"({"layers":[{"mediaType":"x","digest":"sha256:../../../etc/passwd","size":1}]})");
  const Store store({home_});
  EXPECT_EQ(store.list().size(), 1U);
}

TEST(Manifest, NamesWhatIsWrong) {
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "not a JSON object"},
           {"{}", "no layers"},
           {R"({"layers":[1]})", "not an object"},
           {R"({"layers":[{"digest":"sha256:00","size":1}]})", "digest"},
           {R"({"layers":[{"digest":"sha256:)" + std::string(64, '0') + R"(","size":-1}]})",
            "size"}}) {
    try {
      parse_manifest(text, "/r");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(what));
    }
  }
}

}  // namespace
}  // namespace hailstone::core
