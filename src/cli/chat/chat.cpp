// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat/chat.hpp"

#include <cstdio>
#include <ostream>

#include "base/duration.hpp"
#include "cli/term/spinner.hpp"
#include "cli/term/text.hpp"
#include "cli/term/word_wrap.hpp"

namespace hailstone::cli {
namespace {

/// Writes a reply as it comes: filtered and wrapped on a terminal, untouched into a pipe.
class ReplyPrinter {
 public:
  ReplyPrinter(const Console& console, bool wrap)
      : console_(console), wrap_(wrap ? console.columns() : 0) {}

  void put(const Json& message) {
    const std::string thinking = text_of(message, "thinking");
    if (!thinking.empty() && console_.out_is_terminal) {
      thinking_ = true;
      write(dimmed(console_, wrap_.put(printable(thinking))));
    }
    const std::string content = text_of(message, "content");
    if (content.empty()) return;
    if (thinking_) write(wrap_.put("\n\n"));
    thinking_ = false;
    write(console_.out_is_terminal ? wrap_.put(printable(content)) : content);
  }

  /// A reply ends with a line feed, whatever the model thinks.
  void finish() {
    if (last_ != '\n') write("\n");
  }

 private:
  void write(const std::string& text) {
    if (text.empty()) return;
    console_.out << text << std::flush;
    last_ = text.back();
  }

  const Console& console_;
  WordWrap wrap_;
  bool thinking_ = false;
  char last_ = '\0';
};

std::string rate(std::int64_t count, std::int64_t nanoseconds) {
  char text[48];
  std::snprintf(
      text, sizeof text, "%.2f tokens/s",
      nanoseconds > 0 ? static_cast<double>(count) * 1e9 / static_cast<double>(nanoseconds) : 0.0);
  return text;
}

void print_numbers(std::ostream& err, const Json& last) {
  const auto line = [&](const char* name, const std::string& value) {
    char text[80];
    std::snprintf(text, sizeof text, "%-22s%s\n", name, value.c_str());
    err << text;
  };
  const auto time = [&](const char* key) {
    return to_go_duration(std::chrono::nanoseconds{number_of(last, key)});
  };
  const auto prompt = number_of(last, "prompt_eval_count");
  const auto reply = number_of(last, "eval_count");
  err << '\n';
  line("total duration:", time("total_duration"));
  line("load duration:", time("load_duration"));
  line("prompt eval count:", std::to_string(prompt) + " token(s)");
  line("prompt eval duration:", time("prompt_eval_duration"));
  line("prompt eval rate:", rate(prompt, number_of(last, "prompt_eval_duration")));
  line("eval count:", std::to_string(reply) + " token(s)");
  line("eval duration:", time("eval_duration"));
  line("eval rate:", rate(reply, number_of(last, "eval_duration")));
}

Json message(const char* role, const std::string& content) {
  return Json{{"role", role}, {"content", content}};
}

}  // namespace

/// The two messages of a turn; leaves the conversation sound however the turn ends.
class Chat::Turn {
 public:
  Turn(std::vector<Json>& messages, const std::string& text) : messages_(messages) {
    messages_.push_back(message("user", text));
  }
  ~Turn() {
    if (reply_.empty()) {
      messages_.pop_back();
    } else {
      messages_.push_back(message("assistant", reply_));
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  void add(const Json& piece) { reply_ += text_of(piece, "content"); }

 private:
  std::vector<Json>& messages_;
  std::string reply_;
};

Chat::Chat(Service& service, const Console& console, ChatOptions options)
    : service_(service), console_(console), options_(std::move(options)) {}

Json Chat::request() const {
  Json request{{"model", options_.model}};
  Json& messages = request["messages"] = Json::array();
  if (!messages_.empty() && !options_.system.empty()) {
    messages.push_back(message("system", options_.system));
  }
  for (const Json& said : messages_) messages.push_back(said);
  if (!options_.format.is_null()) request["format"] = options_.format;
  if (!options_.keep_alive.is_null()) request["keep_alive"] = options_.keep_alive;
  if (!options_.parameters.empty()) request["options"] = options_.parameters;
  return request;
}

void Chat::load(const RunContext& run) {
  Spinner spinner(spinner_stream(console_), "loading " + printable_line(options_.model));
  // No message at all is how the API loads a model.
  Json request{{"model", options_.model}, {"messages", Json::array()}};
  if (!options_.keep_alive.is_null()) request["keep_alive"] = options_.keep_alive;
  if (!options_.parameters.empty()) request["options"] = options_.parameters;
  service_.stream(
      "/api/chat", request, [](const Json&) {}, run);
}

void Chat::say(const std::string& text, const RunContext& run) {
  Turn turn(messages_, text);
  Spinner spinner(spinner_stream(console_), "");
  ReplyPrinter printer(console_, options_.wrap);
  Json last;
  const auto on_object = [&](const Json& object) {
    spinner.stop();
    const Json& piece = object_of(object, "message");
    turn.add(piece);
    printer.put(piece);
    if (truth_of(object, "done")) last = object;
  };
  service_.stream("/api/chat", request(), on_object, run);
  if (last.is_null()) {
    throw Error(ErrorCode::kEngineFailed, "the reply ends in the middle", "Ask again");
  }
  printer.finish();
  if (options_.verbose) print_numbers(console_.err, last);
}

}  // namespace hailstone::cli
