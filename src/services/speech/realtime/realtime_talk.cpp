// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/realtime_talk.hpp"

#include <algorithm>
#include <utility>

#include "services/speech/realtime/wire_commands.hpp"
#include "services/speech/realtime/wire_session.hpp"

namespace hailstone::realtime {
namespace {

using voice::Item;
using voice::Reply;

Item message_of(const std::string& id) {
  Item item;
  item.id = id;
  item.role = inference::Role::kAssistant;
  item.status = Item::Status::kInProgress;
  return item;
}

Item call_of(const SentItem& sent) {
  Item item;
  item.id = sent.id;
  item.kind = Item::Kind::kCall;
  item.role = inference::Role::kAssistant;
  item.status = Item::Status::kInProgress;
  item.call = {sent.call_id, sent.name, sent.arguments};
  return item;
}

Item::Status status_of(const Reply& reply) {
  return reply.status == Reply::Status::kCompleted ? Item::Status::kCompleted
                                                   : Item::Status::kIncomplete;
}

}  // namespace

RealtimeTalk::RealtimeTalk(const voice::VoiceServices& services, Session session, Dialect dialect,
                           http::WebSocketSession& socket, voice::TalkLoop& loop)
    : session_(std::move(session)),
      dialect_(dialect),
      events_(dialect, [&socket](const std::string& text) { socket.send_text(text); }),
      talk_(services, session_.talk, *this, loop.post(), loop.run_context()) {
  ear_.set_format(session_.input);
}

void RealtimeTalk::greet() {
  const bool is_talk = session_.kind == SessionKind::kRealtime;
  const bool is_beta = dialect_ == Dialect::kBeta;
  events_.session(is_talk || !is_beta ? "session.created" : "transcription_session.created",
                  session_);
  if (is_talk) events_.conversation_created("conv_" + session_.id);
  talk_.warm_up({is_talk, is_talk && session_.talk.reply.speaks});
}

void RealtimeTalk::take(const std::string& message) {
  try {
    obey(parse_command(message));
  } catch (const Error& error) {  // the client is told, and the session goes on
    if (error.code() == ErrorCode::kCancelled) throw;
    complain(error, find_event_id(message));
  }
}

void RealtimeTalk::complain(const Error& error, const std::string& event_id) {
  Complaint complaint;
  complaint.message = error.what();
  if (!error.detail().empty()) complaint.message += " (" + error.detail() + ")";
  complaint.event_id = event_id;
  switch (error.code()) {
    case ErrorCode::kBadRequest:
      complaint.code = "invalid_value";
      if (complaint.message.starts_with("Error committing"))
        complaint.code = "input_audio_buffer_commit_empty";
      break;
    case ErrorCode::kConflict:
      complaint.code = "conversation_already_has_active_response";
      break;
    case ErrorCode::kNotFound:
      complaint.code = "not_found";
      break;
    default:
      complaint.type = "server_error";
      complaint.code = to_string(error.code());
  }
  events_.error(complaint);
}

void RealtimeTalk::obey(const Command& command) {
  switch (command.kind) {
    case Command::Kind::kUpdate:
      return update(command.session);
    case Command::Kind::kAppend:
      return talk_.hear(ear_.take(command.audio));
    case Command::Kind::kCommit:
      return talk_.commit(voice::Answer::kNotYet);
    case Command::Kind::kClear:
      talk_.clear_input();
      return events_.cleared();
    case Command::Kind::kCreateItem:
      return create_item(command);
    case Command::Kind::kRetrieve: {
      const Item* item = talk_.conversation().find(command.item_id);
      if (item == nullptr)
        throw Error(ErrorCode::kNotFound,
                    "no item '" + command.item_id + "' is in the conversation");
      return events_.item_retrieved(*item);
    }
    case Command::Kind::kDelete:
      if (!talk_.conversation().remove(command.item_id)) {
        throw Error(ErrorCode::kNotFound,
                    "no item '" + command.item_id + "' is in the conversation");
      }
      return events_.item_deleted(command.item_id);
    case Command::Kind::kTruncate:
      return truncate(command);
    case Command::Kind::kRespond:
      return respond(command.response);
    case Command::Kind::kCancel:
      if (talk_.cancel(command.response)) return;
      throw Error(ErrorCode::kBadRequest, "Cancellation failed: no active response found");
    case Command::Kind::kClearOutput:
      talk_.cancel({});
      return events_.output_cleared(last_reply_);
  }
}

void RealtimeTalk::update(const std::string& settings) {
  session_ = update_session(session_, settings, dialect_);
  ear_.set_format(session_.input);
  talk_.configure(session_.talk);
  const bool is_old = dialect_ == Dialect::kBeta && session_.kind == SessionKind::kTranscription;
  events_.session(is_old ? "transcription_session.updated" : "session.updated", session_);
}

void RealtimeTalk::create_item(const Command& command) {
  const std::string previous = talk_.conversation().add(command.item, command.after);
  events_.item(command.item, previous);
}

void RealtimeTalk::respond(const std::string& response) {
  if (session_.kind == SessionKind::kTranscription) {
    throw Error(ErrorCode::kBadRequest, "a transcription session makes no responses",
                "begin a session of the type realtime");
  }
  talk_.respond(read_response(session_, response, dialect_, talk_.conversation()));
}

void RealtimeTalk::truncate(const Command& command) {
  talk_.conversation().truncate(command.item_id, command.audio_end);
  events_.item_truncated(command.item_id, command.audio_end);
}

void RealtimeTalk::ready(const voice::CastNote&) {}
void RealtimeTalk::speech_started(const voice::Turn& turn) {
  events_.speech_started(turn);
}
void RealtimeTalk::speech_stopped(const voice::Turn& turn) {
  events_.speech_stopped(turn);
}
/// What may change is no delta.
void RealtimeTalk::partial(const voice::Turn&, const std::string&) {}

void RealtimeTalk::committed(const voice::Turn& turn, const std::string& previous) {
  events_.committed(turn.item_id, previous);
  if (const Item* item = talk_.conversation().find(turn.item_id)) events_.item(*item, previous);
}

void RealtimeTalk::heard(const voice::Turn& turn) {
  if (session_.tells_transcripts) events_.transcription(turn);
}

void RealtimeTalk::not_heard(const voice::Turn& turn, const Error& error) {
  if (session_.tells_transcripts) return events_.transcription_failed(turn, error);
  failed(error);
}

void RealtimeTalk::timed_out(const voice::Turn& turn) {
  events_.timeout_triggered(turn);
}

void RealtimeTalk::reply_created(const Reply& reply) {
  last_reply_ = reply.id;
  sent_[reply.id] = {};
  events_.response("response.created", reply, session_, {});
}

std::string RealtimeTalk::previous_of(const std::string& item_id) {
  std::string previous;
  for (const auto& item : talk_.conversation().items()) {
    if (item.id == item_id) break;
    previous = item.id;
  }
  return previous;
}

SentItem& RealtimeTalk::begin_message(const Reply& reply) {
  Sent& sent = sent_[reply.id];
  if (std::exchange(sent.has_message, true)) return sent.message;
  sent.message = {reply.item_id, sent.items++};
  const Item item = message_of(reply.item_id);
  events_.output_item("response.output_item.added", reply.id, sent.message.output_index, item);
  if (!reply.is_apart) events_.item_added(item, previous_of(item.id));
  events_.part("response.content_part.added", sent.message, reply, "");
  return sent.message;
}

void RealtimeTalk::reply_text(const Reply& reply, const std::string& text) {
  events_.text_delta(reply, begin_message(reply), text);
}

void RealtimeTalk::reply_call(const Reply& reply, const inference::ToolCallPiece& piece) {
  Sent& sent = sent_[reply.id];
  const auto [call, is_new] = sent.calls.try_emplace(piece.index);
  SentItem& item = call->second;
  if (is_new) {
    item.id = reply.call_items.at(static_cast<std::size_t>(piece.index));
    item.output_index = sent.items++;
    item.name = piece.name;
    item.call_id = piece.id;
    events_.output_item("response.output_item.added", reply.id, item.output_index, call_of(item));
    if (!reply.is_apart) events_.item_added(call_of(item), talk_.conversation().last_id());
  }
  if (piece.arguments.empty()) return;
  item.arguments += piece.arguments;
  events_.arguments_delta(reply.id, item, piece.arguments);
}

void RealtimeTalk::reply_speaker(const Reply&, const speak::Speaker&) {}

void RealtimeTalk::reply_sound(const Reply& reply, const std::string& pcm) {
  events_.audio_delta(reply, begin_message(reply), encode(pcm, session_.output));
}

/// The client learns it from the response's status.
void RealtimeTalk::interrupted(const Reply&) {}

/// Ends what was begun, and gives it as the response has it.
std::vector<Item> RealtimeTalk::close_items(const Reply& reply) {
  Sent& sent = sent_[reply.id];
  std::vector<std::pair<int, Item>> items;
  if (sent.has_message) {
    if (reply.options.speaks) events_.audio_done(reply, sent.message);
    events_.text_done(reply, sent.message, reply.text);
    events_.part("response.content_part.done", sent.message, reply, reply.text);
    Item item = message_of(reply.item_id);
    item.status = status_of(reply);
    const auto kind =
        reply.options.speaks ? voice::Content::Kind::kAudio : voice::Content::Kind::kText;
    item.contents.push_back({kind, reply.text});
    items.emplace_back(sent.message.output_index, std::move(item));
  }
  for (auto& [index, call] : sent.calls) {
    const auto whole = static_cast<std::size_t>(index);
    if (whole < reply.calls.size()) call.arguments = reply.calls[whole].arguments;
    Item item = call_of(call);
    item.status = status_of(reply);
    if (item.status == Item::Status::kCompleted) events_.arguments_done(reply.id, call);
    items.emplace_back(call.output_index, std::move(item));
  }
  std::sort(items.begin(), items.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Item> output;
  for (auto& [index, item] : items) {
    events_.output_item("response.output_item.done", reply.id, index, item);
    if (!reply.is_apart) events_.item_done(item, previous_of(item.id));
    output.push_back(std::move(item));
  }
  return output;
}

void RealtimeTalk::reply_done(const Reply& reply) {
  const auto output = close_items(reply);
  sent_.erase(reply.id);
  events_.response("response.done", reply, session_, output);
}

void RealtimeTalk::failed(const Error& error) {
  complain(error, {});
}

}  // namespace hailstone::realtime
