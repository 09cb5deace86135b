// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>

#include "base/strings.hpp"
#include "cli/speech/speech.hpp"
#include "cli/term/interrupts.hpp"

namespace hailstone::cli {
namespace {

/// What plays a WAV from its standard input, in the order of preference.
constexpr std::array kPlayers = {"pw-play -", "paplay", "aplay -q -"};

bool is_installed(const char* command) {
  const std::string program = std::string(command).substr(0, std::string(command).find(' '));
  for (const auto& folder : split(std::getenv("PATH") ? std::getenv("PATH") : "", ':')) {
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

const char* find_player() {
  for (const char* player : kPlayers) {
    if (is_installed(player)) return player;
  }
  throw Error(ErrorCode::kBadRequest, "no player is installed here (aplay, paplay or pw-play)",
              "Write a file: -o speech.wav");
}

void play(const std::string& sound) {
  std::FILE* player = ::popen(find_player(), "w");
  if (player == nullptr) throw Error(ErrorCode::kInternal, "the player cannot be started");
  std::fwrite(sound.data(), 1, sound.size(), player);
  if (::pclose(player) != 0) throw Error(ErrorCode::kInternal, "the player has failed");
}

/// By the ending of the file.
std::string format_of(const std::string& out) {
  const std::string ending = to_lower(std::filesystem::path(out).extension().string());
  if (ending.empty() || out == "-" || ending == ".wav") return "wav";
  for (const char* known : {"flac", "mp3", "opus", "ogg", "pcm"}) {
    if (ending == std::string(".") + known) return known;
  }
  throw Error(ErrorCode::kBadRequest, out + ": no format is known by that ending",
              ".wav, .flac, .mp3, .opus, .ogg and .pcm are");
}

std::string text_to_say(const SpeakRequest& request, const Console& console) {
  std::string text = join(request.text, " ");
  if (text.empty() || text == "-") text.assign(std::istreambuf_iterator<char>(console.in), {});
  if (trim(text).empty()) throw Error(ErrorCode::kBadRequest, "there is no text to say");
  return text;
}

void keep(const std::string& out, const std::string& sound, std::ostream& standard) {
  if (out == "-") {
    standard << sound << std::flush;
    return;
  }
  std::ofstream file(out, std::ios::binary);
  file << sound << std::flush;
  if (!file) throw Error(ErrorCode::kInternal, out + " cannot be written");
}

}  // namespace

void speak_text(const CommandContext& context, const SpeakRequest& request) {
  if (request.out.empty()) find_player();  // before the work, not after it
  Json body{{"text", text_to_say(request, context.console)},
            {"format", format_of(request.out)},
            {"speed", request.speed},
            {"stream", true}};
  if (!request.voice.empty()) body["voice"] = request.voice;
  if (!request.language.empty()) body["language"] = request.language;
  if (!request.model.empty()) body["model"] = request.model;
  Interrupts interrupts;
  const auto reply =
      context.service.post_bytes("/api/speak", {"application/json", dump(body), "*/*", {}},
                                 {Deadline::never(), interrupts.arm()});
  if (reply.find_header("X-Hailstone-Voice-Substituted")) {
    context.console.err << "hailstone: '" << request.voice << "' is not installed; "
                        << reply.find_header("X-Hailstone-Voice").value_or("another")
                        << " speaks instead\n";
  }
  if (request.out.empty()) {
    play(reply.body);
  } else {
    keep(request.out, reply.body, context.console.out);
  }
}

}  // namespace hailstone::cli
