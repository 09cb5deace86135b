// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/streams/kept_reply.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hailstone::streams {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

/// Waits until the condition holds; a stop or the deadline comes out as run.check() has it.
template <typename Condition>
void wait(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
          const RunContext& run, const Condition& condition) {
  constexpr std::chrono::milliseconds kTurn{500};  // deadlines may be beyond what a clock can add
  while (!condition()) {
    run.check();
    changed.wait_for(lock, run.stop,
                     std::min<std::chrono::nanoseconds>(kTurn, run.deadline.remaining()),
                     condition);
  }
}

}  // namespace

/// Says how far it is, so that the writer waits for it; whoever came last counts.
class KeptReply::Reader {
 public:
  Reader(KeptReply& reply, std::uint64_t from) : reply_(reply) {
    const std::lock_guard lock(reply_.mutex_);
    reply_.reading_ = from;
  }
  ~Reader() {
    const std::lock_guard lock(reply_.mutex_);
    reply_.reading_.reset();
    reply_.changed_.notify_all();
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  KeptReply& reply_;
};

void KeptReply::add_header(std::string name, std::string value) {
  const std::lock_guard lock(mutex_);
  head_.headers.add(std::move(name), std::move(value));
}

void KeptReply::send(http::Response response) {
  const std::lock_guard lock(mutex_);
  head_.whole = std::move(response);
  changed_.notify_all();
}

http::ResponseStream& KeptReply::stream(int status, std::string content_type) {
  const std::lock_guard lock(mutex_);
  is_stream_ = true;
  head_.status = status;
  head_.content_type = std::move(content_type);
  changed_.notify_all();
  return *this;
}

bool KeptReply::started() const noexcept {
  const std::lock_guard lock(mutex_);
  return is_stream_ || head_.whole.has_value();
}

void KeptReply::finish() {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  changed_.notify_all();
}

void KeptReply::end_with(std::string_view last) {
  const std::lock_guard lock(mutex_);
  kept_ += last;  // a line more than there is room for does no harm
  is_finished_ = true;
  changed_.notify_all();
}

void KeptReply::fail(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
  is_finished_ = true;
  changed_.notify_all();
}

bool KeptReply::is_finished() const {
  const std::lock_guard lock(mutex_);
  return is_finished_;
}

std::string KeptReply::content_type() const {
  const std::lock_guard lock(mutex_);
  return head_.content_type;
}

void KeptReply::write(std::string_view piece) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] {
    const bool fits = kept_.size() + piece.size() <= kMostBytes;
    return fits || !reading_ || *reading_ > begin_;
  };
  wait(changed_, lock, {Deadline::never(), stop_}, has_room);
  kept_ += piece;
  if (kept_.size() > kMostBytes) {
    std::uint64_t too_many = kept_.size() - kMostBytes;
    if (reading_) too_many = std::min(too_many, *reading_ - begin_);
    kept_.erase(0, too_many);
    begin_ += too_many;
  }
  changed_.notify_all();
}

void KeptReply::ping_in_silence(std::string ping, std::chrono::milliseconds silence) {
  const std::lock_guard lock(mutex_);
  head_.ping = std::move(ping);
  head_.silence = silence;
}

KeptReply::Head KeptReply::await_head(const RunContext& run) {
  std::unique_lock lock(mutex_);
  wait(changed_, lock, run, [&] { return is_stream_ || head_.whole || is_finished_; });
  if (failure_) std::rethrow_exception(failure_);
  return head_;
}

/// Nothing at the end.
std::optional<std::string> KeptReply::next(std::uint64_t& offset, const RunContext& run) {
  std::unique_lock lock(mutex_);
  wait(changed_, lock, run, [&] { return is_finished_ || begin_ + kept_.size() > offset; });
  if (offset < begin_) {
    throw Error(ErrorCode::kBadRequest,
                "the stream's bytes before " + std::to_string(begin_) + " are gone");
  }
  const std::uint64_t end = begin_ + kept_.size();
  if (offset > end) {
    throw Error(ErrorCode::kBadRequest, "the stream has only " + std::to_string(end) + " bytes");
  }
  if (offset == end) return std::nullopt;
  auto piece = kept_.substr(offset - begin_, kPiece);
  offset += piece.size();
  if (reading_) reading_ = offset;
  changed_.notify_all();
  return piece;
}

void KeptReply::copy_to(http::Reply& reply, std::uint64_t from, const RunContext& run) {
  Head head = await_head(run);
  for (const auto& [name, value] : head.headers.all()) reply.add_header(name, value);
  if (head.whole) return reply.send(*std::move(head.whole));
  const Reader reader(*this, from);
  auto piece = next(from, run);  // a bad offset still has a status of its own
  auto& stream = reply.stream(head.status, std::move(head.content_type));
  if (!head.ping.empty()) stream.ping_in_silence(std::move(head.ping), head.silence);
  for (; piece; piece = next(from, run)) stream.write(*piece);
}

}  // namespace hailstone::streams
