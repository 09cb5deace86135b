// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/workers/worker_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "core/workers/worker_file.hpp"

namespace hailstone::core {
namespace {

namespace fs = std::filesystem;
using inference::FieldKind;
using inference::WorkerKind;
using inference::WorkerResult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kFile = "/etc/workers.d/mean.toml";

std::string problem_of(const std::string& text) {
  try {
    parse_worker_file(text, kFile);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(WorkerFile, SaysAllThereIsToSay) {
  const auto worker = parse_worker_file(R"(
name = "mean"
module = "mean.py"
description = "how bright"
route = "/api/mean"
result = "picture"
timeout = 5
lane = "batch"
parallel = 2
host_bytes = 1000
npu_bytes = 2000
devices = ["/dev/hailo0"]
read = ["data"]
network = "local"
[environment]
LEVEL = "3"
[fields.image]
type = "file"
media = ["image/*"]
required = true
[fields.level]
type = "integer"
min = 0
max = 10
default = 3
)",
                                        kFile);
  EXPECT_EQ(worker.name, "mean");
  EXPECT_EQ(worker.kind, WorkerKind::kFunction);
  EXPECT_EQ(worker.result, WorkerResult::kPicture);
  EXPECT_EQ(worker.timeout, std::chrono::seconds(5));
  EXPECT_EQ(worker.lane, Lane::kBatch);
  EXPECT_EQ(worker.parallel, 2);
  EXPECT_EQ(worker.npu.count(), 2000U);
  EXPECT_THAT(worker.cage.read, ElementsAre("/etc/workers.d/data"));
  EXPECT_EQ(worker.cage.network, inference::WorkerNetwork::kLocal);
  EXPECT_EQ(worker.environment.at("LEVEL"), "3");
  ASSERT_THAT(worker.fields, SizeIs(2));
  EXPECT_EQ(worker.find_field("image")->kind, FieldKind::kFile);
  EXPECT_EQ(worker.find_field("level")->fallback, "3");
  EXPECT_EQ(worker.find_field("level")->max, 10);
}

TEST(WorkerFile, NamesWhatIsWrongAndWhere) {
  const std::string good = "name = \"mean\"\nmodule = \"mean.py\"\n";
  EXPECT_EQ(problem_of(good), "none");
  EXPECT_THAT(problem_of("name = "), HasSubstr("/etc/workers.d/mean.toml:1"));
  EXPECT_THAT(problem_of("name = \"mean\""), HasSubstr("module is missing"));
  EXPECT_THAT(problem_of("name = \"Mean!\"\nmodule = \"m\""), HasSubstr(":1: name"));
  EXPECT_THAT(problem_of(good + "modul = 1"), HasSubstr(":3: modul is not a field"));
  EXPECT_THAT(problem_of(good + "kind = \"service\""), HasSubstr("known: function, stream"));
  EXPECT_THAT(problem_of(good + "kind = \"command\""), HasSubstr("command must be a list"));
  EXPECT_THAT(problem_of(good + "route = \"/api/../x\""), HasSubstr("route must be a path"));
  EXPECT_THAT(problem_of(good + "parallel = 0"), HasSubstr("parallel must be"));
  EXPECT_THAT(problem_of(good + "[fields.a]\ntyp = \"text\""), HasSubstr(":4: field 'a': typ"));
  EXPECT_THAT(problem_of(good + "[fields.a]\ntype = \"integer\"\ndefault = \"x\""),
              HasSubstr(":5: field 'a': default must be of the field's type"));
  EXPECT_THAT(problem_of(good + "[fields.a]\nmin = 3\nmax = 2"), HasSubstr("max is below min"));
}

class WorkerFilesTest : public testing::Test {
 protected:
  WorkerFilesTest() { fs::remove_all(root_); }
  ~WorkerFilesTest() override { fs::remove_all(root_); }
  void write(const std::string& where, const std::string& text) const {
    fs::create_directories((root_ / where).parent_path());
    std::ofstream(root_ / where) << text;
  }
  static std::string worker(const std::string& name, const std::string& more = "") {
    return "name = \"" + name + "\"\nmodule = \"m.py\"\n" + more;
  }
  const fs::path root_ = fs::temp_directory_path() / ("workers-" + std::to_string(::getpid()));
};

TEST_F(WorkerFilesTest, ABadFileIsLeftOutAndALaterFolderWins) {
  write("system/a.toml", worker("one", "timeout = 1"));
  write("system/b.toml", "name = ");
  write("system/two/worker.toml", worker("two"));
  write("home/a.toml", worker("one", "timeout = 2"));
  WorkerFiles files({root_ / "system", root_ / "home", root_ / "missing"});
  EXPECT_TRUE(files.refresh());
  const auto table = files.table();
  ASSERT_THAT(table->workers, SizeIs(2));
  EXPECT_EQ(table->find("one")->timeout, std::chrono::seconds(2));
  EXPECT_NE(table->find("two"), nullptr);
  EXPECT_EQ(table->find("three"), nullptr);
  EXPECT_THAT(table->problems, ElementsAre(HasSubstr("system/b.toml:1")));
}

TEST_F(WorkerFilesTest, FilesThatComeChangeOrGoAreSeen) {
  WorkerFiles files({root_ / "home"});
  EXPECT_FALSE(files.refresh());
  write("home/one/worker.toml", worker("one"));
  EXPECT_TRUE(files.refresh());
  EXPECT_FALSE(files.refresh());
  const auto before = files.table()->find("one");
  write("home/one/m.py", "code");
  EXPECT_TRUE(files.refresh());
  EXPECT_NE(files.table()->find("one")->version, before->version);
  fs::remove_all(root_ / "home/one");
  EXPECT_TRUE(files.refresh());
  EXPECT_THAT(files.table()->workers, SizeIs(0));
}

}  // namespace
}  // namespace hailstone::core
