// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <csignal>
#include <sstream>

#include "cli/term/human.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/spinner.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"
#include "cli/term/word_wrap.hpp"

namespace hailstone::cli {
namespace {

using namespace std::chrono_literals;

TEST(Printable, LetsNoEscapeSequenceThrough) {
  EXPECT_EQ(printable("a\x1b[31mb\x1b]0;title\x07"
                      "c"),
            "a[31mb]0;titlec");
  EXPECT_EQ(printable("one\ntwo\tthree\r\b\x7f"), "one\ntwo\tthree");
  EXPECT_EQ(printable("\u009b31m\u0085"), "31m");
  EXPECT_EQ(printable("a\xff"
                      "b\xc3"),
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(printable("Zürich 日本 🦙"), "Zürich 日本 🦙");
  EXPECT_EQ(printable_line("a\nb\tc"), "a b c");
}

TEST(DisplayWidth, CountsCellsAndNotBytes) {
  EXPECT_EQ(display_width("Zürich"), 6);
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("🦙"), 2);
  EXPECT_EQ(display_width(""), 0);
}

/// What a terminal shows after it has been sent that text: it knows \n, CUB and EL.
std::string screen(const std::string& text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 3, "\x1b[K") == 0) {
      i += 2;
    } else if (text.compare(i, 2, "\x1b[") == 0) {
      const auto end = text.find('D', i);
      shown.resize(shown.size() - std::stoul(text.substr(i + 2, end)));
      i = end;
    } else {
      shown += text[i];
    }
  }
  return shown;
}

std::string wrapped(int columns, const std::string& text) {
  WordWrap wrap(columns);
  std::string out;
  for (const char c : text) out += wrap.put(std::string_view(&c, 1));
  EXPECT_EQ(screen(out), screen(WordWrap(columns).put(text))) << "pieces make no difference";
  return screen(out);
}

TEST(WordWrap, BreaksBetweenWords) {
  EXPECT_EQ(wrapped(11, "the quick brown fox"), "the quick \nbrown fox");
  EXPECT_EQ(wrapped(11, "the quicker fox"), "the \nquicker \nfox");
  EXPECT_EQ(wrapped(11, "1234567890 abc"), "1234567890\nabc");
  EXPECT_EQ(wrapped(11, "12345 7890   abc"), "12345 7890\nabc");
}

TEST(WordWrap, KeepsLineFeedsAndIndentation) {
  EXPECT_EQ(wrapped(11, "a\n\n  indented\nb"), "a\n\n  indented\nb");
  EXPECT_EQ(wrapped(11, "a\tb cc"), "a\tb \ncc");
}

TEST(WordWrap, BreaksAWordThatIsLongerThanALine) {
  EXPECT_EQ(wrapped(11, "abcdefghijklmno p"), "abcdefghij\nklmno p");
  EXPECT_EQ(wrapped(11, "x abcdefghijklmno"), "x \nabcdefghij\nklmno");
}

TEST(WordWrap, BreaksWideCharactersAnywhereAndNeverOverfills) {
  EXPECT_EQ(screen(WordWrap(8).put("日本語の本")), "日本語\nの本");
}

TEST(WordWrap, LeavesTextAloneWithoutATerminal) {
  EXPECT_EQ(WordWrap(0).put("any length of text"), "any length of text");
}

TEST(Table, AlignsByWhatIsSeen) {
  EXPECT_EQ(format_table({{"NAME", "SIZE"},
                          {"Zürich", "1 MB"},
                          {"日本",
                           "x\x1b"
                           "y"}}),
            "NAME      SIZE\n"
            "Zürich    1 MB\n"
            "日本      xy\n");
  EXPECT_EQ(format_table({{"a", "", ""}}, 2), "  a\n");
}

TEST(Human, SizesHaveTwoDigitsThatMeanSomething) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1'260'000'000), "1.3 GB");
  EXPECT_EQ(human_bytes(815'310'432), "815 MB");
  EXPECT_EQ(human_bytes(999'700'000), "1.0 GB");
  EXPECT_EQ(human_bytes(9'960'000), "10 MB");
}

TEST(Human, ReadsTimesWithFractionsAndOffsets) {
  const auto noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h;
  EXPECT_EQ(find_time("2026-11-20T12:00:00Z"), noon);
  EXPECT_EQ(find_time("2026-11-20T14:00:00.123456789+02:00"), noon);
  EXPECT_EQ(find_time("2026-11-20T06:30:00-05:30"), noon);
  EXPECT_TRUE(find_time("2400-01-01T00:00:00Z"));
  for (const char* text : {"", "2026-11-20", "2026-13-20T12:00:00Z", "2026-11-20T12:00:00",
                           "2026-11-20 12:00:00Z", "2026-11-20T12:00:00+0200", "nonsense"}) {
    EXPECT_FALSE(find_time(text)) << text;
  }
}

TEST(Human, TellsHowLongAgo) {
  const std::chrono::sys_seconds now{1'000'000'000s};
  EXPECT_EQ(relative_time(now, now), "just now");
  EXPECT_EQ(relative_time(now - 1min, now), "1 minute ago");
  EXPECT_EQ(relative_time(now - 49h, now), "2 days ago");
  EXPECT_EQ(relative_time(now + 299s, now), "4 minutes from now");
  EXPECT_EQ(relative_time(now + 24h * 365 * 300, now), "Forever");
}

TEST(Spinner, WipesItsLineAndIsSilentWithoutATerminal) {
  std::ostringstream stream;
  {
    Spinner spinner(&stream, "loading");
    std::this_thread::sleep_for(300ms);
  }
  if (!stream.str().empty()) {
    EXPECT_NE(stream.str().find("loading"), std::string::npos);
    EXPECT_TRUE(stream.str().ends_with("\r\x1b[K"));
  }
  Spinner(nullptr, "loading").stop();
}

TEST(Interrupts, CtrlCStopsWhatIsArmedAndNothingElse) {
  Interrupts interrupts;
  const std::stop_token first = interrupts.arm();
  const std::stop_token second = interrupts.arm();
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  std::raise(SIGINT);
  stopped.wait_for(lock, second, 60s, [] { return false; });
  EXPECT_TRUE(second.stop_requested());
  EXPECT_FALSE(first.stop_requested());
}

}  // namespace
}  // namespace hailstone::cli
