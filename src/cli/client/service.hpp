// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The service as the commands see it: JSON in, JSON out, refusals as exceptions.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/run_context.hpp"
#include "cli/client/json_access.hpp"
#include "core/config/environment.hpp"
#include "net/http_client.hpp"
#include "net/web_socket_client.hpp"

namespace hailstone::cli {

/// The service answered, with a refusal.
class RefusedError : public Error {
 public:
  RefusedError(int status, ErrorCode code, const std::string& message, std::string detail)
      : Error(code, message, std::move(detail)), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

/// Where the service listens: HAILSTONE_HOST, then OLLAMA_HOST, then the usual address. An address
/// that only a server can have (0.0.0.0) becomes loopback. Throws Error(kBadRequest).
Endpoint service_endpoint(const core::Environment& environment);

/// What a client on the same machine writes for an address that a service listens on.
Endpoint reachable(Endpoint endpoint);

/// A body that is no JSON, and what is wanted in return.
struct BytesRequest {
  std::string content_type;
  std::string body;
  std::string accept;
  std::string subject;  ///< begins the message of a refusal: "photo.jpg"; may be empty
};

/// One thread.
class Service {
 public:
  using OnObject = std::function<void(const Json&)>;
  /// Told before a wait: for how long, and what the service said.
  using OnBusy = std::function<void(std::chrono::seconds, const std::string&)>;

  Service(Endpoint endpoint, std::string api_key, OnBusy on_busy);

  /// "http://127.0.0.1:11434".
  std::string url() const;

  /// All block, and throw net::ConnectionError, RefusedError, Error(kEngineFailed) for a reply that
  /// is not JSON, kTimeout, kCancelled. A busy service (503) that names a time is asked again a few
  /// times.
  Json get(const std::string& target, const RunContext& run);
  Json post(const std::string& target, const Json& body, const RunContext& run);
  /// Where the reply says nothing but that it is done.
  void command(const std::string& method, const std::string& target, const Json& body,
               const RunContext& run);
  /// HEAD: false for 404.
  bool exists(const std::string& target, const RunContext& run);
  void upload(const std::string& target, net::LargeBody body, const RunContext& run);
  /// Sends bytes and gives what comes, up to 512 MiB, whatever it is.
  net::ClientResponse post_bytes(const std::string& target, const BytesRequest& request,
                                 const RunContext& run);
  /// One call per line of the reply; an error line throws Error(kEngineFailed).
  void stream(const std::string& target, const Json& body, const OnObject& on_object,
              const RunContext& run);
  /// The same for a body of bytes.
  void stream_bytes(const std::string& target, const BytesRequest& request,
                    const OnObject& on_object, const RunContext& run);
  /// A WebSocket of the service. Throws as get() does, but asks once only.
  std::unique_ptr<net::WebSocketClient> open_socket(const std::string& target,
                                                    const RunContext& run);

 private:
  net::ClientRequest make_request(std::string method, std::string target,
                                  std::string accept = "application/json") const;
  net::ClientRequest make_request(std::string method, std::string target, const Json& body) const;
  void read_lines(const net::ClientRequest& request, const OnObject& on_object,
                  const RunContext& run, const std::string& subject = {});
  /// Gives the head of a reply that is no refusal. subject: as in BytesRequest.
  net::ResponseHead exchange(const net::ClientRequest& request, const net::OnPiece& on_piece,
                             const RunContext& run, const std::string& subject = {});

  net::HttpClient client_;
  const Endpoint endpoint_;
  const std::string api_key_;
  const OnBusy on_busy_;
};

/// For requests that are answered at once.
RunContext short_run();

}  // namespace hailstone::cli
