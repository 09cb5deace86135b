// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The Python package's host does what the contract says of calls, shared memory included.

#include <fstream>
#include <sstream>

#include "core/workers/worker_file.hpp"
#include "hosting/workers/worker_engine.hpp"
#include "hosting/workers/worker_log.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = HAILSTONE_TEST_WORKERS "/echo/worker.toml";

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

WorkerPtr echo() {
  return std::make_shared<const WorkerManifest>(
      core::parse_worker_file(read(kManifest), kManifest));
}

const fs::path kHome = fs::temp_directory_path() / ("worker-homes-" + std::to_string(::getpid()));

ContractSetup worker_host() {
  ContractSetup setup;
  setup.name = "Worker";
  setup.call = hosting::spec_of(*echo());
  setup.has_own_process = true;
  setup.make_engine = [] {
    return std::make_unique<hosting::WorkerEngine>(
        hosting::WorkerPlaces{"/usr/bin/python3", HAILSTONE_PYTHON, nullptr, kHome},
        [](std::string_view name) { return name == "echo" ? echo() : nullptr; },
        std::chrono::minutes(1));
  };
  return setup;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EngineContract);
INSTANTIATE_TEST_SUITE_P(Worker, CallContract, testing::Values(worker_host()), contract_name);

TEST(WorkerLog, StaysWithinItsBounds) {
  const fs::path file = kHome / "log";
  fs::create_directories(kHome);
  {
    hosting::WorkerLog log(file);
    const std::string line(10'000, 'x');
    for (int i = 0; i < 300; ++i) log.write(line);
    log.write("the end");
  }
  EXPECT_LT(fs::file_size(file), 2 * hosting::WorkerLog::kMostBytes);
  EXPECT_LT(fs::file_size(fs::path(file) += ".1"), 2 * hosting::WorkerLog::kMostBytes);
  EXPECT_TRUE(read(file).ends_with("Z the end\n"));
  fs::remove_all(kHome);
}

}  // namespace
}  // namespace hailstone::inference
