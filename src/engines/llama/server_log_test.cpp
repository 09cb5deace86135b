// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/server_log.hpp"

#include <gtest/gtest.h>

namespace hailstone::engines::llama {
namespace {

TEST(ServerLog, TellsWhyAModelCannotBeLoaded) {
  ServerLog log;
  log.add("0.00.147.501 W srv  llama_server: security: no API key is set");
  log.add("0.00.154.711 E llama_model_load: error loading model: tensor 'a' is not within bounds");
  log.add("0.00.154.727 E llama_model_load_from_file_impl: failed to load model");
  log.add("0.00.156.378 E srv  llama_server: exiting due to model loading error");
  const Error error = log.load_error("exited with status 1");
  EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
  EXPECT_STREQ(error.what(), "the model cannot be loaded: tensor 'a' is not within bounds");
}

TEST(ServerLog, KnowsWhatIsUnsupportedAndWhatIsTooLarge) {
  ServerLog log;
  log.add("0.00.1 E llama_model_load: error loading model: unknown model architecture: 'x'");
  EXPECT_EQ(log.load_error("").code(), ErrorCode::kUnsupported);
  ServerLog other;
  other.add("0.00.1 E ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer");
  EXPECT_EQ(other.load_error("").code(), ErrorCode::kOutOfMemory);
}

TEST(ServerLog, WithoutAReasonSaysHowItEnded) {
  ServerLog log;
  log.add("Segmentation fault");
  const Error error = log.load_error("killed by signal 11");
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_STREQ(error.what(),
               "the llama engine ended while loading the model (killed by signal 11)");
}

}  // namespace
}  // namespace hailstone::engines::llama
