// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <ostream>

#include "base/strings.hpp"
#include "cli/sound/echo.hpp"
#include "cli/speech/ear.hpp"
#include "cli/speech/feeding.hpp"
#include "cli/speech/live_text.hpp"
#include "cli/speech/mouth.hpp"
#include "cli/speech/speech.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"
#include "os/thread_name.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kRoute = "/api/voice";

std::string start_message(const VoiceRequest& request) {
  Json start{{"type", "start"}, {"sample_rate", kEarRate}, {"output_rate", kEarRate}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) start[name] = value;
  };
  add("model", request.model);
  add("voice", request.voice);
  add("language", request.language);
  add("instructions", request.instructions);
  add("wake", request.wake);
  if (request.push_to_talk) start["turns"] = "push_to_talk";
  return dump(start);
}

/// What is typed: turns in writing, and the button of push to talk. On a thread of its own, which
/// looks again and again whether it shall end, because reading a terminal cannot be called off.
class Keyboard {
 public:
  Keyboard(const Console& console, net::WebSocketClient& socket, std::atomic<bool>& is_open,
           bool has_button)
      : thread_([&, has_button](const std::stop_token& stop) {
          os::set_thread_name("keyboard");
          try {
            read(console, socket, is_open, has_button, stop);
          } catch (const Error&) {  // the service has gone, which the reader sees, too
          }
        }) {}

 private:
  static bool has_input(const std::stop_token& stop) {
    constexpr int kLook = 100;
    pollfd in{STDIN_FILENO, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (::poll(&in, 1, kLook) > 0) return true;
    }
    return false;
  }

  static void read(const Console& console, net::WebSocketClient& socket, std::atomic<bool>& is_open,
                   bool has_button, const std::stop_token& stop) {
    const RunContext run{Deadline::never(), stop};
    std::string line;
    while (has_input(stop) && std::getline(console.in, line)) {
      line = trim(line);
      if (!line.empty()) {
        socket.send_text(dump({{"type", "text"}, {"text", line}}), run);
      } else if (has_button) {
        is_open = !is_open;
        console.err << (is_open ? "hailstone: I hear you; Enter when you have finished\n"
                                : "hailstone: Enter to speak\n");
        if (!is_open) socket.send_text(R"({"type":"commit"})", run);
      }
    }
  }

  std::jthread thread_;
};

/// What happens, told to people.
class TalkView {
 public:
  TalkView(const Console& console, const VoiceRequest& request, Mouth& mouth)
      : console_(console), request_(request), live_(console), mouth_(mouth) {}

  /// False: that was the last one.
  bool show(const Json& event) {
    const std::string type = text_of(event, "type");
    if (type == "speech_started" || type == "reply_started") is_resting_ = false;
    if (type == "reply_done" || (type == "heard" && text_of(event, "text").empty())) {
      is_resting_ = true;
    }
    if (type == "interrupted") mouth_.hush();
    if (request_.json) {
      console_.out << dump(event) << '\n' << std::flush;
    } else {
      tell(type, event);
    }
    return type != "done";
  }
  /// Nobody speaks, and no answer is on its way. Any thread may ask.
  bool is_resting() const noexcept { return is_resting_; }

 private:
  void tell(const std::string& type, const Json& event) {
    if (type == "ready") {
      note(text_of(object_of(event, "models"), "chat") + " listens" + how_to_speak());
    } else if (type == "awake") {
      note("yes? (" + text_of(event, "phrase") + ")");
    } else if (type == "partial") {
      live_.partial("you: " + text_of(event, "text"));
    } else if (type == "heard") {
      live_.clear();
      if (const auto text = text_of(event, "text"); !text.empty()) live_.final("you: " + text);
    } else if (type == "reply_done") {
      live_.final(" it: " + text_of(event, "text"));
      if (const auto error = text_of(event, "error"); !error.empty()) note(error);
    } else if (type == "error") {
      const auto detail = text_of(event, "detail");
      note(text_of(event, "error") + (detail.empty() ? "" : ": " + detail));
    }
  }

  std::string how_to_speak() const {
    if (!request_.wake.empty()) return " for '" + request_.wake + "'; Ctrl-C ends it";
    return request_.push_to_talk ? "; Enter to speak, Ctrl-C ends it" : "; Ctrl-C ends it";
  }

