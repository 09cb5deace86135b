// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "services/text/home/home_store.hpp"
#include "services/text/home/wire_home.hpp"

namespace hailstone::home {
namespace {

using ::testing::HasSubstr;

constexpr const char* kSome =
    R"({"areas":["Attic",{"name":"Kitchen","aliases":["Küche"]}],)"
    R"("devices":[{"name":"Lamp","area":"Kitchen","entity_id":"light.lamp_3"},)"
    R"({"name":"Door","area":"Hall","domain":"lock","aliases":["gate"]}],)"
    R"("satellites":{"abc":"Kitchen"}})";

TEST(HomeWire, ReadsWhatItWrites) {
  const Home home = parse_home(kSome);
  ASSERT_EQ(home.devices.size(), 2U);
  EXPECT_EQ(home.devices[0].domain, "light");
  EXPECT_EQ(home.areas.back().name, "Hall") << "named by a device alone";
  EXPECT_EQ(home.satellites.at("abc"), "Kitchen");
  EXPECT_EQ(parse_home(write_home(home)), home);
}

TEST(HomeWire, NamesTheFieldThatIsWrong) {
  for (const auto& [body, reason] : std::vector<std::pair<std::string, std::string>>{
           {R"({"devices":[{"domain":"light"}]})", "devices[0].name"},
           {R"({"devices":[{"name":"x"}]})", "devices[0].domain"},
           {R"({"areas":[7]})", "areas[0]"},
           {R"({"areas":[""]})", "areas[0]"},
           {R"({"satellites":{"a":5}})", "satellites.a"},
           {"[]", "object"}}) {
    try {
      parse_home(body);
      ADD_FAILURE() << body;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), HasSubstr(reason)) << body;
    }
  }
}

TEST(HomeWire, WritesIntents) {
  EXPECT_EQ(write_intents({{"HassLightSet",
                            {{"name", std::string("Lamp")}, {"brightness", 30.0}, {"x", 1.5}},
                            "Done."}}),
            R"({"intents":[{"name":"HassLightSet","slots":{"name":"Lamp","brightness":30,"x":1.5},)"
            R"("answer":"Done."}]})");
}

TEST(HomeStore, KeepsTheHome) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("hailstone-home-" + std::to_string(::getpid()) + ".json");
  {
    HomeStore store(file);
    EXPECT_FALSE(store.home()->is_known());
    store.replace(parse_home(kSome));
  }
  EXPECT_EQ(HomeStore(file).home()->home(), parse_home(kSome));
  std::ofstream(file) << "no json";
  EXPECT_FALSE(HomeStore(file).home()->is_known());
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace hailstone::home
