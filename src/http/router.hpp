// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which handler answers which method and path. Built once before the server starts; then only read,
// from any thread.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_size.hpp"
#include "base/lane.hpp"
#include "http/message.hpp"
#include "http/web_socket.hpp"

namespace hailstone::http {

/// How errors look on a route.
enum class Dialect {
  kPlain,      ///< {"error":"...","detail":"..."}
  kOllama,     ///< {"error":"..."}, and a line of it in mid-stream
  kOpenAi,     ///< {"error":{"message",...}}, and an event of it in mid-stream
  kAnthropic,  ///< {"type":"error","error":{"type","message"}}, and an event of it in mid-stream
  kDeepStack,  ///< {"success":false,"error":"...","duration":0}
};

/// Where a client's API key may stand. With kInForm a request without the header comes through to
/// the handler, which checks the form's key itself: require_key(). kNone is for what is the same
/// for everybody and tells nothing, as a portal's pages: browsers send no key with those.
enum class KeyPlace { kInHeader, kInForm, kNone };

enum class BodyMode { kWhole, kStreamed };

/// Quick handlers (lists, health) always find a worker; work that runs engines may use only a part
/// of them, so that /api/ps answers while every engine is busy. Instant ones run on the event loop
/// itself: they wait for nothing, and answer whatever has become of the workers. Long ones wait for
/// disks, networks or other processes, perhaps for hours, and have threads of their own.
enum class Cost { kInstant, kQuick, kWork, kLong };

/// Runs on a worker thread and may block, unless its route's cost says otherwise.
using Handler = std::function<void(Request&, Reply&)>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  ///< "/api/jobs/{id}"; {id...} at the end takes the rest, slashes included
  Handler handler;      ///< may be empty where web_socket is not
  /// On a GET route: whoever asks for a WebSocket gets one, with messages of at most max_body.
  /// Lane, cost and timeout do not count then.
  WebSocketHandler web_socket = {};
  std::vector<std::string> protocols = {};  ///< subprotocols of it, for the client to choose from
  Dialect dialect = Dialect::kPlain;
  KeyPlace key = KeyPlace::kInHeader;
  /// Keys that open this route alone, besides the operator's. May be empty. On the event loop: it
  /// must not block.
  std::function<bool(std::string_view key)> own_key = {};
  Cost cost = Cost::kQuick;
  BodyMode body = BodyMode::kWhole;
  ByteSize max_body = ByteSize::mib(1);
  /// From the arrival of the header; zero: none, the handler's own deadlines count.
  std::chrono::seconds timeout{30};
  Lane lane = Lane::kInteractive;  ///< where the request names none
};

class Router {
 public:
  /// A GET route answers HEAD as well. Throws std::logic_error for a pattern that is there already
  /// or that cannot be read.
  void add(Route route);

  struct Match {
    const Route* route = nullptr;  ///< null: none for this method
    std::map<std::string, std::string> params;
    std::vector<Method> allowed;  ///< of this path, for 405 and OPTIONS; empty: unknown path (404)
    std::shared_ptr<const Router> keeper;  ///< of a route that may go meanwhile
  };
  /// target is the raw path without query: split first, decoded part by part, so that an encoded
  /// slash stays inside its part. Where several patterns fit, a name beats {param} beats {rest...}.
  /// Throws Error(kBadRequest) for a path that cannot be decoded. The route lives as long as the
  /// router, wherever that is moved, or as the match.
  Match find(Method method, std::string_view raw_path) const;

  /// Routes that come and go while the server runs: asked where no route of this router's own has
  /// the path. more: null for none; called from any thread, waits for nothing. They are not among
  /// routes(), and change_each() does not reach them.
  void set_more(std::function<std::shared_ptr<const Router>()> more) { more_ = std::move(more); }

  /// Before the server starts. What is changed must not be method or pattern.
  void change_each(const std::function<void(Route&)>& change);

  /// In the order in which they are tried.
  std::vector<const Route*> routes() const;

 private:
  struct Part {
    enum class Kind { kName, kParam, kRest };
    Kind kind;
    std::string text;  // the name, or that of the parameter
  };
  struct Entry {
    std::vector<Part> parts;
    std::vector<std::unique_ptr<Route>> routes;  // one a method
  };

  static std::vector<Part> parse_pattern(std::string_view pattern);
  static bool fits(const Entry& entry, const std::vector<std::string>& path) noexcept;
  static const Route* find_route(const Entry& entry, Method method) noexcept;

  std::vector<Entry> entries_;  // the most special first
  std::function<std::shared_ptr<const Router>()> more_;
};

}  // namespace hailstone::http
