// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/connection.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"
#include "services/speech/speak/script.hpp"
#include "services/speech/wyoming/assistant.hpp"
#include "services/speech/wyoming/directory.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"

namespace hailstone::wyoming {
namespace {

using std::chrono::milliseconds;

/// What a client may have asked for without waiting for the answers.
constexpr std::size_t kMostJobs = 32;
/// Of one job; a client that has gone ends it at once.
constexpr std::chrono::minutes kLongestJob{10};
/// Of a client that does not read.
constexpr std::chrono::seconds kLongestWrite{30};
/// For a client to read why it has to go.
constexpr std::chrono::milliseconds kParting{500};
constexpr std::size_t kPiece = std::size_t{16} << 10;

}  // namespace

Connection::Connection(net::Socket& socket, const RunContext& run, const Offer& offer,
                       Patience patience)
    : socket_(socket),
      offer_(offer),
      patience_(patience),
      on_stop_(run.stop, [this] { ended_.request_stop(); }) {}

Connection::~Connection() {
  ended_.request_stop();
}

void Connection::serve() {
  std::string buffer(kPiece, '\0');
  try {
    while (const auto size = read(buffer)) {
      frames_.push(std::string_view(buffer).substr(0, size));
      while (auto event = frames_.next()) take(*std::move(event));
    }
  } catch (...) {  // the top of this client's thread
    fail(current_error());
  }
  ended_.request_stop();
  worker_ = {};  // nobody writes any more
  const MutexLock lock(writing_);
  if (has_failed_) socket_.part(kParting);
}

/// 0: the client has left. Throws Error(kTimeout) where it is silent for too long.
std::size_t Connection::read(std::string& buffer) {
  for (;;) {
    const RunContext run{Deadline::in(patience()), ended_.get_token()};
    const net::Socket::StopWatch watch(socket_, run);
    try {
      return socket_.read_some(buffer, watch);
    } catch (const Error& error) {  // who waits for us need not say anything
      if (error.code() != ErrorCode::kTimeout || !is_at_work()) throw;
    }
  }
}

milliseconds Connection::patience() const {
  if (!has_spoken_) return patience_.first;
  const bool is_within = frames_.is_within_event() || hearing_ || stream_ || watching_;
  return is_within ? patience_.within : patience_.between;
}

/// A recogniser that waits for sound does not count.
bool Connection::is_at_work() const {
  const MutexLock lock(mutex_);
  return (is_busy_ || !jobs_.empty()) && !hearing_ && !stream_ && !frames_.is_within_event();
}

void Connection::take(Event&& event) {
  has_spoken_ = true;
  std::visit([this](auto&& message) { handle(std::forward<decltype(message)>(message)); },
             parse_message(std::move(event)));
}

void Connection::handle(Describe&&) {
  send(offer_.directory.info());
}

void Connection::handle(Ping&& ping) {
  send(write_pong(ping.text));
}

void Connection::handle(Transcribe&& wish) {
  wish_ = std::move(wish);
  words_.reset();
}

void Connection::handle(AudioStart&& start) {
  handle(AudioStop());
  begin_sound(start.at);
}

/// For a recogniser, unless wake words have been asked for.
void Connection::begin_sound(Timestamp at) {
  if (words_) {
    watching_.emplace(offer_.wake, words_->names, [this](std::string_view frame) { send(frame); });
    return;
  }
  hearing_ = std::make_shared<Hearing>(offer_.transcribe, wish_.value_or(Transcribe()), at,
                                       [this](std::string_view frame) { send(frame); });
  enqueue([hearing = hearing_](const RunContext& run) { hearing->run(run); });
}

void Connection::handle(AudioChunk&& chunk) {
  if (!hearing_ && !watching_) begin_sound(chunk.at);
  const RunContext run{Deadline::in(patience_.within), ended_.get_token()};
  if (watching_) {
    watching_->push(chunk, run);
  } else {
    hearing_->push(chunk, run);
  }
}

void Connection::handle(AudioStop&&) {
  if (watching_) watching_->finish();
  watching_.reset();
  if (!hearing_) return;
  hearing_->finish();
  hearing_.reset();
}

void Connection::handle(Synthesize&& wish) {
  if (stream_) return;  // for servers that do not know streams: the same text once more
  enqueue([this, wish = std::move(wish)](const RunContext& run) {
    Speaking speaking(offer_.speak, wish.voice, [this](std::string_view frame) { send(frame); });
    speaking.say(wish.text, wish.is_ssml, run);
    speaking.finish();
  });
}

void Connection::handle(SynthesizeStart&& start) {
  if (stream_) stream_->text.finish();
  stream_ = std::make_shared<Stream>();
  enqueue([this, stream = stream_, start = std::move(start)](const RunContext& run) {
    Speaking speaking(offer_.speak, start.voice, [this](std::string_view frame) { send(frame); });
    while (const auto sentence = stream->text.take(run)) {
      // A row of dots is no reason to end the talk.
      const bool has_words = start.is_ssml || !speak::read_plain(*sentence, "").empty();
      if (has_words) speaking.say(*sentence, start.is_ssml, run);
    }
    speaking.finish();
    send(write_synthesize_stopped());
  });
}

void Connection::handle(SynthesizeChunk&& chunk) {
  if (stream_) stream_->text.push(chunk.text);
}

void Connection::handle(SynthesizeStop&&) {
  if (!stream_) return;
  stream_->text.finish();
  stream_.reset();
}

void Connection::handle(Detect&& wish) {
  words_ = std::move(wish);
}

void Connection::handle(Said&& said) {
  enqueue([this, said = std::move(said)](const RunContext& run) {
    offer_.assistant.answer(
        said, [this](std::string_view frame) { send(frame); }, run);
  });
}

void Connection::handle(Recognize&& wish) {
  enqueue([this, said = std::move(wish.said)](const RunContext& run) {
    offer_.assistant.recognize(
        said, [this](std::string_view frame) { send(frame); }, run);
  });
}

/// The protocol grows: what is not known is for others.
void Connection::handle(Unknown&& unknown) {
  log::debug("wyoming", "an unknown event", {{"type", unknown.type}});
}

void Connection::enqueue(Job job) {
  {
    const MutexLock lock(mutex_);
    if (jobs_.size() >= kMostJobs) {
      throw Error(ErrorCode::kBusy, "too many events at once wait for their answers");
    }
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
  if (worker_.joinable()) return;
  worker_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("wyoming-work");
    work(stop);
  });
}

