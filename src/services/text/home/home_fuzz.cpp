// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "services/text/home/commands.hpp"
#include "services/text/home/orders.hpp"
#include "services/text/home/wire_home.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hailstone::home;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Home home;
  home.areas = {{"Kitchen", {}}};
  home.devices = {{"Lamp", {}, "Kitchen", "light"}, {"Blinds", {}, "", "cover"}};
  try {
    home = parse_home(text);
    if (parse_home(write_home(home)) != home) std::abort();
  } catch (const hailstone::Error&) {  // refused: that is an answer
  }
  const HomeIndex index(home);
  for (const auto* language : {"en", "de"}) {
    if (find_commands({std::string(text), language, {}, {}}, index).size() > kMostIntents) {
      std::abort();
    }
  }
  OrderReader reader(index, "Kitchen", "en");
  auto out = reader.push(text);
  out += reader.finish();
  if (out.size() > text.size()) std::abort();
  if (reader.intents().size() > kMostIntents) std::abort();
  return 0;
}
