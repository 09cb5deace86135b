// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/people/people_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <iterator>
#include <latch>
#include <thread>

#include "base/error.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_store.hpp"

namespace hailstone::core {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

FaceEmbedding face(float x, float y) {
  return {"net:latest", "w1", {x, y}, {}};
}

class PeopleStoreTest : public testing::Test {
 protected:
  template <typename Call>
  Error refusal(Call call) {
    try {
      call();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorCode::kInternal, "");
  }

  std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test_support::TempStore folder_;
  test_support::ManualClock clock_;
  const fs::path file_ = folder_.root() / "people.db";
  PeopleStore store_{file_, clock_};
};

/// A file system of the given size at the folder, for this process alone. False where that is not
/// allowed.
bool mount_small_disk(const fs::path& folder, const char* size) {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, "") == 0 &&
         ::mount("none", folder.c_str(), "tmpfs", 0, size) == 0;
}

void fill(const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  while (out << std::string(1024, 'x') << std::flush) {
  }
}

enum Outcome { kGood, kNotAllowed, kNotRefused, kNotDeleted, kStillThere };

/// In a process of its own, whose disks are its own.
Outcome on_a_full_disk(const fs::path& folder) {
  fs::create_directory(folder);
  if (!mount_small_disk(folder, "size=8m")) return kNotAllowed;
  fill(folder / "full");
  const auto is_refused = [](PeopleStore& store) {
    try {
      store.enrol("Ann", std::vector<FaceEmbedding>(100, face(1, 0)));
    } catch (const Error& error) {
      return error.code() == ErrorCode::kOutOfMemory &&
             std::string(error.what()).find("the disk is full") != std::string::npos;
    }
    return false;
  };
  PeopleStore first(folder / "first.db");
  if (!is_refused(first)) return kNotRefused;
  fs::remove(folder / "full");
  PeopleStore store(folder / "people.db");
  store.enrol("Bob", std::vector<FaceEmbedding>(100, face(0, 1)));
  fill(folder / "full");
  try {
    store.remove("Bob");
  } catch (const Error&) {
    return kNotDeleted;
  }
  return store.read()->people.empty() ? kGood : kStillThere;
}

TEST_F(PeopleStoreTest, AFullDiskIsNamedAndKeepsNobodyFromBeingForgotten) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(on_a_full_disk(folder_.root() / "disk"));
  int status = -1;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  if (WEXITSTATUS(status) == kNotAllowed) GTEST_SKIP() << "only root may have a small disk";
  EXPECT_EQ(WEXITSTATUS(status), kGood);
}

TEST_F(PeopleStoreTest, KeepsPeopleAcrossRestarts) {
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(store_.enrol("Bob", {face(0, 1)}), 1U);
  EXPECT_EQ(store_.enrol("Ann", {face(1, 0), face(0.6F, 0.8F)}), 2U);
  EXPECT_EQ(store_.enrol("Bob", {face(1, 0)}), 2U);
  store_.set_threshold(0.5);

  PeopleStore again(file_);
  const auto people = again.read();
  EXPECT_EQ(people->threshold, 0.5);
  ASSERT_EQ(people->people.size(), 2U);
  const Person& ann = people->people[0];
  EXPECT_EQ(ann.name, "Ann");
  EXPECT_EQ(ann.added, WallTime(std::chrono::hours(1)));
  ASSERT_EQ(ann.faces.size(), 2U);
  EXPECT_THAT(ann.faces[1].vector, testing::ElementsAre(0.6F, 0.8F));
  EXPECT_EQ(ann.faces[1].model, "net:latest");
  EXPECT_EQ(ann.faces[1].weights, "w1");
}

TEST_F(PeopleStoreTest, RenamesAndDeletes) {
  store_.enrol("Ann", {face(1, 0)});
  store_.enrol("Bob", {face(0, 1)});
  EXPECT_EQ(refusal([&] { store_.rename("Ann", "Bob"); }).code(), ErrorCode::kConflict);
  EXPECT_EQ(refusal([&] { store_.rename("Eve", "Eva"); }).code(), ErrorCode::kNotFound);
  store_.rename("Ann", "Anne");
  store_.remove("Bob");
  EXPECT_EQ(refusal([&] { store_.remove("Bob"); }).code(), ErrorCode::kNotFound);
  const auto people = store_.read();
  ASSERT_EQ(people->people.size(), 1U);
  EXPECT_EQ(people->people[0].name, "Anne");
  EXPECT_EQ(people->people[0].faces.size(), 1U);
}

TEST_F(PeopleStoreTest, WhatIsDeletedIsGoneFromTheDisk) {
  FaceEmbedding long_face{"net", "w1", std::vector<float>(128, 0.08838835F), {}};
  const std::string mark(reinterpret_cast<const char*>(long_face.vector.data()), 64);
  store_.enrol("Unmistakable", {long_face});
  const auto everything = [&] { return bytes_of(file_) + bytes_of(file_.string() + "-wal"); };
  ASSERT_THAT(everything(), HasSubstr(mark));
  store_.remove("Unmistakable");
  EXPECT_THAT(everything(), Not(HasSubstr(mark)));
  EXPECT_THAT(everything(), Not(HasSubstr("Unmistakable")));
}

