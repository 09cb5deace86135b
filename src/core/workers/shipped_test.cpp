// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The workers that come with the program can be read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/workers/worker_files.hpp"

namespace hailstone::core {
namespace {

TEST(ShippedWorkers, AreAllWithoutMistakes) {
  WorkerFiles files({HAILSTONE_WORKERS});
  files.refresh();
  EXPECT_THAT(files.table()->problems, testing::IsEmpty());
  EXPECT_GT(files.table()->workers.size(), 30U);
}

}  // namespace
}  // namespace hailstone::core
