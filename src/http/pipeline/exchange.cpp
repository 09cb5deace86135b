// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/exchange.hpp"

#include <stdexcept>
#include <utility>

#include "http/header_names.hpp"
#include "http/pipeline/middleware.hpp"
#include "http/sse.hpp"

namespace hailstone::http {
namespace {

constexpr std::uint64_t kMaxBodyWithoutRoute = 1 << 20;
/// A large piece goes out in parts, so that a slow reader holds back the writer and not our memory.
constexpr std::size_t kMaxChunk = 64 << 10;

}  // namespace

Exchange::Exchange(Site& site, std::shared_ptr<Channel> channel)
    : site_(site), channel_(std::move(channel)) {
  request.run.stop = stop_.get_token();
}

Exchange::~Exchange() {
  budget() -= charged_;
}

std::atomic<std::uint64_t>& Exchange::budget() noexcept {
  return is_unproven ? site_.unproven_bytes : site_.body_bytes;
}

bool Exchange::streams_body() const noexcept {
  return route() != nullptr && route()->body == BodyMode::kStreamed;
}

std::uint64_t Exchange::max_body() const noexcept {
  return route() == nullptr ? kMaxBodyWithoutRoute : route()->max_body.count();
}

void Exchange::append_body(std::string_view piece) {
  charged_ += piece.size();
  const auto& options = site_.options;
  const auto limit = is_unproven ? options.max_unproven : options.max_buffered;
  if ((budget() += piece.size()) > limit.count()) {
    throw Error(ErrorCode::kBusy, "too many large requests at once")
        .set_retry_after(std::chrono::seconds(1));
  }
  request.body += piece;
}

void Exchange::begin() {
  is_begun_ = true;
  site_.metrics.in_flight.add(1);
}

void Exchange::run() noexcept {
  try {
    request.run.queue_position = &queue_position_;
    // Quick ones answer also a client that has closed its side already.
    if (route()->cost == Cost::kWork) request.run.check();
    if (streams_body()) request.body_stream = this;
    route()->handler(request, *this);
    if (state_ == State::kUnanswered) {
      throw Error(ErrorCode::kInternal, "the handler gave no reply");
    }
    if (state_ == State::kStreaming) end_stream();
  } catch (...) {
    fail(current_refusal());
  }
  finish();
}

void Exchange::note_queue_position() {
  if (route() == nullptr || route()->cost != Cost::kWork) return;
  reply_headers.add(kQueuePositionHeader, std::to_string(queue_position_));
}

void Exchange::reply_now() noexcept {
  try {
    send(*std::exchange(answer, std::nullopt));
  } catch (...) {
    fail(current_refusal());
  }
  finish();
}

void Exchange::refuse(const Refusal& refusal) noexcept {
  fail(refusal);
  finish();
}

void Exchange::abandon() noexcept {
  constexpr int kClientClosedRequest = 499;
  account(kClientClosedRequest);
  after_ = Channel::After::kAbort;
  finish();
}

void Exchange::add_header(std::string name, std::string value) {
  if (started()) throw std::logic_error("a header after the reply has begun");
  reply_headers.add(std::move(name), std::move(value));
}

bool Exchange::decide_keep_alive() noexcept {
  const bool keep_alive = envelope.wants_keep_alive && channel_->may_keep_alive();
  after_ = keep_alive ? Channel::After::kKeepAlive : Channel::After::kClose;
  return keep_alive;
}

void Exchange::send(Response response) {
  if (started()) throw std::logic_error("a second reply");
  note_queue_position();
  ReplyHead head;
  head.status = response.status;
  head.is_http_1_0 = envelope.is_http_1_0;
  head.keep_alive = decide_keep_alive();
  if (has_no_body(response.status)) response.body.clear();
  if (!response.body.empty()) head.content_type = response.content_type;
  head.content_length = response.body.size();
  auto bytes = write_head(head, reply_headers, response.headers);
  if (is_head()) response.body.clear();
  state_ = State::kSent;
  // Counted first: whoever has seen the reply finds it in the figures.
  account(response.status);
  channel_->send(std::move(bytes), std::move(response.body));
}

ResponseStream& Exchange::stream(int status, std::string content_type) {
  ReplyHead head;
  head.status = status;
  head.content_type = content_type;
  head.framing = envelope.is_http_1_0 ? Framing::kUntilClose : Framing::kChunked;
  return begin_stream(head);
}

ResponseStream& Exchange::stream_sized(int status, std::string content_type, std::uint64_t length) {
  ReplyHead head;
  head.status = status;
  head.content_type = content_type;
  head.content_length = unsent_ = length;
  return begin_stream(head);
}

ResponseStream& Exchange::begin_stream(ReplyHead head) {
  if (started()) throw std::logic_error("a second reply");
  note_queue_position();
  status_ = head.status;
  framing_ = head.framing;
  head.is_http_1_0 = envelope.is_http_1_0;
  head.keep_alive = decide_keep_alive();
  if (framing_ == Framing::kUntilClose && !is_head()) {
    head.keep_alive = false;
    after_ = Channel::After::kClose;
  }
  auto bytes = write_head(head, reply_headers, {});
  const bool is_events = head.content_type.starts_with(kEventStream);
  form_ = is_events ? StreamForm::kEvents : StreamForm::kLines;
  state_ = State::kStreaming;
  channel_->send(std::move(bytes), {});
  return *this;
}

void Exchange::write(std::string_view piece) {
  if (state_ != State::kStreaming) throw std::logic_error("a piece without a stream");
  while (!piece.empty() && !is_head()) {
    const auto part = piece.substr(0, kMaxChunk);
    piece.remove_prefix(part.size());
    if (framing_ == Framing::kLength) {
      if (part.size() > unsent_) throw std::logic_error("more than the length that was promised");
      unsent_ -= part.size();
    }
    channel_->write(framing_ == Framing::kChunked ? make_chunk(part) : std::string(part),
                    piece.empty() ? Channel::Part::kLast : Channel::Part::kMore);
  }
}

void Exchange::ping_in_silence(std::string ping, std::chrono::milliseconds silence) {
  if (state_ != State::kStreaming) throw std::logic_error("pings without a stream");
  if (is_head()) return;
  if (framing_ == Framing::kChunked) ping = make_chunk(ping);
  channel_->ping_in_silence(std::move(ping), silence);
}

void Exchange::end_stream() {
  account(status_);
  state_ = State::kSent;
  if (unsent_ > 0 && !is_head()) after_ = Channel::After::kAbort;
  if (framing_ == Framing::kChunked && !is_head()) channel_->send(std::string(kLastChunk), {});
}

void Exchange::fail(const Refusal& refusal) {
  try {
    log_failure(refusal.error, request);
    if (state_ == State::kStreaming) end_failed_stream(refusal.error);
    if (state_ == State::kUnanswered) send(render_error(refusal, dialect, request.id));
  } catch (...) {  // no memory even for that: the connection's end is all that is left to say
    after_ = Channel::After::kAbort;
  }
}

void Exchange::end_failed_stream(const Error& error) {
  auto line = render_stream_error(error, dialect, form_, request.id);
  const bool may_add = framing_ != Framing::kLength && !is_head();
  if (may_add) {
    channel_->send(framing_ == Framing::kChunked ? make_chunk(line) : std::move(line), {});
  }
  // A plain stream may be a picture or a sound: only its missing end tells that it is broken.
  const bool is_text = dialect != Dialect::kPlain || form_ == StreamForm::kEvents;
  if (is_text && framing_ != Framing::kLength) return end_stream();
  account(status_);
  state_ = State::kSent;
  after_ = Channel::After::kAbort;
}

UpgradeRequest Exchange::take_upgrade() {
  constexpr int kSwitchingProtocols = 101;
  account(kSwitchingProtocols);
  return {std::move(request), route(), *std::move(protocol), std::move(reply_headers)};
}

void Exchange::account(int status) noexcept {
  if (std::exchange(is_accounted_, true)) return;
  count_reply(site_, *this, status);
  if (is_begun_) site_.metrics.in_flight.add(-1);
}

void Exchange::finish() noexcept {
  if (!is_accounted_) account(status_);
  channel_->finish(after_);
}

}  // namespace hailstone::http
