// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/wire_commands.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/common/base64.hpp"
#include "services/speech/realtime/wire_items.hpp"

namespace hailstone::realtime {
namespace {

using http::Fields;
using http::Json;
using Kind = Command::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 12> kKinds = {{
    {"session.update", Kind::kUpdate},
    {"transcription_session.update", Kind::kUpdate},
    {"input_audio_buffer.append", Kind::kAppend},
    {"input_audio_buffer.commit", Kind::kCommit},
    {"input_audio_buffer.clear", Kind::kClear},
    {"conversation.item.create", Kind::kCreateItem},
    {"conversation.item.retrieve", Kind::kRetrieve},
    {"conversation.item.delete", Kind::kDelete},
    {"conversation.item.truncate", Kind::kTruncate},
    {"response.create", Kind::kRespond},
    {"response.cancel", Kind::kCancel},
    {"output_audio_buffer.clear", Kind::kClearOutput},
}};

constexpr std::int64_t kLongestAudio = 24LL * 3600 * 1000;

Kind read_kind(const Fields& fields) {
  const std::string type = fields.required_string("type");
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const auto& kind) { return kind.first == type; });
  if (found != kKinds.end()) return found->second;
  std::string names;
  for (const auto& [name, kind] : kKinds)
    names += (names.empty() ? "'" : ", '") + std::string(name) + "'";
  throw Error(ErrorCode::kBadRequest,
              "Invalid value: '" + type + "'. Supported values are: " + names + ".");
}

std::string read_audio(const Fields& fields) {
  const std::string text = fields.required_string("audio");
  if (auto bytes = services::find_base64(text)) return *std::move(bytes);
  throw fields.wrong("audio", "sound in base64");
}

}  // namespace

std::string find_event_id(std::string_view message) {
  const Json json = Json::parse(message, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("event_id") || !json["event_id"].is_string()) return {};
  return json["event_id"].get<std::string>();
}

Command parse_command(std::string_view message) {
  const Json json = http::parse_json_object(message);
  const Fields fields(json);
  Command command{read_kind(fields)};
  switch (command.kind) {
    case Kind::kUpdate:
      command.session = http::to_text(fields.required("session"));
      break;
    case Kind::kAppend:
      command.audio = read_audio(fields);
      break;
    case Kind::kCreateItem: {
      const auto item = fields.find_object("item");
      if (!item) throw fields.wrong("item", "an object");
      command.item = read_item(*item);
      command.after = fields.find_string("previous_item_id");
      break;
    }
    case Kind::kTruncate:
      command.audio_end =
          milliseconds(fields.find_int("audio_end_ms", 0, kLongestAudio).value_or(0));
      [[fallthrough]];
    case Kind::kRetrieve:
    case Kind::kDelete:
      command.item_id = fields.required_string("item_id");
      break;
    case Kind::kRespond:
      if (const auto* response = fields.find("response"))
        command.response = http::to_text(*response);
      break;
    case Kind::kCancel:
      command.response = fields.find_string("response_id").value_or("");
      break;
    case Kind::kCommit:
    case Kind::kClear:
    case Kind::kClearOutput:
      break;
  }
  return command;
}

}  // namespace hailstone::realtime