TEST_F(PeopleStoreTest, TheFilesAreTheirOwnersAlone) {
  store_.enrol("Ann", {face(1, 0)});
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(stat((file_.string() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << suffix;
  }
}

TEST_F(PeopleStoreTest, RefusesWhatIsNoNameAndNoEmbedding) {
  const std::string names[] = {"", " Ann", "a\nb", "\xFF", std::string(129, 'a')};
  for (const auto& name : names) {
    const auto error = refusal([&] { store_.enrol(name, {face(1, 0)}); });
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << name;
  }
  EXPECT_EQ(refusal([&] { store_.enrol("Ann", {face(1, 1)}); }).code(), ErrorCode::kBadRequest);
  EXPECT_EQ(refusal([&] {
              store_.enrol("Ann", {{"m", "w", {}, {}}});
            }).code(),
            ErrorCode::kBadRequest);
  EXPECT_EQ(refusal([&] { store_.set_threshold(2); }).code(), ErrorCode::kBadRequest);
  EXPECT_TRUE(store_.read()->people.empty());
}

TEST_F(PeopleStoreTest, AnEnrolmentBeyondTheLimitAddsNothing) {
  store_.enrol("Ann", std::vector<FaceEmbedding>(kMostFacesOfAPerson - 1, face(1, 0)));
  const auto error = refusal([&] { store_.enrol("Ann", {face(1, 0), face(0, 1)}); });
  EXPECT_EQ(error.code(), ErrorCode::kTooLarge);
  EXPECT_EQ(store_.read()->people[0].faces.size(), kMostFacesOfAPerson - 1);
  EXPECT_EQ(store_.enrol("Ann", {face(0, 1)}), kMostFacesOfAPerson);
}

TEST_F(PeopleStoreTest, ABrokenFileIsNamedAndLeftAsItIs) {
  const std::string garbage(8192, 'x');
  std::ofstream(file_) << garbage;
  const auto error = refusal([&] { store_.read(); });
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("people.db is broken"));
  EXPECT_THAT(error.detail(), HasSubstr("move it away"));
  EXPECT_EQ(bytes_of(file_), garbage);
  fs::rename(file_, folder_.root() / "broken.db");
  EXPECT_TRUE(store_.read()->people.empty()) << "no restart is needed";
}

TEST_F(PeopleStoreTest, ADamagedPageIsNoticed) {
  {
    PeopleStore first(file_);
    for (int i = 0; i < 50; ++i) {
      first.enrol("person " + std::to_string(i),
                  {{"net", "w1", std::vector<float>(256, 0.0625F), {}}});
    }
  }
  ASSERT_EQ(bytes_of(file_.string() + "-wal"), "");
  std::fstream out(file_, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(4096);
  out << std::string(12288, '\xEE');
  out.close();
  const auto error = refusal([&] { store_.read(); });
  EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(error.what(), HasSubstr("is broken"));
}

TEST_F(PeopleStoreTest, AFileThatIsMovedAwayIsNotWrittenToAnyMore) {
  store_.enrol("Ann", {face(1, 0)});
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    fs::rename(file_.string() + suffix, folder_.root() / (std::string("old") + suffix));
  }
  EXPECT_TRUE(store_.read()->people.empty());
  store_.enrol("Bob", {face(1, 0)});
  EXPECT_EQ(PeopleStore(file_).read()->people[0].name, "Bob");
}

TEST_F(PeopleStoreTest, SeesWhatAnotherProcessWrites) {
  store_.enrol("Ann", {face(1, 0)});
  ASSERT_EQ(store_.read()->people.size(), 1U);
  const pid_t child = fork();
  if (child == 0) {
    PeopleStore other(file_);
    other.enrol("Bob", {face(0, 1)});
    _exit(other.read()->people.size() == 2 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(store_.read()->people.size(), 2U);
}

TEST_F(PeopleStoreTest, TwoMayMakeTheFileAtOnce) {
  for (int i = 0; i < 50; ++i) {
    const fs::path file = folder_.root() / ("people-" + std::to_string(i) + ".db");
    std::latch together(2);
    const auto make = [&] {
      PeopleStore store(file);
      together.arrive_and_wait();
      return store.enrol("shared", {face(1, 0)});
    };
    auto other = std::async(std::launch::async, make);
    EXPECT_EQ(make() + other.get(), 3U) << "1 face and 2, in either order";
    EXPECT_EQ(bytes_of(file).substr(18, 2), "\2\2") << "the format's sign of a write-ahead log";
  }
}

TEST_F(PeopleStoreTest, ManyThreadsWithTwoConnectionsLoseNothing) {
  PeopleStore other(file_);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      PeopleStore& store = i % 2 == 0 ? store_ : other;
      for (int j = 0; j < 10; ++j) {
        store.enrol("shared", {face(1, 0)});
        store.enrol("own " + std::to_string(i), {face(0, 1)});
        store.read();
      }
    });
  }
  threads.clear();
  const auto people = store_.read();
  EXPECT_EQ(people->people.size(), 9U);
  EXPECT_EQ(people->find("shared")->faces.size(), 80U);
}

}  // namespace
}  // namespace hailstone::core
