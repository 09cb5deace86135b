// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/orders.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "base/strings.hpp"
#include "services/text/home/commands.hpp"
#include "services/text/home/words.hpp"

namespace hailstone::home {
namespace {

constexpr char kMark = '!';
/// No order is longer; then it is text.
constexpr std::size_t kLongestOrder = 200;

constexpr std::string_view kHowTo =
    "You control a home. To act, write a line for each action and nothing else:\n"
    "!on NAME\n!off NAME\n!open NAME\n!close NAME\n!level NAME = PERCENT\n"
    "!degrees NAME = NUMBER\n!start NAME\n!state NAME\n"
    "NAME is one of these, or \"AREA lights\", \"all lights\" and the like. "
    "If nothing is to be done, just answer.\n";

/// How many of the text's words the device's name, area and aliases have.
int likeness(const Device& device, const std::set<std::string>& text) {
  std::string all = device.name + " " + device.area;
  for (const auto& alias : device.aliases) all += " " + alias;
  int same = 0;
  for (const auto& word : split_words(all)) same += text.contains(word) ? 1 : 0;
  return same;
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

}  // namespace

std::string describe_home(const Home& home, std::string_view text, std::size_t limit) {
  const Words words = split_words(text);
  const std::set<std::string> said(words.begin(), words.end());
  std::vector<std::pair<int, const Device*>> ranked;
  for (const auto& device : home.devices) ranked.emplace_back(likeness(device, said), &device);
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::map<std::string, std::string> by_area;
  std::size_t size = kHowTo.size();
  for (const auto& [same, device] : ranked) {
    const std::string entry = on_one_line(device->name + " (" + device->domain + ")");
    auto& list = by_area[device->area];
    size += entry.size() + 2 + (list.empty() ? device->area.size() + 3 : 0);
    if (size > limit) break;
    list += (list.empty() ? "" : ", ") + entry;
  }
  std::string out(kHowTo);
  for (const auto& [area, list] : by_area) {
    if (!list.empty()) out += (area.empty() ? "Other" : on_one_line(area)) + ": " + list + "\n";
  }
  return out;
}

std::string OrderReader::push(std::string_view piece) {
  std::string text;
  for (const char c : piece) {
    if (is_text_) {
      text += c;
      if (c == '\n') is_text_ = false;
      continue;
    }
    line_ += c;
    const auto shown = trim(line_);
    if (c == '\n') {
      text += take_line(std::exchange(line_, {}));
    } else if ((!shown.empty() && shown.front() != kMark) || line_.size() > kLongestOrder) {
      text += std::exchange(line_, {});
      is_text_ = true;
    }
  }
  return text;
}

std::string OrderReader::finish() {
  is_text_ = false;
  return take_line(std::exchange(line_, {}));
}

std::string OrderReader::take_line(std::string line) {
  const auto shown = trim(line);
  if (shown.empty() || shown.front() != kMark) return line;
  obey(trim(shown.substr(1)));
  return {};
}

void OrderReader::obey(std::string_view order) {
  const auto blank = order.find(' ');
  const auto action = to_lower(order.substr(0, blank));
  auto name = blank == std::string_view::npos ? std::string_view() : trim(order.substr(blank));
  double value = 0;
  if (const auto equals = name.find('='); equals != std::string_view::npos) {
    const auto number = trim(name.substr(equals + 1));
    std::from_chars(number.data(), number.data() + number.size(), value);
    name = trim(name.substr(0, equals));
  }
  const auto intents = find_ordered(action, name, value, home_, here_, language_);
  if (intents.empty() || intents_.size() >= kMostIntents) {
    has_bad_ = true;
    return;
  }
  intents_.insert(intents_.end(), intents.begin(), intents.end());
}

}  // namespace hailstone::home
