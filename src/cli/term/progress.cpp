// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/progress.hpp"

#include <algorithm>

#include "cli/term/human.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr int kUsualColumns = 80;
constexpr int kLongestBar = 40;
constexpr int kShortestBar = 5;
constexpr std::chrono::milliseconds kRedraw{100};

std::string bytes(double count) {
  return human_bytes(static_cast<std::int64_t>(count));
}

/// "38s", "4m05s", "2h10m".
std::string short_duration(double seconds) {
  const auto all = static_cast<std::int64_t>(seconds + 0.5);
  const auto two = [](std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  if (all < 60) return std::to_string(all) + "s";
  if (all < 3600) return std::to_string(all / 60) + "m" + two(all % 60) + "s";
  return std::to_string(all / 3600) + "h" + two(all / 60 % 60) + "m";
}

std::string bar(double fraction, int cells) {
  const int full = static_cast<int>(fraction * cells);
  std::string out = "▕";
  for (int cell = 0; cell < cells; ++cell) out += cell < full ? "█" : " ";
  return out + "▏";
}

double fraction_of(const Step& step) {
  if (step.total == 0) return 0;
  return std::min(1.0, static_cast<double>(step.completed) / static_cast<double>(step.total));
}

std::string percent(double fraction) {
  const std::string number = std::to_string(static_cast<int>(fraction * 100));
  return std::string(number.size() < 3 ? 3 - number.size() : 0, ' ') + number + '%';
}

/// Rate and remaining time, where there are any yet.
std::string speed(const Step& step, double bytes_per_second) {
  if (bytes_per_second < 1 || step.completed >= step.total) return {};
  const auto rest = static_cast<double>(step.total - step.completed);
  return "  " + bytes(bytes_per_second) + "/s  " + short_duration(rest / bytes_per_second);
}

}  // namespace

void Rate::add(std::uint64_t completed, SteadyTime now) noexcept {
  // It may begin again with less.
  if (!started_ || completed < last_) {
    started_ = true;
    first_ = completed;
    begin_ = now;
  }
  last_ = completed;
  end_ = now;
}

double Rate::bytes_per_second() const noexcept {
  const double seconds = std::chrono::duration<double>(end_ - begin_).count();
  return seconds > 0 ? static_cast<double>(last_ - first_) / seconds : 0;
}

std::string format_step(const Step& step, double bytes_per_second, int columns) {
  const std::string status = printable_line(step.status);
  if (step.total == 0) return status;
  const double fraction = fraction_of(step);
  const std::string head = status + "  " + percent(fraction) + ' ';
  std::string tail = ' ' + bytes(static_cast<double>(step.completed)) + '/' +
                     bytes(static_cast<double>(step.total));
  // A line that is too long cannot be drawn over: the terminal goes on to a new one each time.
  if (const std::string more = speed(step, bytes_per_second);
      display_width(head + tail + more) < columns) {
    tail += more;
  }
  const int room = columns - display_width(head) - display_width(tail) - 3;
  return head + (room < kShortestBar ? "" : bar(fraction, std::min(room, kLongestBar))) + tail;
}

ProgressView::~ProgressView() {
  if (line_is_open_) console_.err << '\n' << std::flush;
}

void ProgressView::show(const Step& step) {
  const bool is_new = step.status != status_;
  if (is_new) {
    if (line_is_open_) console_.err << '\n';
    line_is_open_ = false;
    status_ = step.status;
    rate_ = {};
    drawn_ = {};
    printed_tenths_ = 0;
  }
  rate_.add(step.completed, clock_.now());
  if (console_.err_is_terminal) {
    draw(step);
  } else if (is_new || step.total > 0) {
    print(step);
  }
}

void ProgressView::draw(const Step& step) {
  const auto now = clock_.now();
  const bool is_last = step.completed >= step.total;
  if (line_is_open_ && !is_last && now - drawn_ < kRedraw) return;
  drawn_ = now;
  const int columns = console_.columns();
  console_.err << '\r'
               << format_step(step, rate_.bytes_per_second(), columns > 0 ? columns : kUsualColumns)
               << "\x1b[K" << std::flush;
  line_is_open_ = true;
}

void ProgressView::print(const Step& step) {
  const auto tenths = static_cast<std::uint64_t>(fraction_of(step) * 10);
  // Every tenth is a line: enough to see in a log that it goes on.
  if (step.total > 0 && tenths < printed_tenths_) return;
  printed_tenths_ = tenths + 1;
  console_.err << printable_line(step.status);
  if (step.total > 0) {
    console_.err << ' ' << percent(fraction_of(step)) << " of "
                 << bytes(static_cast<double>(step.total));
  }
  console_.err << '\n' << std::flush;
}

}  // namespace hailstone::cli
