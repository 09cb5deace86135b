// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/part_download.hpp"

#include <algorithm>
#include <list>
#include <optional>

#include "log/log.hpp"

namespace hailstone::core {
namespace {

constexpr std::chrono::milliseconds kTurn{1000};

Error wrong_length(const Url& url, std::uint64_t got, std::uint64_t expected) {
  return Error(ErrorCode::kEngineFailed, url.host + " has a file of " + std::to_string(got) +
                                             " bytes where " + std::to_string(expected) +
                                             " were announced");
}

/// Takes the bytes of one reply to where they belong.
class PartSink {
 public:
  PartSink(PartialBlob& blob, std::size_t part, std::uint64_t total, Url url)
      : blob_(blob), part_(part), total_(total), url_(std::move(url)) {
    const BlobPart state = blob.part(part);
    begin_ = state.offset + state.completed;
    left_ = state.size - state.completed;
  }

  bool take(const HttpReply& head, std::string_view bytes) {
    if (head.status != 200 && head.status != 206) return false;  // what it says is not the blob
    if (!checked_) check(head);
    const auto skipped = std::min<std::uint64_t>(skip_, bytes.size());
    skip_ -= skipped;
    bytes.remove_prefix(skipped);
    const auto wanted = std::min<std::uint64_t>(left_, bytes.size());
    blob_.append(part_, bytes.substr(0, wanted));
    left_ -= wanted;
    return left_ > 0;
  }

 private:
  void check(const HttpReply& head) {
    checked_ = true;
    const auto size = size_said_by(head);
    if (size && *size != total_) throw wrong_length(url_, *size, total_);
    if (head.status == 200) {
      skip_ = begin_;  // a server without ranges sends everything
      return;
    }
    const std::string expected = "bytes " + std::to_string(begin_) + "-";
    if (!head.header("content-range").starts_with(expected)) {
      throw Error(ErrorCode::kEngineFailed, url_.host + " sends another range than asked for");
    }
  }

  PartialBlob& blob_;
  const std::size_t part_;
  const std::uint64_t total_;
  const Url url_;
  std::uint64_t begin_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t skip_ = 0;
  bool checked_ = false;
};

class PartDownload {
 public:
  PartDownload(PartialBlob& blob, ByteSize size, const Locate& locate,
               const RegistryOptions& options, const RunContext& run)
      : blob_(blob), size_(size.count()), locate_(locate), options_(options), run_(run) {
    for (std::size_t i = 0; i < blob.part_count(); ++i) {
      if (!blob.part(i).is_complete()) waiting_.push_back({i, 0, SteadyTime{}});
    }
  }

  void run(const OnBytes& on_bytes) {
    while (!waiting_.empty() || !active_.empty()) {
      start_what_may_start();
      loop_.turn(time_to_wait(), run_.stop);
      run_.check();
      for (auto it = active_.begin(); it != active_.end();) {
        if (!it->transfer->is_finished()) {
          ++it;
          continue;
        }
        finish(*it);
        it = active_.erase(it);
      }
      on_bytes(size_, blob_.completed());
    }
  }

 private:
  struct Waiting {
    std::size_t part;
    int failures;  ///< in a row, without a byte
    SteadyTime not_before;
  };
  struct Active {
    Waiting state;
    std::uint64_t had;  ///< bytes when this try began
    std::unique_ptr<PartSink> sink;
    std::unique_ptr<Transfer> transfer;
  };

  void start_what_may_start() {
    const SteadyTime now = system_clock().now();
    for (auto it = waiting_.begin(); it != waiting_.end() && active_.size() < most_connections();) {
      if (it->not_before > now) {
        ++it;
        continue;
      }
      start(*it);
      it = waiting_.erase(it);
    }
  }

  void start(const Waiting& waiting) {
    if (!source_) {
      source_ = locate_(run_);
      if (source_->size && *source_->size != size_) {
        throw wrong_length(source_->url, *source_->size, size_);
      }
    }
    const BlobPart part = blob_.part(waiting.part);
    HttpRequest request;
    request.url = source_->url;
    request.headers = source_->headers;
    request.headers.push_back("Range: bytes=" + std::to_string(part.offset + part.completed) + "-" +
                              std::to_string(part.offset + part.size - 1));
    auto sink = std::make_unique<PartSink>(blob_, waiting.part, size_, request.url);
    Active& active =
        active_.emplace_back(Active{waiting, part.completed, std::move(sink), nullptr});
    active.transfer = std::make_unique<Transfer>(
        loop_, std::move(request), HttpOptions{options_.user_agent, options_.stall},
        [sink = active.sink.get()](const HttpReply& head, std::string_view bytes) {
          return sink->take(head, bytes);
        });
  }

  void finish(Active& active) {
    const std::size_t index = active.state.part;
    if (active.transfer->failure()) std::rethrow_exception(active.transfer->failure());
    blob_.flush(index);
    const BlobPart part = blob_.part(index);
    if (part.is_complete()) return;
    HttpReply reply = active.transfer->reply();
    const bool is_body = reply.status == 200 || reply.status == 206;
    // The sink refuses a body that is not the blob; that was no fault of the connection.
    if (reply.outcome == CURLE_WRITE_ERROR && !is_body) reply.outcome = CURLE_OK;
    Waiting next = active.state;
    next.failures = part.completed > active.had ? 1 : next.failures + 1;
    if (next.failures >= options_.tries || is_final(reply)) throw failure_of(reply);
    // An address may be good for some minutes only.
    if (reply.status / 100 == 4 && reply.status != 429) source_.reset();
    const auto wait = wait_before(next.failures, options_, reply);
    next.not_before = Deadline::in(wait).time();
    log::debug("registry", "part begins again",
               {{"host", active_host()}, {"failures", std::to_string(next.failures)}});
    waiting_.push_front(next);
  }

  bool is_final(const HttpReply& reply) const {
    constexpr std::chrono::minutes kPatience{5};
    return reply.retry_after && *reply.retry_after > kPatience;
  }

  Error failure_of(HttpReply reply) const {
    // A server that closes in the middle of a body: curl has a name for it, users do not.
    const bool cut = reply.status == 200 || reply.status == 206;
    if (reply.outcome == CURLE_OPERATION_TIMEDOUT || !cut) return error_of(reply, active_host());
    return Error(ErrorCode::kEngineFailed,
                 "the connection to " + active_host() + " broke again and again",
                 "what has come is kept: the next pull goes on from there");
  }

  std::size_t most_connections() const {
    return std::clamp<std::size_t>(options_.connections, 1, 16);
  }

  std::string active_host() const { return source_ ? source_->url.host : "the registry"; }

  std::chrono::milliseconds time_to_wait() const {
    auto wait = kTurn;
    if (active_.size() >= most_connections()) return wait;
    for (const auto& waiting : waiting_) {
      if (waiting.not_before == SteadyTime{}) continue;
      wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(
                                Deadline::at(waiting.not_before).remaining()));
    }
    return std::max(wait, std::chrono::milliseconds(1));
  }

  PartialBlob& blob_;
  const std::uint64_t size_;
  const Locate& locate_;
  const RegistryOptions& options_;
  const RunContext& run_;
  CurlLoop loop_;
  std::optional<Source> source_;
  std::list<Waiting> waiting_;
  std::list<Active> active_;
};

}  // namespace

void download_parts(PartialBlob& blob, ByteSize size, const Locate& locate,
                    const RegistryOptions& options, const OnBytes& on_bytes,
                    const RunContext& run) {
  PartDownload(blob, size, locate, options, run).run(on_bytes);
}

}  // namespace hailstone::core
