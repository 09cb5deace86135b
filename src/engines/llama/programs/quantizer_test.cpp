// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/quantizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "engines/llama/testing/micro_gguf.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

/// A shell script in the place of the tool.
class Quantizer : public ::testing::Test {
 protected:
  void write_tool(const std::string& script) {
    std::ofstream(tool_.path()) << "#!/bin/sh\n" << script;
    fs::permissions(tool_.path(), fs::perms::owner_all);
  }
  void quantize(const RunContext& run = {Deadline::in(20s), {}}) {
    run_quantizer(
        {{tool_.path()}, {}}, {"in", out_.path(), type_}, 3,
        [this](double fraction) { seen_.push_back(fraction); }, run);
  }
  std::string refusal(ErrorCode code, const RunContext& run = {Deadline::in(20s), {}}) {
    try {
      quantize(run);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "no error";
  }

  const testing::TempFile tool_{"tool", ""};
  const testing::TempFile out_{"out", ""};
  std::string type_ = "Q4_K_M";
  std::vector<double> seen_;
};

TEST_F(Quantizer, ReadsTheToolsLog) {
  EXPECT_EQ(find_progress("[  12/  48] blk.0"), 0.25);
  for (const char* line : {"", "[", "[1/", "[1/0]", "[3/2]", "[a/b]", "1/2]", "[1/2", "llama"}) {
    EXPECT_FALSE(find_progress(line)) << line;
  }
}

TEST_F(Quantizer, TellsHowFarItIs) {
  write_tool("echo '[ 1/ 2] a' >&2; echo \"$2 $3 $4\" > \"$2\"");
  quantize();
  EXPECT_EQ(seen_.back(), 1);
  std::ifstream in(out_.path());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}),
            out_.path().string() + " Q4_K_M 3\n");
}

TEST_F(Quantizer, AFailureSaysWhatTheToolSaid) {
  write_tool("echo 'the tensor is broken' >&2; exit 1");
  EXPECT_THAT(refusal(ErrorCode::kEngineFailed), HasSubstr("the tensor is broken"));
}

TEST_F(Quantizer, AnUnknownTypeIsRefusedBeforeAnythingRuns) {
  type_ = "Q9_Z";
  EXPECT_EQ(refusal(ErrorCode::kBadRequest), "unsupported quantization type Q9_Z");
}

TEST_F(Quantizer, EndsWithTheOneWhoAsked) {
  write_tool("exec sleep 600");
  refusal(ErrorCode::kTimeout, {Deadline::in(20ms), {}});
  std::stop_source stop;
  stop.request_stop();
  refusal(ErrorCode::kCancelled, {Deadline::never(), stop.get_token()});
}

}  // namespace
}  // namespace hailstone::engines::llama
