// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "services/library/catalog/routes.hpp"
#include "services/library/catalog/service.hpp"
#include "services/library/catalog/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::catalog {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(CatalogWire, IsExact) {
  Offer offer;
  offer.model.name = "m";
  offer.model.task = "detect";
  offer.model.description = "small";
  offer.model.licence = "MIT";
  offer.model.parameters = "1M";
  offer.model.labels = "coco80";
  offer.size = ByteSize::bytes(7);
  OfferedVariant variant;
  variant.variant.engine = "hailo";
  variant.variant.format = "hef";
  variant.variant.runtime = "5.2";
  variant.usable = true;
  offer.variants = {variant};
  EXPECT_EQ(write_catalog({{offer}, {}}),
            R"({"models":[{"name":"m","task":"detect","description":"small","licence":"MIT",)"
            R"("permissive":true,"default":false,"size":7,"installed":false,"loaded":false,)"
            R"("parameters":"1M","labels":"coco80","variants":[{"engine":"hailo","format":"hef",)"
            R"("size":null,"usable":true,"installed":false,"chosen":false,"runtime":"5.2"}]}]})");
  EXPECT_EQ(write_catalog({{}, {"f:1: bad"}}), R"({"models":[],"problems":["f:1: bad"]})");
}

TEST(CatalogWire, RecommendsWhatCanBeTalkedToHere) {
  const auto offer = [](const char* name, const char* task, const char* licence, bool usable) {
    Offer out;
    out.model.name = name;
    out.model.task = task;
    out.model.licence = licence;
    out.variants.resize(1);
    out.variants[0].usable = usable;
    return out;
  };
  CatalogList list;
  list.offers = {offer("a", "chat", "CC-BY-NC-4.0", true), offer("b", "chat", "MIT", true),
                 offer("c", "chat", "MIT", false), offer("d", "detect", "MIT", true),
                 offer("e", "vlm", "MIT", true)};
  list.offers[4].model.is_default = true;
  list.offers[4].variants[0].variant.npu_memory = ByteSize::bytes(7);
  EXPECT_EQ(write_recommendations(list),
            R"({"recommendations":[{"model":"e","description":"","vram_bytes":7},)"
            R"({"model":"b","description":""},{"model":"a","description":""}]})");
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() {
    std::filesystem::create_directories(folder());
    write("mine.toml", R"([[model]]
name = "echo"
task = "chat"
licence = "MIT"
variant = [
  { engine = "fake", format = "gguf", file = [{ url = "https://example.com/e", size = 5 }] },
  { engine = "llama", format = "gguf", registry = "echo:2b" },
]

[[model]]
name = "yolo"
task = "detect"
licence = "AGPL-3.0-only"
variant = [{ engine = "hailo", format = "hef", file = [{ url = "https://example.com/y" }] }]
)");
    add_catalog_routes(daemon_.router, service_);
  }

  std::filesystem::path folder() const { return daemon_.files.root() / "catalog"; }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder() / file) << text;
  }
  Json list(const CatalogQuery& query = {}) const {
    return Json::parse(write_catalog(service_.list(query)))["models"];
  }
  std::vector<std::string> names(const CatalogQuery& query) const {
    std::vector<std::string> out;
    for (const Json& model : list(query)) out.push_back(model["name"]);
    return out;
  }

  test_support::FakeDaemon daemon_;
  CatalogService service_{{folder()}, daemon_.models};
};

TEST_F(CatalogTest, TellsWhatWorksHereAndWhatAPullWouldTake) {
  const Json models = Json::parse(daemon_.get("/api/catalog")->reply.body())["models"];
  ASSERT_THAT(models, SizeIs(2));
  EXPECT_EQ(models[0]["name"], "echo");
  EXPECT_EQ(models[0]["size"], 5);
  EXPECT_EQ(models[0]["variants"][0]["usable"], true);
  EXPECT_EQ(models[0]["variants"][0]["chosen"], true);
  EXPECT_EQ(models[0]["variants"][1]["usable"], false);
  EXPECT_EQ(models[0]["variants"][1]["registry"], "echo:2b");
  EXPECT_EQ(models[1]["size"], nullptr);
  EXPECT_EQ(models[1]["permissive"], false);
}

TEST_F(CatalogTest, FiltersByTaskAndEngine) {
  EXPECT_THAT(names({"detect", ""}), ElementsAre("yolo"));
  EXPECT_THAT(names({"", "llama"}), ElementsAre("echo"));
  EXPECT_THAT(names({"detect", "llama"}), ElementsAre());
  EXPECT_EQ(parse_query({{"task", "detect"}, {"x", "y"}}).task, "detect");
}

TEST_F(CatalogTest, RefusesAWordThatItDoesNotKnow) {
  try {
    service_.list({"detekt", ""});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    EXPECT_STREQ(error.what(), "unknown task 'detekt'");
    EXPECT_THAT(error.detail(), HasSubstr("chat, "));
  }
  EXPECT_THROW(service_.list({"", "tpu"}), Error);
}

TEST_F(CatalogTest, TellsWhatIsInstalledAndLoaded) {
  EXPECT_EQ(list()[0]["installed"], false);
  daemon_.files.add({.name = "echo:fake"});
  EXPECT_EQ(list()[0]["installed"], true);
  EXPECT_EQ(list()[0]["variants"][0]["installed"], true);
  EXPECT_EQ(list()[0]["variants"][1]["installed"], false);
  EXPECT_EQ(list()[0]["loaded"], false);
  const auto lease =
      daemon_.models.acquire(daemon_.models.choose("echo:fake", {}), std::nullopt, {});
  EXPECT_EQ(list()[0]["loaded"], true);
  EXPECT_EQ(list()[1]["loaded"], false);
}

TEST_F(CatalogTest, AChangeOfAFileShowsAtOnceAndAMistakeIsReported) {
  write("more.toml", "[[model]]\nname = \"x\"\n");
  const CatalogList broken = service_.list({});
  EXPECT_THAT(broken.offers, SizeIs(2));
  EXPECT_THAT(broken.problems, ElementsAre(HasSubstr("more.toml:1: model 'x': task is missing")));
  write("more.toml", "");
  EXPECT_THAT(service_.list({}).problems, SizeIs(0));
}

}  // namespace
}  // namespace hailstone::catalog