  void note(const std::string& text) {
    live_.clear();
    console_.err << "hailstone: " << printable_line(text) << '\n';
  }

  const Console& console_;
  const VoiceRequest& request_;
  LiveText live_;
  Mouth& mouth_;
  std::atomic<bool> is_resting_ = true;
};

/// A file as a microphone gives it: in its own time, and with silence behind it until the talk
/// rests.
class FileAsMicrophone final : public Ear {
 public:
  FileAsMicrophone(Ear& file, const TalkView& view) : file_(file), view_(view) {}

  std::vector<std::int16_t> hear(const RunContext& run) override {
    constexpr std::size_t kFrame = kEarRate / 50;
    if (next_ == piece_.size() && !is_over_) {
      piece_ = file_.hear(run);
      next_ = 0;
      is_over_ = piece_.empty();
    }
    std::vector<std::int16_t> frame(kFrame);
    if (is_over_) {
      silence_ += kFrame;
      if (view_.is_resting() && silence_ > kLastSilence) return {};
    } else {
      frame.resize(std::min(kFrame, piece_.size() - next_));
      std::copy_n(piece_.begin() + static_cast<std::ptrdiff_t>(next_), frame.size(), frame.begin());
      next_ += frame.size();
    }
    given_ += frame.size();
    keep_time(run);
    return frame;
  }

 private:
  /// A turn is over after at most two seconds of it, and its answer has begun after one more.
  static constexpr std::size_t kLastSilence = 4U * kEarRate;

  void keep_time(const RunContext& run) {
    std::unique_lock lock(mutex_);
    never_.wait_until(lock, run.stop, begin_ + std::chrono::milliseconds(given_ * 1000 / kEarRate),
                      [] { return false; });
    run.check();
  }

  Ear& file_;
  const TalkView& view_;
  std::vector<std::int16_t> piece_;
  std::size_t next_ = 0;
  bool is_over_ = false;
  std::size_t silence_ = 0;
  std::uint64_t given_ = 0;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable_any never_;
};

/// Until the end of the sound.
void hear_all(net::WebSocketClient& socket, Ear& ear, EchoCanceller* echo,
              const std::atomic<bool>& is_open, const RunContext& hearing,
              const RunContext& telling) {
  for (auto samples = ear.hear(hearing); !samples.empty(); samples = ear.hear(hearing)) {
    if (echo != nullptr) samples = echo->clean(samples);
    if (is_open) socket.send_binary(to_bytes(samples), telling);
  }
}

void receive_all(net::WebSocketClient& socket, TalkView& view, Mouth& mouth, Feeding& feeding,
                 const std::string& who) {
  for (bool goes_on = true; goes_on;) {
    const auto message = socket.receive(feeding.patience());
    if (message.kind == net::SocketMessage::Kind::kClosed) return;
    if (message.kind == net::SocketMessage::Kind::kBinary) {
      mouth.say(message.data);
    } else {
      goes_on = view.show(parse_object(message.data, who));
    }
  }
}

}  // namespace

void talk(const CommandContext& context, const VoiceRequest& request) {
  const auto ear = open_ear(request.device, request.file, context.console.in);
  std::optional<EchoCanceller> echo;
  if (!request.keeps_echo && request.file.empty()) echo.emplace(kEarRate);
  Mouth mouth(request.speaker, kEarRate, echo ? &*echo : nullptr);
  const RunContext patience{Deadline::never(), {}};
  const auto socket = context.service.open_socket(kRoute, patience);
  socket->send_text(start_message(request), patience);
  std::atomic<bool> is_open = !request.push_to_talk;
  TalkView view(context.console, request, mouth);
  Interrupts interrupts;
  std::optional<Keyboard> keyboard;
  if (request.file != "-")
    keyboard.emplace(context.console, *socket, is_open, request.push_to_talk);
  FileAsMicrophone paced(*ear, view);
  Ear& heard = request.file.empty() ? *ear : static_cast<Ear&>(paced);
  Feeding feeding(*socket, interrupts, [&](const RunContext& hearing, const RunContext& telling) {
    hear_all(*socket, heard, echo ? &*echo : nullptr, is_open, hearing, telling);
  });
  receive_all(*socket, view, mouth, feeding, context.service.url());
  feeding.finish();
  if (!request.file.empty()) mouth.finish();
}

}  // namespace hailstone::cli