void Connection::work(const std::stop_token& stop) {
  const std::stop_callback on_end(ended_.get_token(), [this] { changed_.notify_all(); });
  for (;;) {
    Job job;
    {
      UniqueLock lock(mutex_);
      is_busy_ = false;
      const bool goes_on = changed_.wait(lock.native(), stop, [this] {
        mutex_.assert_held();
        return !jobs_.empty() || ended_.stop_requested();
      });
      if (!goes_on || ended_.stop_requested()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      is_busy_ = true;
    }
    try {
      job({Deadline::in(kLongestJob), ended_.get_token()});
    } catch (...) {  // the top of this thread
      fail(current_error());
      return;
    }
  }
}

void Connection::send(std::string_view frame) {
  const MutexLock lock(writing_);
  if (has_failed_) throw Error(ErrorCode::kCancelled, "the client has been told to go");
  write(frame);
}

void Connection::write(std::string_view frame) {
  const RunContext run{Deadline::in(kLongestWrite), ended_.get_token()};
  const net::Socket::StopWatch watch(socket_, run);
  if (!socket_.write_all(frame, watch)) {
    throw Error(ErrorCode::kCancelled, "the client has left");
  }
}

/// The client learns why, and that nothing else will come: Home Assistant overlooks errors, and
/// would wait for ever.
void Connection::fail(const Error& error) {
  const bool is_end = error.code() == ErrorCode::kCancelled || ended_.stop_requested();
  if (!is_end) {
    log::info("wyoming", "a client's wish ends in an error",
              {{"error", error.what()}, {"detail", error.detail()}});
    const MutexLock lock(writing_);
    try {
      if (!has_failed_) write(write_error(error));
      has_failed_ = true;
    } catch (const Error&) {  // it has left
    }
  }
  ended_.request_stop();
}

}  // namespace hailstone::wyoming
