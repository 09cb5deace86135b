// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/responses/response_writer.hpp"

#include <chrono>
#include <iterator>
#include <utility>

#include "base/ids.hpp"
#include "services/text/chat/reply_headers.hpp"

namespace hailstone::responses {
namespace {

using Kind = OutputItem::Kind;

std::int64_t seconds_of(const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

std::string_view prefix_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::kReasoning:
      return "rs_";
    case Kind::kMessage:
      return "msg_";
    case Kind::kCall:
      return "fc_";
  }
  return "item_";
}

std::string_view last_event(Status status) noexcept {
  switch (status) {
    case Status::kIncomplete:
      return "response.incomplete";
    case Status::kFailed:
      return "response.failed";
    case Status::kCompleted:
    case Status::kInProgress:
      break;
  }
  return "response.completed";
}

}  // namespace

ResponseWriter::ResponseWriter(http::Reply& reply, const Call& call, const Clock& clock)
    : reply_(reply), call_(call), clock_(clock), events_(reply) {
  response_.id = make_id("resp_");
  response_.created = seconds_of(clock);
}

void ResponseWriter::begin(const chat::Started& started) {
  chat::add_headers(reply_, started);
}

void ResponseWriter::piece(inference::TextChunk&& chunk) {
  if (!chunk.thinking.empty()) add(Kind::kReasoning, chunk.thinking);
  if (!chunk.text.empty() || !chunk.logprobs.empty()) {
    add(Kind::kMessage, chunk.text, std::move(chunk.logprobs));
  }
  for (auto& piece : chunk.tool_calls) {
    if (!piece.id.empty()) {
      const auto group = call_.namespaces.find(piece.name);
      OutputItem item{Kind::kCall, "", "", std::move(piece.id), std::move(piece.name)};
      if (group != call_.namespaces.end()) item.name_space = group->second;
      begin_item(std::move(item));
    }
    if (!piece.arguments.empty()) add(Kind::kCall, piece.arguments);
  }
}

void ResponseWriter::finish(const chat::Summary& summary) {
  // An empty answer is a message, too.
  if (response_.output.empty()) begin_item({Kind::kMessage, "", ""});
  end_item();
  response_.summary = summary;
  const bool is_cut = summary.ending == chat::Ending::kLength;
  response_.status = is_cut ? Status::kIncomplete : Status::kCompleted;
  response_.completed = seconds_of(clock_);
}

bool ResponseWriter::fail(const Error& error) {
  if (!has_started_ || error.code() == ErrorCode::kCancelled) return false;
  response_.status = Status::kFailed;
  response_.error_code = "server_error";
  response_.error_message = error.code() == ErrorCode::kInternal ? "internal error" : error.what();
  return true;
}

void ResponseWriter::send() {
  if (call_.task.stream) {
    start();
    const auto name = last_event(response_.status);
    return event(name, numbers_.of_response(name, response_, call_.echo));
  }
  http::Response whole;
  whole.body = write_response(response_, call_.echo);
  reply_.send(std::move(whole));
}

void ResponseWriter::start() {
  if (std::exchange(has_started_, true)) return;
  const Response begun{response_.id, response_.created};
  for (const std::string_view name : {"response.created", "response.in_progress"}) {
    event(name, numbers_.of_response(name, begun, call_.echo));
  }
}

void ResponseWriter::add(Kind kind, const std::string& text,
                         std::vector<inference::TokenLogprob> logprobs) {
  if (!is_open_ || response_.output.back().kind != kind) begin_item({kind, "", ""});
  OutputItem& item = response_.output.back();
  item.text += text;
  if (call_.task.stream) {
    event(names_for(kind).delta, numbers_.delta(last_index(), item, text, logprobs));
  }
  item.logprobs.insert(item.logprobs.end(), std::make_move_iterator(logprobs.begin()),
                       std::make_move_iterator(logprobs.end()));
}

void ResponseWriter::begin_item(OutputItem item) {
  end_item();
  is_open_ = true;
  item.id = make_id(prefix_of(item.kind));
  response_.output.push_back(std::move(item));
  if (!call_.task.stream) return;
  start();
  const OutputItem& begun = response_.output.back();
  event("response.output_item.added", numbers_.item_added(last_index(), begun));
  const auto name = names_for(begun.kind).part_added;
  if (!name.empty()) event(name, numbers_.part_added(last_index(), begun));
}

void ResponseWriter::end_item() {
  if (!std::exchange(is_open_, false) || !call_.task.stream) return;
  const OutputItem& item = response_.output.back();
  const auto names = names_for(item.kind);
  event(names.text_done, numbers_.text_done(last_index(), item));
  if (!names.part_done.empty()) event(names.part_done, numbers_.part_done(last_index(), item));
  event("response.output_item.done", numbers_.item_done(last_index(), item));
}

void ResponseWriter::event(std::string_view name, const std::string& data) {
  events_.send_named(name, data);
}

}  // namespace hailstone::responses
