// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/resolve.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

CatalogVariant variant(const std::string& engine, const std::string& runtime = {}) {
  CatalogVariant out;
  out.engine = engine;
  out.runtime = runtime;
  out.files = {{"model", "https://example.com/" + engine, {}, {}}};
  return out;
}

CatalogVariant registry_variant(const std::string& name) {
  CatalogVariant out;
  out.engine = "llama";
  out.registry = name;
  return out;
}

CatalogModel model(const std::string& name, const std::string& task,
                   std::vector<CatalogVariant> variants, bool is_default = false) {
  CatalogModel out;
  out.name = name;
  out.task = task;
  out.is_default = is_default;
  out.variants = std::move(variants);
  return out;
}

const Catalog& catalog() {
  static const Catalog all(
      {model("yolox-tiny", "detect",
             {variant("hailo", "5.1.1"), variant("hailo", "5.2"), variant("onnx")}, true),
       model("rtmo-s", "pose", {variant("onnx")}, true),
       model("centerpose", "pose", {variant("hailo", "5.2")}, true),
       model("qwen2.5:1.5b", "chat",
             {variant("hailo", "5.4"), registry_variant("qwen2.5:1.5b-instruct")})});
  return all;
}

using Usable = std::vector<UsableEngine>;

std::string chosen(const std::string& name, const Usable& usable, const FindSpeed& speed = {}) {
  const auto target = resolve_pull(catalog(), name, {usable, speed});
  if (const auto* files = std::get_if<FilesTarget>(&target)) {
    return files->variant->engine + " " + files->variant->runtime;
  }
  return "registry " + std::get<RegistryTarget>(target).remote.display();
}

TEST(Resolve, TakesTheAcceleratorForVisionWhereItWorks) {
  EXPECT_EQ(chosen("yolox-tiny", {{"onnx", ""}, {"hailo", "5.2.0"}}), "hailo 5.2");
  EXPECT_EQ(chosen("yolox-tiny", {{"onnx", ""}}), "onnx ");
  EXPECT_EQ(chosen("yolox-tiny", {{"hailo", "5.3.0"}}), "hailo 5.2");
}

TEST(Resolve, TakesTheNewestThatTheRuntimeLoads) {
  EXPECT_EQ(chosen("yolox-tiny", {{"hailo", "5.1.1"}}), "hailo 5.1.1");
  EXPECT_EQ(chosen("yolox-tiny", {{"hailo", "5.10.0"}}), "hailo 5.2");
  EXPECT_EQ(chosen("yolox-tiny", {{"hailo", "5.0"}, {"onnx", ""}}), "onnx ");
  EXPECT_EQ(chosen("yolox-tiny", {{"hailo", ""}}), "hailo 5.1.1");
}

TEST(Resolve, FetchesForTheProcessorWhereNothingWorks) {
  EXPECT_EQ(chosen("yolox-tiny", {}), "onnx ");
  EXPECT_EQ(chosen("rtmo-s", {}), "onnx ");
}

TEST(Resolve, TakesTheProcessorForLanguage) {
  const Usable both = {{"hailo", "5.4.0"}, {"llama", ""}};
  EXPECT_EQ(chosen("qwen2.5:1.5b", both), "registry qwen2.5:1.5b-instruct");
  EXPECT_EQ(chosen("qwen2.5:1.5b", {{"hailo", "5.4.0"}}), "hailo 5.4");
}

TEST(Resolve, TakesTheVariantThatWasMeasuredFaster) {
  const Usable both = {{"onnx", ""}, {"hailo", "5.2.0"}};
  const auto speeds = [](double onnx, double hailo) {
    return [=](const CatalogModel& measured, const std::string& engine) -> std::optional<Speed> {
      EXPECT_EQ(measured.name, "yolox-tiny");
      const double per_second = engine == "onnx" ? onnx : hailo;
      if (per_second == 0) return std::nullopt;
      return Speed{SpeedKind::kRuns, per_second, {}, {}, {}, 1};
    };
  };
  EXPECT_EQ(chosen("yolox-tiny", both, speeds(30, 20)), "onnx ");
  EXPECT_EQ(chosen("yolox-tiny", both, speeds(20, 30)), "hailo 5.2");
  EXPECT_EQ(chosen("yolox-tiny", both, speeds(30, 0)), "hailo 5.2");
  EXPECT_EQ(chosen("yolox-tiny:hailo", both, speeds(30, 20)), "hailo 5.2");
}

