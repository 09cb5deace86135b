// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that services stand on, in process and without sockets: a store, a runtime with the
// fake engine, and a router whose handlers are called directly.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/runtime.hpp"
#include "core/store/store.hpp"
#include "engines/fake/engine.hpp"
#include "http/router.hpp"
#include "services/common/model_access.hpp"
#include "support/recording_reply.hpp"
#include "support/temp_store.hpp"

namespace hailstone::test_support {

struct Answer {
  RecordingReply reply;
  std::optional<Error> error;  ///< what the handler threw, for the http room to render

  ErrorCode code() const { return error ? error->code() : ErrorCode::kInternal; }
  std::string message() const { return error ? error->what() : "no error"; }
};

/// A body that comes in small pieces.
class TextStream final : public http::BodyStream {
 public:
  explicit TextStream(std::string text) : text_(std::move(text)) {}
  std::string read() override {
    constexpr std::size_t kPiece = 1000;
    std::string piece = text_.substr(0, kPiece);
    text_.erase(0, kPiece);
    return piece;
  }

 private:
  std::string text_;
};

struct FakeDaemon {
  /// another: an engine besides the fake one.
  explicit FakeDaemon(services::ModelAccessOptions options = {},
                      std::unique_ptr<inference::Engine> another = nullptr)
      : store({files.root()}),
        runtime(make_engines(std::move(another)), {}, metrics),
        models(store, runtime, options) {}

  static std::vector<std::unique_ptr<inference::Engine>> make_engines(
      std::unique_ptr<inference::Engine> another) {
    std::vector<std::unique_ptr<inference::Engine>> engines;
    engines.push_back(engines::fake::make_fake_engine());
    if (another) engines.push_back(std::move(another));
    return engines;
  }

  /// Calls the handler of the route as the server would.
  std::unique_ptr<Answer> call(http::Method method, const std::string& path,
                               const std::string& body = {}, RunContext run = {},
                               std::size_t pieces_until_gone = SIZE_MAX) {
    const auto match = router.find(method, path);
    if (match.route == nullptr) throw std::logic_error("no route " + path);
    http::Request request;
    request.method = method;
    request.path = path;
    request.params = match.params;
    request.headers = headers;
    TextStream stream(body);
    if (match.route->body == http::BodyMode::kStreamed) {
      request.body_stream = &stream;
    } else {
      request.body = body;
    }
    request.run = std::move(run);
    auto answer = std::unique_ptr<Answer>(new Answer{RecordingReply(pieces_until_gone), {}});
    try {
      match.route->handler(request, answer->reply);
    } catch (const Error& error) {
      answer->error = error;
    }
    return answer;
  }
  std::unique_ptr<Answer> post(const std::string& path, const std::string& body) {
    return call(http::Method::kPost, path, body);
  }
  std::unique_ptr<Answer> get(const std::string& path) { return call(http::Method::kGet, path); }

  int leases() const {
    int count = 0;
    for (const auto& resident : runtime.residents()) count += resident.leases;
    return count;
  }

  TempStore files;
  core::Metrics metrics;
  core::Store store;
  core::Runtime runtime;
  services::ModelAccess models;
  http::Router router;
  http::Headers headers;  ///< of the calls to come
};

}  // namespace hailstone::test_support
