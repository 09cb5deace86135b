// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/models.hpp"

#include <gtest/gtest.h>

namespace hailstone::cli {
namespace {

constexpr std::int64_t kGigabyte = 1'000'000'000;

Json model(const char* name, const char* task, std::int64_t size) {
  return {
      {"name", name},     {"task", task},
      {"licence", "MIT"}, {"permissive", true},
      {"default", true},  {"installed", false},
      {"size", size},     {"variants", {{{"engine", "onnx"}, {"chosen", true}, {"usable", true}}}}};
}

std::vector<std::string> names(const std::vector<Json>& models, std::int64_t memory) {
  std::vector<std::string> out;
  for (const auto& one : choose_models({{"models", models}}, memory)) out.push_back(one.name);
  return out;
}

using Names = std::vector<std::string>;

TEST(ChooseModels, TakesOneForEachTaskInTheOrderOfUse) {
  EXPECT_EQ(names({model("a", "detect", 20'000'000), model("b", "chat", kGigabyte),
                   model("c", "detect", 30'000'000), model("d", "segment", 1000)},
                  6 * kGigabyte),
            (Names{"b", "a"}));
}

TEST(ChooseModels, LeavesOutWhatDoesNotFitAndTakesTheNextThatDoes) {
  EXPECT_EQ(names({model("large", "chat", 3 * kGigabyte), model("small", "chat", kGigabyte)},
                  4 * kGigabyte),
            (Names{"small"}));
  EXPECT_EQ(names({model("large", "chat", 3 * kGigabyte)}, 4 * kGigabyte), Names{});
}

TEST(ChooseModels, LeavesOutWhatIsHereOrNotMeantOrCannotRun) {
  auto here = model("here", "chat", 1000);
  here["installed"] = true;
  auto odd = model("odd", "detect", 1000);
  odd["default"] = false;
  auto bound = model("bound", "pose", 1000);
  bound["permissive"] = false;
  auto lame = model("lame", "ocr", 1000);
  lame["variants"][0]["usable"] = false;
  EXPECT_EQ(names({here, model("other", "chat", 1000), odd, bound, lame}, kGigabyte), Names{});
}

TEST(ChooseModels, EstimatesASizeThatOnlyARegistryKnows) {
  auto unknown = model("qwen3:0.6b", "chat", 0);
  unknown["size"] = nullptr;
  unknown["parameters"] = "0.6B";
  EXPECT_EQ(names({unknown}, 2 * kGigabyte), (Names{"qwen3:0.6b"}));
  EXPECT_EQ(names({unknown}, kGigabyte), Names{});
}

}  // namespace
}  // namespace hailstone::cli