TEST(Resolve, AnExplicitEngineIsTakenInAnyCase) {
  EXPECT_EQ(chosen("yolox-tiny:onnx", {{"hailo", "5.2.0"}}), "onnx ");
  EXPECT_EQ(chosen("yolox-tiny:hailo", {}), "hailo 5.1.1");
  EXPECT_EQ(chosen("yolox-tiny:hailo", {{"hailo", "5.2.0"}}), "hailo 5.2");
  EXPECT_EQ(chosen("qwen2.5:1.5b-hailo", {}), "hailo 5.4");
  EXPECT_EQ(chosen("YOLOX-Tiny:ONNX", {}), "onnx ");
}

TEST(Resolve, OtherNamesAreOfARegistry) {
  EXPECT_EQ(chosen("mistral", {}), "registry mistral:latest");
  EXPECT_EQ(chosen("qwen2.5:7b", {}), "registry qwen2.5:7b");
  EXPECT_EQ(chosen("qwen2.5", {}), "registry qwen2.5:latest");
  EXPECT_EQ(chosen("yolox-tiny:tpu", {}), "registry yolox-tiny:tpu");
  EXPECT_EQ(chosen("hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", {}),
            "registry hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M");
  EXPECT_EQ(chosen("localhost:5000/a/yolox-tiny", {}),
            "registry localhost:5000/a/yolox-tiny:latest");
  EXPECT_EQ(chosen("registry.ollama.ai/library/yolox-tiny", {}), "registry yolox-tiny:latest");
  EXPECT_THROW(chosen("../x", {}), Error);
}

TEST(Resolve, StoresUnderTheNameThatTheUserGave) {
  const auto files = std::get<FilesTarget>(resolve_pull(catalog(), "yolox-tiny:onnx", Usable()));
  EXPECT_EQ(files.name.display(), "yolox-tiny:onnx");
  const auto remote = std::get<RegistryTarget>(resolve_pull(catalog(), "qwen2.5:1.5b", Usable()));
  EXPECT_EQ(remote.name.display(), "qwen2.5:1.5b");
}

TEST(Resolve, AModelForAnAcceleratorThatIsNotHereIsRefusedByItsPlainName) {
  try {
    resolve_pull(catalog(), "centerpose", Usable{{"onnx", ""}});
    FAIL() << "a HEF was chosen for a machine without a Hailo";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_NE(error.detail().find("hailstone pull centerpose:hailo"), std::string::npos);
  }
  EXPECT_EQ(chosen("centerpose:hailo", {{"onnx", ""}}), "hailo 5.2");
  EXPECT_EQ(chosen("centerpose", {{"hailo", "5.2.0"}}), "hailo 5.2");
}

TEST(Resolve, ADefaultIsOneThatWorksHere) {
  EXPECT_EQ(find_default(catalog(), "pose", Usable{{"onnx", ""}})->name, "rtmo-s");
  EXPECT_EQ(find_default(catalog(), "pose", Usable{{"onnx", ""}, {"hailo", "5.2"}})->name,
            "centerpose");
  // What cannot run here is no advice.
  EXPECT_EQ(find_default(catalog(), "pose", Usable()), nullptr);
  EXPECT_FALSE(works_here(*catalog().find("centerpose:latest").model, Usable{{"onnx", ""}}));
  EXPECT_FALSE(works_here(*catalog().find("centerpose:latest").model, Usable{{"hailo", "5.1.1"}}));
  EXPECT_EQ(find_default(catalog(), "chat", Usable()), nullptr);
}

TEST(Resolve, RefusesAFileThatIsTooNewForTheRuntimeAndNamesOneThatRuns) {
  const Catalog catalog({model("new", "detect", {variant("hailo", "5.4")}),
                         model("old", "detect", {variant("hailo", "5.1.1")})});
  const Machine machine(Usable{{"hailo", "5.2.0"}});
  try {
    resolve_pull(catalog, "new:hailo", machine);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_STREQ(error.what(),
                 "the file of 'new' for hailo needs version 5.4 of its runtime, and 5.2.0 is "
                 "installed");
    EXPECT_EQ(error.detail(), "update it, or take one that runs with it: old");
  }
  EXPECT_NO_THROW(resolve_pull(catalog, "old:hailo", machine));
  EXPECT_NO_THROW(
      resolve_pull(catalog, "new:hailo", Machine(Usable{{"hailo", "5.4.0 (stand-in)"}})));
  EXPECT_NO_THROW(resolve_pull(catalog, "new:hailo", Machine(Usable{}))) << "nobody knows";
}

}  // namespace
}  // namespace hailstone::core
