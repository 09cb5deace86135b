// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/load_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::engines::llama {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;

/// In the shape of a model of one thousand million parameters.
Gguf model(std::uint64_t heads_kv = 8, std::uint64_t trained = 131072) {
  Gguf gguf;
  gguf.metadata = {{"general.architecture", std::string("llama")},
                   {"llama.block_count", std::uint64_t{16}},
                   {"llama.context_length", trained},
                   {"llama.embedding_length", std::uint64_t{2048}},
                   {"llama.feed_forward_length", std::uint64_t{8192}},
                   {"llama.attention.head_count", std::uint64_t{32}},
                   {"llama.attention.head_count_kv", heads_kv}};
  gguf.tensors = {{"a.weight", 12, {256}, 256}};
  gguf.file_bytes = 800 << 20;
  return gguf;
}

TEST(LoadPlan, TheContextHasAModestDefaultAndTheTrainedLimit) {
  EXPECT_EQ(make_plan(model(), {}, 1).context_length, 4096);
  EXPECT_EQ(make_plan(model(8, 512), {}, 1).context_length, 512);
  EXPECT_EQ(make_plan(model(), {.context_length = 8192}, 1).context_length, 8192);
  EXPECT_EQ(make_plan(model(8, 512), {.context_length = 8192}, 1).context_length, 512);
  EXPECT_GT(make_plan(model(8, ~std::uint64_t{0}), {.context_length = 1 << 30}, 1).context_length,
            0);
}

TEST(LoadPlan, TheCacheIsKnownToTheByte) {
  // 16 layers, 8 heads, keys and values, 64 wide, 2 bytes each
  EXPECT_EQ(make_plan(model(), {}, 1).slot_cache, ByteSize::bytes(16 * 8 * 2 * 64 * 2 * 4096));
  Gguf by_layer = model();
  inference::FactList heads{2, {std::uint64_t{8}, std::uint64_t{0}}};
  by_layer.metadata.back().second = heads;
  EXPECT_EQ(make_plan(by_layer, {}, 1).slot_cache, ByteSize::bytes(8 * 2 * 64 * 2 * 4096));
}

TEST(LoadPlan, SlotsAreAsManyAsStaySmallBesideTheModel) {
  EXPECT_EQ(make_plan(model(2), {}, 1).slots, 4);
  EXPECT_EQ(make_plan(model(8), {}, 1).slots, 2);
  EXPECT_EQ(make_plan(model(8), {.context_length = 65536}, 1).slots, 1);
  EXPECT_EQ(make_plan(model(8), {.parallel = 3}, 1).slots, 3);
}

TEST(LoadPlan, WishesWinOverDefaults) {
  const LoadPlan plan = make_plan(model(), {.threads = 3, .batch_size = 64}, 7);
  EXPECT_EQ(plan.threads, 3);
  EXPECT_EQ(plan.batch_size, 64);
  EXPECT_EQ(make_plan(model(), {}, 7).threads, 7);
}

TEST(LoadPlan, OnlyUnquantisedWeightsAreMapped) {
  Gguf gguf = model();
  EXPECT_FALSE(make_plan(gguf, {}, 1).use_mmap);
  gguf.tensors[0].type = 1;
  EXPECT_TRUE(make_plan(gguf, {}, 1).use_mmap);
  EXPECT_FALSE(make_plan(gguf, {.use_mmap = false}, 1).use_mmap);
}

TEST(LoadPlan, AnEmbeddingModelTakesAWholeInputInOneBatch) {
  Gguf gguf = model();
  gguf.metadata.emplace_back("llama.pooling_type", std::uint64_t{1});
  const LoadPlan plan = make_plan(gguf, {}, 1);
  EXPECT_TRUE(plan.embeds_only);
  EXPECT_EQ(plan.batch_size, plan.context_length);
  EXPECT_THAT(server_arguments(plan, {}, "/s.sock"), Not(Contains("--pooling")));
}

TEST(LoadPlan, TheEstimateCountsWeightsCachesAndTheProcess) {
  const LoadPlan plan = make_plan(model(), {}, 1);
  const ByteSize estimate = estimate_memory(model(), plan, 800 << 20);
  const ByteSize parts = ByteSize::mib(800) + plan.slot_cache + plan.slot_cache + plan.prompt_cache;
  EXPECT_GT(estimate, parts);
  EXPECT_LT(estimate, parts + ByteSize::mib(64));
}

TEST(LoadPlan, BecomesArguments) {
  inference::ModelSpec spec;
  spec.weights = "/models/a.gguf";
  spec.projectors = {"/models/p.gguf"};
  spec.adapters = {"/models/x.gguf", "/models/y.gguf"};
  const auto arguments = server_arguments(make_plan(model(), {.parallel = 2}, 3), spec, "/s.sock");
  EXPECT_THAT(arguments,
              IsSupersetOf({"/models/a.gguf", "/s.sock", "--mmproj", "/models/p.gguf", "--lora",
                            "/models/x.gguf,/models/y.gguf", "8192", "--offline", "--no-ui"}));
}

}  // namespace
}  // namespace hailstone::engines::llama
