// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The interactive conversation: reads lines, does what /commands say, sends everything else.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "cli/chat/chat.hpp"
#include "cli/commands.hpp"
#include "cli/term/line_editor.hpp"

namespace hailstone::cli {

/// Lines to one input: text between """ and """ may span several. A value; pure.
class InputBlock {
 public:
  /// The whole input once its last line is there.
  std::optional<std::string> add(std::string_view line);
  bool is_open() const noexcept { return open_; }

 private:
  bool open_ = false;
  std::string text_;
};

/// One thread. The references outlive it.
class ChatLoop {
 public:
  /// What Ctrl-C stops; asked for anew before each reply.
  using Arm = std::function<std::stop_token()>;

  ChatLoop(Chat& chat, const CommandContext& context, LineSource& lines, Arm arm);

  /// Returns when the user leaves. An error ends a reply, not the conversation.
  void run();

 private:
  using Handler = void (ChatLoop::*)(std::string_view);
  struct Command {
    std::string_view name;
    std::string_view arguments;
    std::string_view help;
    Handler handler;
  };
  static const Command kCommands[];
  static const Command kSettings[];

  /// False for no command of that name.
  bool dispatch(const Command* begin, const Command* end, std::string_view text);
  void handle(const std::string& input);
  void answer(const std::string& input);
  void refuse(const Error& error);

  void help(std::string_view);
  void bye(std::string_view);
  void clear(std::string_view);
  void show(std::string_view part);
  void set(std::string_view text);
  void set_system(std::string_view text);
  void set_parameter(std::string_view text);
  void set_format(std::string_view text);
  void set_noformat(std::string_view);
  void set_verbose(std::string_view);
  void set_quiet(std::string_view);
  void set_wordwrap(std::string_view);
  void set_nowordwrap(std::string_view);

  Chat& chat_;
  const CommandContext& context_;
  LineSource& lines_;
  const Arm arm_;
  bool leaving_ = false;
};

}  // namespace hailstone::cli
