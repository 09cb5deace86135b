// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request as a handler sees it, and the reply that it gives. Nothing of the HTTP library shows.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

std::string_view to_string(Method method) noexcept;

/// Names are compared without case; order is kept.
class Headers {
 public:
  void add(std::string name, std::string value);
  /// The first one of that name.
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The body where a route asks for it as a stream (uploads): pulled by the handler's thread, so
/// that a slow handler slows the client down. Not thread-safe.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// The next bytes; empty at the end. Throws kTooLarge (over the route's limit), kBadRequest
  /// (broken chunking), kTimeout, kCancelled (client left).
  virtual std::string read() = 0;
};

struct Request {
  Method method = Method::kGet;
  std::string path;  ///< percent-decoded, without the query
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> params;  ///< from the route's pattern: "/api/jobs/{id}"
  Headers headers;
  std::string body;                   ///< whole, unless the route streams it
  BodyStream* body_stream = nullptr;  ///< only on a route with kStreamBody
  std::string id;                     ///< X-Request-Id, given or made
  std::string peer;                   ///< "127.0.0.1:51234"
  /// Stops when the client leaves or the daemon shuts down. Stop callbacks run on the event loop:
  /// they must not block.
  RunContext run;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  Headers headers;
};

/// A reply that is sent piece by piece. Owned by the handler's thread.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  /// Sends a piece. Blocks while the client reads slower than we write: memory does not grow.
  /// Throws kCancelled when the client has left, kTimeout when it reads nothing for too long.
  virtual void write(std::string_view piece) = 0;
  /// From now on ping is sent after each such time without a write(), never within a piece. At most
  /// a quarter of a second later; not where there is no connection.
  virtual void ping_in_silence(std::string ping, std::chrono::milliseconds silence);
};

/// What a handler answers with: exactly one of send() and stream(), once. If the handler throws
/// before either, the error is rendered with its real status; if it throws while streaming, the
/// stream ends with the dialect's error line.
class Reply {
 public:
  virtual ~Reply() = default;
  /// Headers to be sent with whatever follows. Only before send() and stream().
  virtual void add_header(std::string name, std::string value) = 0;
  virtual void send(Response response) = 0;
  /// Starts a chunked reply; for HEAD nothing but the header is sent. The stream ends when the
  /// handler returns.
  virtual ResponseStream& stream(int status, std::string content_type) = 0;
  /// As stream(), for a body whose length is known: where less comes, the connection breaks.
  virtual ResponseStream& stream_sized(int status, std::string content_type, std::uint64_t length);
  virtual bool started() const noexcept = 0;
};

}  // namespace hailstone::http
