// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <ostream>

#include "cli/sound/sound_card.hpp"
#include "cli/speech/ear.hpp"
#include "cli/speech/feeding.hpp"
#include "cli/speech/live_text.hpp"
#include "cli/speech/speech.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kRoute = "/api/transcribe/live";

void list_devices(const Console& console) {
  const auto devices = list_sound_devices();
  for (const auto& device : devices) {
    const char* const what = device.hears ? (device.speaks ? "both" : "microphone") : "loudspeaker";
    console.out << printable_line(device.name) << '\t' << what << '\t'
                << printable_line(device.description) << '\n';
  }
  if (devices.empty()) console.err << "hailstone: ALSA knows no device here\n";
}

/// Decibels of full scale.
double level_of(std::span<const std::int16_t> samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  const double mean = sum / static_cast<double>(std::max<std::size_t>(1, samples.size()));
  return 10 * std::log10(mean / (32768.0 * 32768.0) + 1e-10);
}

/// A bar, five times a second, until Ctrl-C or the end of the sound.
void show_level(const Console& console, Ear& ear, const RunContext& run) {
  constexpr double kQuietest = -70;
  constexpr int kCells = 35;
  LiveText live(console);
  std::vector<std::int16_t> some;
  const auto show = [&] {
    const double level = std::clamp(level_of(some), kQuietest, 0.0);
    const auto cells = static_cast<std::size_t>((1 - level / kQuietest) * kCells);
    const std::string text = std::string(cells, '#') + std::string(kCells - cells, '.') + ' ' +
                             std::to_string(static_cast<int>(level)) + " dB";
    console.out_is_terminal ? live.partial(text) : live.final(text);
    some.clear();
  };
  for (;;) {
    const auto samples = ear.hear(run);
    if (samples.empty()) break;
    some.insert(some.end(), samples.begin(), samples.end());
    if (some.size() >= kEarRate / 5) show();
  }
  if (!some.empty()) show();
}

/// False: that was the last one.
bool show_event(const Console& console, LiveText& live, const ListenRequest& request,
                const Json& event) {
  const std::string type = text_of(event, "type");
  if (type == "error") {
    live.clear();
    throw Error(ErrorCode::kEngineFailed, text_of(event, "error"), text_of(event, "detail"));
  }
  if (request.json) {
    console.out << dump(event) << '\n' << std::flush;
  } else if (type == "ready") {
    console.err << "hailstone: " << printable_line(text_of(event, "model"))
                << " listens; Ctrl-C ends it\n";
  } else if (type == "partial") {
    live.partial(text_of(event, "text"));
  } else if (type == "final") {
    live.final(text_of(event, "text"));
  }
  return type != "done";
}

void transcribe_live(const CommandContext& context, const ListenRequest& request, Ear& ear,
                     Interrupts& interrupts) {
  const RunContext patience{Deadline::never(), {}};
  Fields fields = request.fields;
  fields.emplace_back("sample_rate", std::to_string(kEarRate));
  const auto socket = context.service.open_socket(make_target(kRoute, fields), patience);
  LiveText live(context.console);
  Feeding feeding(*socket, interrupts, [&](const RunContext& hearing, const RunContext& telling) {
    for (auto samples = ear.hear(hearing); !samples.empty(); samples = ear.hear(hearing)) {
      socket->send_binary(to_bytes(samples), telling);
    }
  });
  for (bool goes_on = true; goes_on;) {
    const auto message = socket->receive(feeding.patience());
    if (message.kind == net::SocketMessage::Kind::kClosed) break;
    if (message.kind != net::SocketMessage::Kind::kText) continue;
    goes_on = show_event(context.console, live, request,
                         parse_object(message.data, context.service.url()));
  }
  feeding.finish();
}

}  // namespace

void listen(const CommandContext& context, const ListenRequest& request) {
  if (request.lists_devices) return list_devices(context.console);
  const auto ear = open_ear(request.device, request.file, context.console.in);
  Interrupts interrupts;
  if (!request.shows_level) return transcribe_live(context, request, *ear, interrupts);
  try {
    show_level(context.console, *ear, {Deadline::never(), interrupts.arm()});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
  }
}

}  // namespace hailstone::cli
