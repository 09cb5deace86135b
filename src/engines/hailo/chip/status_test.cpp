// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::engines::hailo {
namespace {

using testing::HasSubstr;

TEST(HailoStatus, EachSentenceSaysWhatToDoAndWhereToLookFurther) {
  for (int status = 1; status < 120; ++status) {
    const Error error = explain_status(status, "loading yolox", "VDevice::create (x)");
    EXPECT_THAT(error.what(), HasSubstr("loading yolox")) << status;
    EXPECT_THAT(error.detail(), HasSubstr("hailstone doctor")) << status;
    EXPECT_THAT(error.detail(), HasSubstr("VDevice::create (x)")) << status;
  }
}

TEST(HailoStatus, AChipThatSomebodyElseHasIsBusyAndMayBeAskedAgain) {
  for (const int status : {kHailoDeviceInUse, kHailoOutOfDevices}) {
    const Error error = explain_status(status, "opening", "x");
    EXPECT_EQ(error.code(), ErrorCode::kBusy);
    EXPECT_TRUE(error.retry_after().has_value());
    EXPECT_THAT(error.detail(), HasSubstr("hailo-ollama"));
    EXPECT_TRUE(means_taken(status));
  }
}

TEST(HailoStatus, MismatchedVersionsNameAllThree) {
  for (const int status : {76, 85, 86}) {
    const Error error = explain_status(status, "opening", "x");
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.detail(), HasSubstr("library, kernel driver and firmware"));
  }
}

TEST(HailoStatus, NoContiguousMemoryTellsTheLineForTheConfiguration) {
  const Error error = explain_status(81, "loading", "x");
  EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory);
  EXPECT_THAT(error.detail(), HasSubstr("dtoverlay=cma,cma-512"));
}

TEST(HailoStatus, ABrokenLineIsALostChip) {
  for (const int status : {kHailoCommunicationClosed, 77, kHailoConnectionRefused, 96}) {
    EXPECT_TRUE(means_lost(status));
    EXPECT_EQ(explain_status(status, "running", "x").code(), ErrorCode::kEngineFailed);
  }
  EXPECT_FALSE(means_lost(kHailoTimeout));
  EXPECT_FALSE(means_lost(kHailoInvalidOperation));
}

}  // namespace
}  // namespace hailstone::engines::hailo
