// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engines/llama/engine.hpp"
#include "engines/llama/programs/runtime_tree.hpp"
#include "engines/llama/testing/micro_gguf.hpp"
#include "engines/llama/testing/real_server.hpp"

namespace hailstone::engines::llama {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(QuantizeEngine, ReallyQuantizes) {
  const auto options = testing::real_server();
  if (!find_tool("llama-quantize", {}, options.runtime_dirs)) GTEST_SKIP() << "no llama-quantize";
  const auto engine = make_llama_engine(options);
  const testing::TempFile model("model.gguf", testing::micro_gguf());
  const testing::TempFile out("out.gguf", "");
  engine->quantize({model.path(), out.path(), "Q8_0"}, [](double) {}, {Deadline::in(60s), {}});
  inference::ModelSpec spec;
  spec.weights = out.path();
  EXPECT_EQ(engine->describe(spec, inference::FactDetail::kBrief).quantization, "Q8_0");
}

TEST(QuantizeEngine, SaysWhatIsMissing) {
  LlamaOptions options;
  options.server = "/nonexistent/llama-server";
  try {
    make_llama_engine(options)->quantize({"a", "b", "Q8_0"}, [](double) {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("llama-quantize is missing"));
  }
}

}  // namespace
}  // namespace hailstone::engines::llama
