// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reply that outlives the connection it was asked for on: one thread writes it, any number read
// it from where they like, as long as that is still there.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "http/message.hpp"

namespace hailstone::streams {

/// Thread-safe; as a Reply it belongs to the handler's thread.
class KeptReply final : public http::Reply, private http::ResponseStream {
 public:
  /// What is kept of a stream; the oldest bytes go first, unless somebody still reads them.
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;

  explicit KeptReply(std::stop_token stop) : stop_(std::move(stop)) {}

  void add_header(std::string name, std::string value) override;
  void send(http::Response response) override;
  http::ResponseStream& stream(int status, std::string content_type) override;
  bool started() const noexcept override;

  /// The handler has returned.
  void finish();
  /// It has thrown in the midst of a stream, whose last piece this is.
  void end_with(std::string_view last);
  /// It has thrown before the reply began: who reads gets the same.
  void fail(std::exception_ptr error);

  /// Copies what there is from an offset on, and what is still to come, to a client; blocks until
  /// the end. Throws kBadRequest for an offset whose bytes are gone, or that is not there yet at
  /// the end, what the handler threw, and what writing to the client throws.
  void copy_to(http::Reply& reply, std::uint64_t from, const RunContext& run);

  bool is_finished() const;
  std::string content_type() const;

 private:
  class Reader;
  /// What is known before the first byte.
  struct Head {
    http::Headers headers;
    std::optional<http::Response> whole;
    int status = 0;
    std::string content_type;
    std::string ping;
    std::chrono::milliseconds silence{0};
  };

  void write(std::string_view piece) override;
  void ping_in_silence(std::string ping, std::chrono::milliseconds silence) override;
  Head await_head(const RunContext& run);
  std::optional<std::string> next(std::uint64_t& offset, const RunContext& run);

  const std::stop_token stop_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // All of these are guarded by mutex_.
  Head head_;
  bool is_stream_ = false;
  std::string kept_;  ///< the bytes from begin_ on
  std::uint64_t begin_ = 0;
  std::optional<std::uint64_t> reading_;  ///< how far the reader is that has come last
  bool is_finished_ = false;
  std::exception_ptr failure_;
};

}  // namespace hailstone::streams
