// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server with routes that do what tests need.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "http/ndjson.hpp"
#include "http/server.hpp"
#include "http/sse.hpp"
#include "http/testing/raw_client.hpp"

namespace hailstone::http::testing {

class TestServer {
 public:
  explicit TestServer(ServerOptions options = {}) {
    if (options.listen.empty()) options.listen = {{"127.0.0.1", 0}};
    server_ = std::make_unique<Server>(std::move(options), make_router(), metrics);
  }
  ~TestServer() { release(); }

  std::uint16_t port() const { return server_->endpoints().front().port; }
  Server& server() { return *server_; }
  RawClient connect() const { return RawClient(port()); }

  /// Lets the handlers of /work go.
  void release() {
    const std::lock_guard lock(mutex_);
    is_released_ = true;
    released_.notify_all();
  }
  /// Until condition() holds; false after 20 seconds.
  bool wait_for(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), condition);
  }
  bool wait_for_running(int count) {
    return wait_for([&] { return running >= count; });
  }
  bool wait_for_cancelled(int count) {
    return wait_for([&] { return cancelled >= count; });
  }

  /// Until the exposition has the line; false after 20 seconds.
  bool wait_for_figure(const std::string& line) const {
    for (int i = 0; i < 4000; ++i) {
      if (metrics.expose().find(line + "\n") != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  core::Metrics metrics;
  // Guarded by mutex_, or read in wait_for().
  int running = 0;
  int cancelled = 0;
  std::atomic<std::size_t> written = 0;  // by /stream
  std::atomic<std::size_t> read = 0;     // by /upload

 private:
  static Route route(Method method, const char* pattern, Handler handler) {
    Route made;
    made.method = method;
    made.pattern = pattern;
    made.handler = std::move(handler);
    return made;
  }

  Router make_router() {
    Router router;
    router.add(route(Method::kGet, "/api/version", [](Request&, Reply& reply) {
      Response response;
      response.body = R"({"version":"1"})";
      reply.send(std::move(response));
    }));
    router.add(route(Method::kGet, "/health/live", [](Request&, Reply& reply) { reply.send({}); }));
    auto echo = route(Method::kPost, "/echo/{name}", [](Request& request, Reply& reply) {
      Response response;
      response.content_type = "text/plain";
      response.body = request.params["name"] + "|" + request.query["q"] + "|" + request.body;
      reply.send(std::move(response));
    });
    echo.max_body = ByteSize::kib(100);
    echo.dialect = Dialect::kOllama;
    router.add(std::move(echo));
    add_streams(router);
    auto form = route(Method::kPost, "/form", [](Request& request, Reply& reply) {
      Response response;
      response.body = std::to_string(request.body.size());
      reply.send(std::move(response));
    });
    form.key = KeyPlace::kInForm;
    form.max_body = ByteSize::mib(64);
    router.add(std::move(form));
    router.add(route(Method::kGet, "/sized", [](Request& request, Reply& reply) {
      auto& stream = reply.stream_sized(200, "text/plain", std::stoul(request.query["promise"]));
      stream.write(std::string(std::stoul(request.query["size"]), 's'));
    }));
    add_failures(router);
    add_sockets(router);
    auto work = route(Method::kPost, "/work", [this](Request& request, Reply& reply) {
      // As if the lane were its place in a queue.
      *request.run.queue_position = static_cast<std::size_t>(request.run.lane);
      work_until_released(request);
      reply.send({});
    });
    work.cost = Cost::kWork;
    work.timeout = std::chrono::seconds(0);
    router.add(std::move(work));
    auto task = route(Method::kPost, "/long", [this](Request& request, Reply& reply) {
      work_until_released(request);
      reply.send({});
    });
    task.cost = Cost::kLong;
    task.timeout = std::chrono::seconds(0);
    router.add(std::move(task));
    return router;
  }

  void add_streams(Router& router) {
    auto upload = route(Method::kPost, "/upload", [this](Request& request, Reply& reply) {
      const bool is_slow = request.query.count("slow") > 0;
      std::size_t total = 0;
      if (is_slow) work_until_released(request);
      for (auto piece = request.body_stream->read(); !piece.empty();
           piece = request.body_stream->read()) {
        read = total += piece.size();
      }
      Response response;
      response.body = std::to_string(total);
      reply.send(std::move(response));
    });
    upload.body = BodyMode::kStreamed;
    upload.max_body = ByteSize::mib(64);
    router.add(std::move(upload));
    router.add(route(Method::kGet, "/stream", [this](Request& request, Reply& reply) {
      const auto pieces = std::stoul(request.query.at("pieces"));
      const std::string piece(std::stoul(request.query.at("size")), 'x');
      auto& stream = reply.stream(200, "text/plain");
      try {
        for (std::size_t i = 0; i < pieces; ++i) {
          stream.write(piece);
          written += piece.size();
        }
      } catch (const Error&) {
        note_cancelled();
        throw;
      }
    }));
    // Silent until released.
    router.add(route(Method::kGet, "/events", [this](Request& request, Reply& reply) {
      SseWriter events(reply, std::chrono::milliseconds(1));
      events.start();
      work_until_released(request);
      events.send(std::string(200'000, 'e'));
      if (request.query.count("fail") > 0) throw Error(ErrorCode::kEngineFailed, "it crashed");
      events.done();
    }));
    router.add(route(Method::kGet, "/events/named", [](Request&, Reply& reply) {
      SseWriter events(reply);
      events.send_named("delta", "one\ntwo", "7");
      events.done();
    }));
    router.add(route(Method::kGet, "/large", [](Request& request, Reply& reply) {
      Response response;
      response.body = std::string(std::stoul(request.query.at("size")), 'y');
      reply.send(std::move(response));
    }));
  }

  static void add_failures(Router& router) {
    router.add(route(Method::kGet, "/crash",
                     [](Request&, Reply&) { throw std::runtime_error("secret"); }));
    router.add(route(Method::kGet, "/silent", [](Request&, Reply&) {}));
    for (const auto& [path, dialect] : {std::pair{"/broken/plain", Dialect::kPlain},
                                        std::pair{"/broken/ollama", Dialect::kOllama},
                                        std::pair{"/v1/broken", Dialect::kOpenAi}}) {
      auto broken = route(Method::kGet, path, [](Request& request, Reply& reply) {
        const bool is_openai = request.path.starts_with("/v1/");
        const bool has_begun = request.query.count("begun") > 0;
        if (has_begun && is_openai) SseWriter(reply).send("{\"a\":1}");
        if (has_begun && !is_openai) NdjsonWriter(reply).write("{\"a\":1}");
        throw Error(ErrorCode::kEngineFailed, "the engine crashed");
      });
      broken.dialect = dialect;
      router.add(std::move(broken));
    }
  }

  // Says again what it hears, and does what tests ask for.
  void add_sockets(Router& router) {
    Route made;
    made.pattern = "/socket";
    made.max_body = ByteSize::kib(100);
    made.protocols = {"realtime"};
    made.web_socket = [this](const Request& request, WebSocketSession& session) {
      using Kind = WebSocketMessage::Kind;
      int count = 0;
      for (;;) {
        const auto message = session.receive(Deadline::never());
        ++count;
        if (message.kind == Kind::kClosed) return;
        if (message.kind == Kind::kBinary) {
          session.send_binary(message.data);
        } else if (message.data == "fail return") {
          return;
        } else if (message.data.starts_with("fail ")) {
          throw Error(*find_error_code(message.data.substr(5)), "it failed");
        } else {
          session.send_text(said_to(message.data, request, session, count));
        }
      }
    };
    router.add(std::move(made));
  }

  std::string said_to(const std::string& what, const Request& request, WebSocketSession& session,
                      int count) {
    using Kind = WebSocketMessage::Kind;
    if (what == "protocol") return std::string(session.protocol());
    if (what == "count") return std::to_string(count);
    if (what == "wait") work_until_released(request);
    if (what == "flood") flood(session);
    if (what != "poll") return what;
    const auto next = session.receive(Deadline::in(std::chrono::milliseconds(1)));
    return next.kind == Kind::kNothing ? "nothing" : "something";
  }

  void flood(WebSocketSession& session) {
    const std::string piece(64'000, 'f');
    try {
      for (int i = 0; i < 10'000; ++i) {
        session.send_binary(piece);
        written += piece.size();
      }
    } catch (const Error&) {
      note_cancelled();
      throw;
    }
  }

  void work_until_released(const Request& request) {
    std::unique_lock lock(mutex_);
    ++running;
    changed_.notify_all();
    released_.wait(lock, request.run.stop, [this] { return is_released_; });
    if (!request.run.stop.stop_requested()) return;
    ++cancelled;
    changed_.notify_all();
  }

  void note_cancelled() {
    const std::lock_guard lock(mutex_);
    ++cancelled;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable_any released_;
  bool is_released_ = false;
  std::unique_ptr<Server> server_;
};

}  // namespace hailstone::http::testing
