// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "base/error.hpp"
#include "engines/llama/slots/prompt_files.hpp"
#include "engines/llama/slots/slot_keeper.hpp"
#include "engines/llama/slots/wire_slots.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

void write(const fs::path& file, std::size_t bytes) {
  std::ofstream(file, std::ios::binary) << std::string(bytes, 'x');
}

class PromptFilesTest : public testing::Test {
 protected:
  PromptFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "hailstone-prompts-XXXXXX").native();
    root_ = ::mkdtemp(pattern.data());
  }
  ~PromptFilesTest() override { fs::remove_all(root_); }

  PromptFileOptions options(std::uint64_t budget = 1000) {
    PromptFileOptions options;
    options.folder = root_ / "prompts";
    options.budget = ByteSize::bytes(budget);
    options.on_news = [this](const PromptFileNews& news) { news_.push_back(news); };
    return options;
  }
  static void age(const fs::path& folder, std::chrono::hours age) {
    for (const auto& file : fs::directory_iterator(folder)) {
      fs::last_write_time(file, fs::file_time_type::clock::now() - age);
    }
  }

  fs::path root_;
  std::vector<PromptFileNews> news_;
};

TEST_F(PromptFilesTest, AFolderIsOfOneKeyAndNobodyElseMayEnter) {
  const PromptFiles files(options());
  const fs::path folder = files.find_folder("a").value();
  write(folder / "slot-0", 10);
  EXPECT_EQ(files.find_folder("a"), folder);
  EXPECT_TRUE(fs::exists(folder / "slot-0"));
  EXPECT_NE(files.find_folder("b"), folder);
  for (const auto& each : {root_ / "prompts", folder}) {
    EXPECT_EQ(fs::status(each).permissions(), fs::perms::owner_all) << each;
  }
  std::ofstream(folder / "key") << "another of the same name";
  EXPECT_EQ(files.find_folder("a"), folder);
  EXPECT_FALSE(fs::exists(folder / "slot-0"));
}

TEST_F(PromptFilesTest, TheOldestGoWhereTheBudgetIsSmall) {
  const PromptFiles files(options());
  std::vector<fs::path> folders;
  for (const char* key : {"a", "b", "c"}) {
    folders.push_back(files.find_folder(key).value());
    write(folders.back() / "slot-0", 400);
  }
  age(folders[1], std::chrono::hours(2));
  age(folders[2], std::chrono::hours(1));
  files.keep_within_budget();
  EXPECT_TRUE(fs::exists(folders[0]));
  EXPECT_FALSE(fs::exists(folders[1]));
  EXPECT_TRUE(fs::exists(folders[2]));
  age(folders[0], PromptFiles::kKeep + std::chrono::hours(1));
  const PromptFiles later(options());
  EXPECT_FALSE(fs::exists(folders[0]));
  EXPECT_TRUE(fs::exists(folders[2]));
}

TEST_F(PromptFilesTest, WhereItIsOffNothingIsLeft) {
  write(PromptFiles(options()).find_folder("a").value() / "slot-0", 10);
  const PromptFiles off(options(0));
  EXPECT_FALSE(off.is_on());
  EXPECT_FALSE(off.find_folder("a"));
  EXPECT_FALSE(fs::exists(root_ / "prompts"));
}

/// A server with two slots, whose files have a byte per token.
class SlotKeeperTest : public PromptFilesTest {
 protected:
  SlotKeeperTest() : files_(std::make_shared<PromptFiles>(options())) {
    folder_ = files_->find_folder("a").value();
  }

  SlotDoor door() {
    return {[this](const std::string& target, const RunContext&) {
              EXPECT_EQ(target, "/slots");
              return slots_;
            },
            [this](const std::string& target, const std::string& body, const RunContext&) {
              return answer(target, body);
            }};
  }
  std::string answer(const std::string& target, const std::string& body) {
    asked_.push_back(target);
    if (refuses_) throw Error(ErrorCode::kBadRequest, "invalid slot save file");
    const bool saves = target.find("save") != std::string::npos;
    if (saves) write(folder_ / "slot-1.part", 300);
    EXPECT_EQ(body, saves ? R"({"filename":"slot-1.part"})" : R"({"filename":"slot-1"})");
    return saves ? R"({"n_saved":300})" : R"({"n_restored":300})";
  }
  void save(double tokens_per_second) {
    SlotKeeper(files_, folder_, "m").save(door(), {tokens_per_second, 1});
  }

  std::shared_ptr<const PromptFiles> files_;
  fs::path folder_;
  std::string slots_ = R"([{"id":0,"is_processing":false},
                           {"id":1,"n_prompt_tokens":300,"is_processing":false}])";
  std::vector<std::string> asked_;
  bool refuses_ = false;
};

TEST_F(SlotKeeperTest, WhatASlotHasReadIsThereAgain) {
  save(100);
  EXPECT_THAT(asked_, ElementsAre("/slots/1?action=save"));
  EXPECT_TRUE(fs::exists(folder_ / "slot-1"));
  EXPECT_FALSE(fs::exists(folder_ / "slot-1.part"));
  SlotKeeper(files_, folder_, "m").restore(door(), {});
  EXPECT_EQ(asked_.back(), "/slots/1?action=restore");
  ASSERT_EQ(news_.size(), 2U);
  EXPECT_EQ(news_[0].saved, 1);
  EXPECT_EQ(news_[0].kept.count(), 301U);
  EXPECT_EQ(news_[1].restored, 1);
}

TEST_F(SlotKeeperTest, WhatIsSoonReadAgainIsNotWorthAFile) {
  save(10'000);
  save(0);
  slots_ = R"([{"id":1,"n_prompt_tokens":2000,"is_processing":false}])";
  save(100);  // larger than the budget
  slots_ = R"([{"id":1,"n_prompt_tokens":300,"is_processing":true}])";
  save(100);
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(SlotKeeperTest, AFileThatTheServerRefusesGoes) {
  write(folder_ / "slot-1", 5);
  refuses_ = true;
  SlotKeeper(files_, folder_, "m").restore(door(), {});
  EXPECT_FALSE(fs::exists(folder_ / "slot-1"));
  EXPECT_THAT(news_, IsEmpty());
  save(100);
  EXPECT_THAT(news_, IsEmpty());
}

TEST(SlotWire, WhatIsNotUnderstoodIsNothing) {
  for (const char* body : {"", "{}", "[1]", "null", R"({"error":{"code":501}})"}) {
    EXPECT_THAT(parse_slots(body), IsEmpty()) << body;
    EXPECT_EQ(parse_kept_tokens(body), 0) << body;
  }
  EXPECT_EQ(parse_kept_tokens(R"({"n_saved":-5})"), 0);
}

}  // namespace
}  // namespace hailstone::engines::llama
