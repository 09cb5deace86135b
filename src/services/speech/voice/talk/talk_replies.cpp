// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// The machine's side of a talk: answers from their first word to what was heard of them.
#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "services/speech/voice/talk/talk_state.hpp"

namespace hailstone::voice {
namespace {

Content make_content(const ReplyOptions& options, std::string text) {
  return {options.speaks ? Content::Kind::kAudio : Content::Kind::kText, std::move(text)};
}

void note_time(std::optional<milliseconds>& time, SteadyTime at, SteadyTime since) {
  if (!time)
    time = std::chrono::duration_cast<milliseconds>(
        std::max(at - since, SteadyTime::duration::zero()));
}

milliseconds to_milliseconds(Length length) {
  return std::chrono::duration_cast<milliseconds>(length);
}

}  // namespace

std::string Talk::respond(ReplyWish wish) {
  if (!wish.is_apart && is_replying()) {
    throw Error(
        ErrorCode::kConflict,
        "Conversation already has an active response in progress: " + find_active()->view.id +
            ". Wait until the response is finished before creating a new one.");
  }
  return begin_reply(std::move(wish), nullptr);
}

std::string Talk::begin_reply(ReplyWish wish, const OpenTurn* turn) {
  const auto now = system_clock().now();
  reap();
  idle_at_.reset();
  last_activity_ = now;
  auto reply = std::make_unique<OpenReply>();
  reply->number = ++last_reply_;
  reply->since = now;
  reply->view.id = make_id("resp_");
  reply->view.item_id = make_id("item_");
  reply->view.is_apart = wish.is_apart;
  reply->view.options = std::move(wish.options);
  reply->view.metadata = std::move(wish.metadata);
  reply->input = std::move(wish.input);
  if (turn != nullptr) {
    reply->since = turn->speech_end;
    reply->view.times.turn_end = turn->view.turn_end;
    reply->view.times.heard = turn->view.heard;
    reply->view.usage.heard_sound = turn->view.sound;
  }
  if (!wish.is_apart) owes_reply_ = false;
  replies_.push_back(std::move(reply));
  const std::string id = replies_.back()->view.id;
  sink_.reply_created(replies_.back()->view);
  start_waiting();
  return id;
}

void Talk::start_waiting() {
  for (auto& reply : replies_) {
    if (reply->is_over() || reply->answering) continue;
    if (reply->input || committed_.empty()) start(*reply);
  }
}

void Talk::start(OpenReply& reply) {
  std::optional<SayPlan> plan;
  if (reply.view.options.speaks) {
    plan.emplace();
    const auto& voice = reply.view.options.voice;
    plan->wish = {options_.cast.speak, voice.empty() ? options_.cast.voice : voice,
                  options_.cast.language, false};
    plan->speed = reply.view.options.speed;
    plan->output_rate = options_.output_rate;
    plan->ahead = options_.ahead;
  }
  reply.answering = std::make_unique<Answering>(reply.number, services_, make_task(reply),
                                                std::move(plan), run_, post_);
}

chat::ChatTask Talk::make_task(const OpenReply& reply) const {
  const auto& options = reply.view.options;
  chat::ChatTask task;
  task.model = options_.cast.chat.empty() ? chat_model_ : options_.cast.chat;
  task.messages =
      make_messages(options.instructions, reply.input ? *reply.input : conversation_.items());
  if (task.messages.empty()) {  // nothing has been said: a greeting is wanted
    task.messages.push_back(inference::make_message(inference::Role::kUser, "Hello."));
  }
  task.tools = options.tools;
  task.tool_choice = options.tool_choice;
  task.parallel_tool_calls = options.parallel_tool_calls;
  task.thinking = inference::Thinking::kOff;  // nobody wants to wait for it in a talk
  task.options.num_predict = options.most_tokens;
  task.options.sampling.temperature = options.temperature;
  return task;
}

bool Talk::cancel(const std::string& reply_id) {
  for (auto& reply : replies_) {
    const bool is_meant = reply_id.empty() ? !reply->view.is_apart : reply->view.id == reply_id;
    if (reply->is_over() || !is_meant) continue;
    finish(*reply, Reply::Status::kCancelled, Reply::Reason::kClientCancelled);
    return true;
  }
  return false;
}

void Talk::set_played(Length played) {
  for (auto& reply : replies_) {
    if (reply->number == last_reply_) reply->told = played;
  }
}

Talk::OpenReply* Talk::find_active() noexcept {
  for (auto& reply : replies_) {
    if (!reply->is_over() && !reply->view.is_apart) return reply.get();
  }
  return nullptr;
}

/// The user has begun to speak.
void Talk::interrupt() {
  owes_reply_ = false;
  if (OpenReply* active = find_active()) {
    return finish(*active, Reply::Status::kCancelled, Reply::Reason::kTurnDetected);
  }
  if (!options_.cuts_history) return;
  for (auto& reply : replies_) {
    const bool is_heard = reply->number == last_reply_ && !reply->view.is_apart && !reply->is_cut &&
                          reply->playback.is_playing(system_clock().now());
    if (!is_heard || reply->view.status == Reply::Status::kCancelled) continue;
    cut_to_heard(*reply);
    sink_.interrupted(reply->view);
  }
}

void Talk::cut_to_heard(OpenReply& reply) {
  reply.is_cut = true;
  const Length played = reply.told.value_or(reply.playback.position(system_clock().now()));
  Item* item = reply.view.is_apart ? &reply.item : conversation_.find(reply.view.item_id);
  if (item == nullptr) return;
  reply.view.heard = reply.view.options.speaks ? item->spoken.until(played) : text_of(*item);
  if (!options_.cuts_history || reply.view.is_apart) return;
  item->status = Item::Status::kIncomplete;
  if (!item->contents.empty()) item->contents.front().text = reply.view.heard;
  if (reply.view.heard.empty()) conversation_.remove(reply.view.item_id);
}

void Talk::take_reply(ReplyNote&& note) {
  const auto found = std::find_if(replies_.begin(), replies_.end(),
                                  [&](const auto& reply) { return reply->number == note.reply; });
  if (found == replies_.end() || (*found)->is_over()) return;  // nobody wants it any more
  OpenReply& reply = **found;
  switch (note.kind) {
    case ReplyNote::Kind::kBegun:
      reply.view.chat_engine = note.started.engine;
      reply.view.usage.dropped_messages = note.started.dropped_messages;
      break;
    case ReplyNote::Kind::kPiece:
      take_piece(reply, std::move(note));
      break;
    case ReplyNote::Kind::kWritten:
      reply.is_written = true;
      reply.view.usage.input_tokens = note.summary.prompt_tokens;
      reply.view.usage.cached_tokens = note.summary.cached_prompt_tokens;
      reply.view.usage.text_tokens = note.summary.generated_tokens;
      for (auto& call : reply.joiner.finish()) reply.view.calls.push_back(std::move(call));
      reply.is_at_limit = note.summary.ending == chat::Ending::kLength;
      finish_if_done(reply);
      break;
    case ReplyNote::Kind::kSpeaker:
      reply.view.voice = note.speaker.voice;
      sink_.reply_speaker(reply.view, note.speaker);
      break;
    case ReplyNote::Kind::kClause:
    case ReplyNote::Kind::kSound:
      take_sound(reply, std::move(note));
      break;
    case ReplyNote::Kind::kSpoken:
      reply.is_spoken = true;
      finish_if_done(reply);
      break;
    case ReplyNote::Kind::kFailed:
      try {
        std::rethrow_exception(note.failure);
      } catch (...) {
        reply.view.error = current_error();
      }
      finish(reply, Reply::Status::kFailed, Reply::Reason::kNone);
      break;
  }
}

void Talk::take_piece(OpenReply& reply, ReplyNote&& note) {
  auto& view = reply.view;
  note_time(view.times.token, note.at, reply.since);
  if (!note.chunk.text.empty()) {
    view.text += note.chunk.text;
    keep_item(reply);
    sink_.reply_text(view, note.chunk.text);
  }
  for (const auto& piece : note.chunk.tool_calls) {
    while (view.call_items.size() <= static_cast<std::size_t>(std::max(0, piece.index))) {
      view.call_items.push_back(make_id("item_"));
    }
    sink_.reply_call(view, piece);
  }
  for (auto& call : reply.joiner.add(std::move(note.chunk.tool_calls))) {
    view.calls.push_back(std::move(call));
  }
}

/// The item of the answer, with what has been written so far.
void Talk::keep_item(OpenReply& reply) {
  Item* item = reply.view.is_apart ? &reply.item : conversation_.find(reply.view.item_id);
  if (!std::exchange(reply.has_item, true)) {
    Item fresh;
    fresh.id = reply.view.item_id;
    fresh.role = inference::Role::kAssistant;
    fresh.status = Item::Status::kInProgress;
    fresh.contents.push_back(make_content(reply.view.options, {}));
    if (reply.view.is_apart) {
      reply.item = std::move(fresh);
    } else {
      conversation_.add(std::move(fresh));
      item = conversation_.find(reply.view.item_id);
    }
  }
  if (item != nullptr && !item->contents.empty()) item->contents.front().text = reply.view.text;
}

void Talk::take_sound(OpenReply& reply, ReplyNote&& note) {
  Item* item = reply.view.is_apart ? &reply.item : conversation_.find(reply.view.item_id);
  if (note.kind == ReplyNote::Kind::kClause) {
    if (has_words(note.text)) note_time(reply.view.times.clause, note.at, reply.since);
    if (item != nullptr) item->spoken.begin_clause(std::move(note.text));
    return;
  }
  note_time(reply.view.times.sound, note.at, reply.since);
  if (item != nullptr) item->spoken.add_sound(note.length);
  reply.playback.send(note.length, system_clock().now());
  reply.view.usage.sound = to_milliseconds(reply.playback.sent());
  sink_.reply_sound(reply.view, note.sound);
}

void Talk::finish_if_done(OpenReply& reply) {
  if (!reply.is_written || (reply.view.options.speaks && !reply.is_spoken)) return;
  finish(reply, reply.is_at_limit ? Reply::Status::kIncomplete : Reply::Status::kCompleted,
         Reply::Reason::kNone);
}

void Talk::finish(OpenReply& reply, Reply::Status status, Reply::Reason reason) {
  auto& view = reply.view;
  view.status = status;
  view.reason = reason;
  if (reply.answering) reply.answering->stop();
  Item* item = view.is_apart ? nullptr : conversation_.find(view.item_id);
  const bool is_whole = status == Reply::Status::kCompleted;
  if (item != nullptr)
    item->status = is_whole ? Item::Status::kCompleted : Item::Status::kIncomplete;
  if (status == Reply::Status::kCancelled) {
    cut_to_heard(reply);
    view.calls.clear();
    sink_.interrupted(view);
  } else if (status != Reply::Status::kFailed && !view.is_apart) {
    for (std::size_t i = 0; i < view.calls.size(); ++i) {
      Item call;
      call.id = view.call_items.at(i);
      call.kind = Item::Kind::kCall;
      call.role = inference::Role::kAssistant;
      call.call = view.calls[i];
      conversation_.add(std::move(call));
    }
  }
  sink_.reply_done(view);
  if (view.is_apart) return;
  await_idle();
  if (owes_reply_ && !turn_ && status != Reply::Status::kCancelled)
    begin_reply({options_.reply}, nullptr);
}

}  // namespace hailstone::voice
