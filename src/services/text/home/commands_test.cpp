// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/text/home/orders.hpp"
#include "services/text/home/phrases.hpp"

namespace hailstone::home {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

HomeIndex some_home() {
  Home home;
  home.areas = {{"Kitchen", {"Küche"}}, {"Living Room", {"Wohnzimmer"}}, {"Bath", {"Bad"}}};
  home.devices = {{"Ceiling Light", {"Deckenlampe"}, "Kitchen", "light"},
                  {"Ceiling Light", {}, "Living Room", "light"},
                  {"Reading Lamp", {"Leselampe"}, "Living Room", "light"},
                  {"TV", {"television", "Fernseher"}, "Living Room", "media_player"},
                  {"Blinds", {"Rollladen"}, "Bath", "cover"},
                  {"Heating", {"Heizung"}, "Living Room", "climate"},
                  {"Front Door", {"Haustür"}, "", "lock"},
                  {"Movie Night", {}, "", "scene"},
                  {"Salt and Pepper", {}, "Kitchen", "switch"},
                  {"Outside", {}, "", "sensor"}};
  home.satellites = {{"sat-1", "Kitchen"}};
  return HomeIndex(std::move(home));
}

std::string show(const SlotValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::string number = std::to_string(std::get<double>(value));
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number;
}

std::string show(const std::vector<Intent>& intents) {
  std::string text;
  for (const auto& intent : intents) {
    text += (text.empty() ? "" : "; ") + intent.name;
    for (const auto& slot : intent.slots) text += " " + slot.name + "=" + show(slot.value);
  }
  return text;
}

std::string hear(const std::string& text, const std::string& language = "en",
                 const std::string& satellite = {}) {
  return show(find_commands({text, language, satellite, WallTime()}, some_home()));
}

TEST(Commands, SwitchDevicesByTheirNamesAndAliases) {
  EXPECT_EQ(hear("Turn on the reading lamp."), "HassTurnOn name=Reading Lamp");
  EXPECT_EQ(hear("switch the television off"), "HassTurnOff name=TV");
  EXPECT_EQ(hear("could you please turn off the TV for me"), "HassTurnOff name=TV");
  EXPECT_EQ(hear("reading lamp on"), "HassTurnOn name=Reading Lamp");
  EXPECT_EQ(hear("turn on salt and pepper"), "HassTurnOn name=Salt and Pepper");
  EXPECT_EQ(hear("Activate movie night!"), "HassTurnOn name=Movie Night");
}

TEST(Commands, SwitchAllOfAKindInAnArea) {
  EXPECT_EQ(hear("turn on the kitchen light"), "HassTurnOn area=Kitchen domain=light");
  EXPECT_EQ(hear("turn off the lights in the living room"),
            "HassTurnOff area=Living Room domain=light");
  EXPECT_EQ(hear("turn off all lights"), "HassTurnOff name=all domain=light");
  EXPECT_EQ(hear("close the bath blinds"), "HassTurnOff name=Blinds");
  EXPECT_EQ(hear("turn on the lights", "en", "sat-1"), "HassTurnOn area=Kitchen domain=light");
  EXPECT_EQ(hear("turn on the lights"), "") << "nobody knows where";
  EXPECT_EQ(hear("turn on the bath lights"), "") << "there is none";
}

TEST(Commands, OfSeveralWithOneNameTheNearestIsMeant) {
  EXPECT_EQ(hear("turn on the kitchen ceiling light"), "HassTurnOn name=Ceiling Light");
  EXPECT_EQ(hear("turn on the ceiling light in the kitchen"), "HassTurnOn name=Ceiling Light");
}

TEST(Commands, SetLevelsTemperaturesAndColours) {
  EXPECT_EQ(hear("set the reading lamp to 30%"), "HassLightSet name=Reading Lamp brightness=30");
  EXPECT_EQ(hear("dim the reading lamp to twenty five percent"),
            "HassLightSet name=Reading Lamp brightness=25");
  EXPECT_EQ(hear("set the volume of the tv to 40 percent"),
            "HassSetVolume name=TV volume_level=40");
  EXPECT_EQ(hear("set the blinds to 50 percent"), "HassSetPosition name=Blinds position=50");
  EXPECT_EQ(hear("set the temperature to 21.5 degrees"),
            "HassClimateSetTemperature temperature=21.5");
  EXPECT_EQ(hear("set the temperature in the living room to twenty degrees"),
            "HassClimateSetTemperature area=Living Room temperature=20");
  EXPECT_EQ(hear("set the heating to 19 degrees"),
            "HassClimateSetTemperature name=Heating temperature=19");
  EXPECT_EQ(hear("make the reading lamp blue"), "HassLightSet name=Reading Lamp color=blue");
  EXPECT_EQ(hear("set the reading lamp to 300 percent"), "");
}

TEST(Commands, DoOnlyWhatSuitsTheThing) {
  EXPECT_EQ(hear("lock the front door"), "HassTurnOn name=Front Door");
  EXPECT_EQ(hear("unlock the front door"), "HassTurnOff name=Front Door");
  EXPECT_EQ(hear("open the blinds"), "HassTurnOn name=Blinds");
  EXPECT_EQ(hear("turn on the front door"), "");
  EXPECT_EQ(hear("lock the reading lamp"), "");
  EXPECT_EQ(hear("open the reading lamp"), "");
}

TEST(Commands, TakeSeveralAtOnceOrNone) {
  EXPECT_EQ(hear("turn on the reading lamp and the tv"),
            "HassTurnOn name=Reading Lamp; HassTurnOn name=TV");
  EXPECT_EQ(hear("turn off the tv and close the blinds"),
            "HassTurnOff name=TV; HassTurnOff name=Blinds");
  EXPECT_EQ(hear("turn off the tv and tell me a story"), "");
  EXPECT_EQ(hear("turn off the tv and the spaceship"), "");
}

TEST(Commands, SpeakGerman) {
  EXPECT_EQ(hear("Schalte das Licht in der Küche ein", "de"),
            "HassTurnOn area=Kitchen domain=light");
  EXPECT_EQ(hear("Mach bitte die Leselampe aus", "de-DE"), "HassTurnOff name=Reading Lamp");
  EXPECT_EQ(hear("Mach die Leselampe aus, bitte", "de-DE"), "HassTurnOff name=Reading Lamp");
  EXPECT_EQ(hear("Kannst du den Fernseher ausschalten", "de"), "HassTurnOff name=TV");
  EXPECT_EQ(hear("Fahr den Rollladen im Bad runter", "de"), "HassTurnOff name=Blinds");
  EXPECT_EQ(hear("Stelle die Heizung auf einundzwanzig Grad", "de"),
            "HassClimateSetTemperature name=Heating temperature=21");
  EXPECT_EQ(hear("Dimme die Leselampe auf 40 Prozent", "de"),
            "HassLightSet name=Reading Lamp brightness=40");
  EXPECT_EQ(hear("Öffne die Haustür", "de"), "") << "it is a lock";
}

TEST(Commands, KnowClocksAndTimers) {
  EXPECT_EQ(hear("What time is it?"), "HassGetCurrentTime");
  EXPECT_EQ(hear("What's the date today?"), "HassGetCurrentDate");
  EXPECT_EQ(hear("set a timer for an hour and twenty minutes"),
            "HassStartTimer hours=1 minutes=20");
  EXPECT_EQ(hear("start a 90 second timer"), "HassStartTimer minutes=1 seconds=30");
  EXPECT_EQ(hear("Stelle einen Timer auf zehn Minuten", "de"), "HassStartTimer minutes=10");
  EXPECT_EQ(hear("cancel the timer"), "HassCancelTimer");
  EXPECT_EQ(hear("never mind"), "HassNevermind");
  EXPECT_THAT(find_commands({"what time is it", "en", {}, WallTime()}, {})[0].answer,
              HasSubstr("It is "));
}

TEST(Commands, LeaveTheRestToOthers) {
  for (const auto* text :
       {"", "tell me a story", "turn on the spaceship", "who was Ada Lovelace",
        "is it going to rain", "what is the capital of France", "and and and and", "turn on"}) {
    EXPECT_EQ(hear(text), "") << text;
  }
  EXPECT_EQ(hear("allume la lumière", "fr"), "");
  EXPECT_EQ(hear(std::string(5000, 'a')), "");
}

TEST(Commands, AreBoundedWhateverIsSaid) {
  std::string text = "turn on the tv";
  for (int i = 0; i < 25; ++i) text += " and tv";
  EXPECT_EQ(hear(text), "") << "more than anybody asks for at once";
  text = "turn on the tv";
  for (int i = 0; i < 17; ++i) text += " and tv";
  EXPECT_EQ(hear(text + " and x"), "");
}

TEST(Commands, SayWhatWasDone) {
  const auto answer = [](const char* text, const char* language) {
    return find_commands({text, language, {}, WallTime()}, some_home()).at(0).answer;
  };
  EXPECT_EQ(answer("turn on the kitchen light", "en"), "Turned on the kitchen light.");
  EXPECT_EQ(answer("set the heating to 19 degrees", "en"), "Set the temperature to 19 degrees.");
  EXPECT_EQ(answer("set a timer for 5 minutes", "en"), "Timer set for 5 minutes.");
  EXPECT_THAT(answer("is the tv on", "en"), HasSubstr("state.state_with_unit"));
}

TEST(Numbers, AreReadInDigitsAndWords) {
  const auto read = [](const char* text, const char* language) {
    const auto words = split_words(text);
    const auto number = find_number(words, language);
    return number && number->length == words.size() ? number->value : -1;
  };
  EXPECT_EQ(read("twenty one", "en"), 21);
  EXPECT_EQ(read("a hundred and five", "en"), 105);
  EXPECT_EQ(read("einundzwanzig", "de"), 21);
  EXPECT_EQ(read("zwölf", "de"), 12);
  EXPECT_EQ(read("21,5", "en"), 21.5);
  EXPECT_EQ(read("1.2.3", "en"), -1);
  EXPECT_EQ(read("a", "en"), -1);
}

TEST(Seconds, AreReadFromHoursAndMinutes) {
  const auto read = [](const char* text, const char* language) {
    return find_seconds(split_words(text), language).value_or(-1);
  };
  EXPECT_EQ(read("half an hour", "en"), 1800);
  EXPECT_EQ(read("an hour and a half", "en"), 5400);
  EXPECT_EQ(read("one minute and 30 seconds", "en"), 90);
  EXPECT_EQ(read("eine halbe stunde", "de"), 1800);
  EXPECT_EQ(read("zwei stunden und zehn minuten", "de"), 7800);
  EXPECT_EQ(read("ten", "en"), -1);
  EXPECT_EQ(read("100 hours", "en"), -1);
  EXPECT_EQ(read("and", "en"), -1);
}

TEST(Orders, AreTakenOutOfAReplyWhileItIsWritten) {
  const HomeIndex home = some_home();
  OrderReader reader(home, "Kitchen", "en");
  std::string text;
  for (const std::string piece :
       {"!on", " TV\n! lev", "el Reading Lamp = 30\nDo", "ne.\n", "!off"}) {
    text += reader.push(piece);
  }
  text += reader.finish();
  EXPECT_EQ(text, "Done.\n");
  EXPECT_EQ(show(reader.intents()),
            "HassTurnOn name=TV; HassLightSet name=Reading Lamp brightness=30");
  EXPECT_TRUE(reader.has_bad_orders()) << "the last one names nothing";
}

TEST(Orders, PlainTextComesThroughAtOnce) {
  const HomeIndex home = some_home();
  OrderReader reader(home, "", "en");
  EXPECT_EQ(reader.push("Hel"), "Hel");
  EXPECT_EQ(reader.push("lo! How"), "lo! How");
  EXPECT_EQ(reader.finish(), "");
  EXPECT_THAT(reader.intents(), IsEmpty());
}

TEST(Orders, OnAndOffMoveCovers) {
  const HomeIndex home = some_home();
  OrderReader reader(home, "", "en");
  reader.push("!off blinds\n!on bath");
  reader.finish();
  EXPECT_EQ(show(reader.intents()), "HassTurnOff name=Blinds");
}

TEST(Orders, AHomeIsDescribedWithinALimitTheLikelyDevicesFirst) {
  Home home;
  for (int i = 0; i < 500; ++i) {
    home.devices.push_back({"Lamp " + std::to_string(i), {}, "Room " + std::to_string(i), "light"});
  }
  const auto text = describe_home(home, "make lamp 417 brighter", 1500);
  EXPECT_LE(text.size(), 1500U);
  EXPECT_THAT(text, HasSubstr("Lamp 417 (light)"));
  EXPECT_THAT(text, HasSubstr("!on NAME"));
}

}  // namespace
}  // namespace hailstone::home
