// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/streams/kept_streams.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "http/header_names.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/sse.hpp"
#include "os/thread_name.hpp"

namespace hailstone::streams {
namespace {

using http::Reply;
using http::Request;

void check_name(std::string_view name) {
  constexpr std::size_t kLongest = 128;
  const bool is_good =
      !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_' || c == '.';
      });
  if (is_good) return;
  throw Error(ErrorCode::kBadRequest, std::string(http::kStreamHeader) +
                                          " must be up to 128 letters, digits, '-', '_' and '.'");
}

/// The whole of a stream's thread.
void work(const http::Handler& handler, http::Dialect dialect, Request& request, KeptReply& reply) {
  os::set_thread_name("kept-stream");
  try {
    handler(request, reply);
    reply.finish();
  } catch (...) {  // the top of this thread
    const Error error = current_error();
    if (!reply.started()) return reply.fail(std::current_exception());
    const bool is_lines = !reply.content_type().starts_with(http::kEventStream);
    const auto form = is_lines ? http::StreamForm::kLines : http::StreamForm::kEvents;
    reply.end_with(http::render_stream_error(error, dialect, form, request.id));
  }
}

std::uint64_t read_offset(const Request& request) {
  const auto from = request.query.find("from");
  if (from == request.query.end()) return 0;
  const std::string& text = from->second;
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error == std::errc() && end == text.data() + text.size()) return offset;
  throw Error(ErrorCode::kBadRequest, "from must be a number of bytes");
}

}  // namespace

/// A reader of a stream: as long as there is one it is not stale.
class KeptStreams::Visit {
 public:
  Visit(KeptStreams& streams, Stream& stream) : streams_(streams), stream_(stream) {
    const std::lock_guard lock(streams_.mutex_);
    ++stream_.readers;
  }
  ~Visit() {
    const std::lock_guard lock(streams_.mutex_);
    --stream_.readers;
    stream_.left = streams_.clock_.now();
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  KeptStreams& streams_;
  Stream& stream_;
};

KeptStreams::Stream::~Stream() {
  stop.request_stop();
  if (thread.joinable()) thread.join();
}

KeptStreams::~KeptStreams() = default;

http::Route KeptStreams::keeping(http::Route route) {
  auto own = std::make_shared<const http::Route>(route);  // of the handler that is made here
  route.handler = [this, own](Request& request, Reply& reply) {
    const auto name = request.headers.find(http::kStreamHeader);
    if (!name) return own->handler(request, reply);
    const RunContext run = request.run;
    const Shared stream = start(*own, std::string(*name), std::move(request));
    const Visit visit(*this, *stream);
    stream->reply->copy_to(reply, 0, run);
  };
  return route;
}

KeptStreams::Shared KeptStreams::start(const http::Route& route, const std::string& name,
                                       Request request) {
  check_name(name);
  const auto stale = take_stale();  // goes when no lock is held any more
  auto stream = std::make_shared<Stream>();
  stream->reply = std::make_unique<KeptReply>(stream->stop.get_token());
  stream->reply->add_header(http::kStreamHeader, name);
  stream->left = clock_.now();
  request.run.stop = stream->stop.get_token();
  Shared replaced;  // goes when the lock is no more held: that waits for its thread
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(name);
  if (found != streams_.end() && !found->second->reply->is_finished()) {
    throw Error(ErrorCode::kConflict, "a stream '" + name + "' is still being written",
                "GET /api/streams/" + name + " reads it, DELETE stops it");
  }
  if (found == streams_.end() && streams_.size() >= kMost) {
    throw Error(ErrorCode::kBusy, "16 streams are kept already", "leave the name away");
  }
  stream->thread = std::thread(
      [handler = route.handler, dialect = route.dialect, reply = stream->reply.get(),
       request = std::move(request)]() mutable { work(handler, dialect, request, *reply); });
  replaced = std::exchange(streams_[name], stream);
  return stream;
}

KeptStreams::Shared KeptStreams::require(const std::string& name) {
  const auto stale = take_stale();
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(name);
  if (found == streams_.end()) {
    throw Error(ErrorCode::kNotFound, "there is no stream '" + name.substr(0, 128) + "'",
                "streams are kept for five minutes after their last reader has left");
  }
  return found->second;
}

/// To be destroyed by the caller, without the lock: that waits for their threads.
std::map<std::string, KeptStreams::Shared> KeptStreams::take_stale() {
  std::map<std::string, Shared> stale;
  const std::lock_guard lock(mutex_);
  for (auto entry = streams_.begin(); entry != streams_.end();) {
    const Stream& stream = *entry->second;
    const bool is_stale = stream.readers == 0 && clock_.now() - stream.left > kKeep;
    if (is_stale) stale.insert(*entry);
    entry = is_stale ? streams_.erase(entry) : std::next(entry);
  }
  return stale;
}

void KeptStreams::resume(const std::string& name, std::uint64_t from, Reply& reply,
                         const RunContext& run) {
  const Shared stream = require(name);
  const Visit visit(*this, *stream);
  stream->reply->copy_to(reply, from, run);
}

void KeptStreams::stop(const std::string& name) {
  const Shared stream = require(name);
  stream->stop.request_stop();
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(name);
  if (found != streams_.end() && found->second == stream) streams_.erase(found);
}

void add_stream_routes(http::Router& router, KeptStreams& streams) {
  http::Route read{.method = http::Method::kGet,
                   .pattern = "/api/streams/{name}",
                   .handler = [&streams](Request& request, Reply& reply) {
                     streams.resume(request.params.at("name"), read_offset(request), reply,
                                    request.run);
                   }};
  read.cost = http::Cost::kWork;  // as long as what it reads
  read.timeout = std::chrono::seconds::zero();
  router.add(std::move(read));
  router.add({.method = http::Method::kDelete,
              .pattern = "/api/streams/{name}",
              .handler = [&streams](Request& request, Reply& reply) {
                streams.stop(request.params.at("name"));
                http::Response response;
                response.body = R"({"stopped":true})";
                reply.send(std::move(response));
              }});
}

}  // namespace hailstone::streams
