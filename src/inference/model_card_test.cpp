// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/model_card.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "base/error.hpp"

namespace hailstone::inference {
namespace {

template <typename Action>
std::optional<ErrorCode> code_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

class ModelCard : public testing::Test {
 protected:
  ModelCard() {
    spec_.name = "starter-ocr";
    spec_.weights = testing::TempDir() + "card-" + std::to_string(::getpid());
  }
  ~ModelCard() override { std::filesystem::remove(spec_.weights); }

  void write(const std::string& text) const { std::ofstream(spec_.weights) << text; }
  std::optional<ErrorCode> check() const {
    return code_of([&] { check_model_card(spec_, "tesseract"); });
  }

  ModelSpec spec_;
};

TEST_F(ModelCard, BelongsToTheEngineOfItsFirstLine) {
  EXPECT_EQ(check(), ErrorCode::kNotFound);
  for (const char* good :
       {"hailstone model card: tesseract\nReads.", "hailstone model card: tesseract",
        "hailstone model card: tesseract\r\n"}) {
    write(good);
    EXPECT_EQ(check(), std::nullopt) << good;
  }
  for (const char* bad :
       {"", "\n", "hailstone model card: tesseract2", "hailstone model card: opencv", "GGUF",
        "Reads.\nhailstone model card: tesseract"}) {
    write(bad);
    EXPECT_EQ(check(), ErrorCode::kBadRequest) << bad;
  }
}

TEST_F(ModelCard, SettingsOutsideTheirRangeAreRefusedByName) {
  EXPECT_EQ(number_setting_or(spec_, "dpi", 70, 1, 100), 70);
  for (const char* bad : {"", "0", "101", "9999999999", "7x", "-1", "1.5"}) {
    spec_.settings["dpi"] = bad;
    EXPECT_EQ(code_of([&] { number_setting_or(spec_, "dpi", 70, 1, 100); }),
              ErrorCode::kBadRequest);
  }
  spec_.settings["dpi"] = "100";
  EXPECT_EQ(number_setting_or(spec_, "dpi", 70, 1, 100), 100);
  EXPECT_EQ(setting_or(spec_, "language", "eng"), "eng");
}

}  // namespace
}  // namespace hailstone::inference
