// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small blocking HTTP/1.1 client over TCP and unix sockets, without TLS. Every call ends at its
// deadline, and within a millisecond of its stop request. Connections are kept and reused.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/run_context.hpp"

namespace hailstone::net {

struct UnixEndpoint {
  std::filesystem::path socket;
};

using Address = std::variant<Endpoint, UnixEndpoint>;

/// For messages: "127.0.0.1:11434", "unix:/run/x.sock".
std::string to_string(const Address& address);

/// The other side cannot be reached, hung up, or does not speak HTTP. Its code is kEngineFailed.
class ConnectionError : public Error {
 public:
  enum class Kind {
    kCannotConnect,
    kBroken,  ///< the connection ended before the reply was complete
    kNotHttp,
  };
  ConnectionError(Kind kind, const std::string& message)
      : Error(ErrorCode::kEngineFailed, message), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A body that is too large for memory.
struct LargeBody {
  std::uint64_t size = 0;
  /// Bytes from that offset on, at least one; they are good until the next call. May throw, which
  /// comes out of the request.
  std::function<std::string_view(std::uint64_t offset)> read;
};

/// Host, Content-Length and Connection are the client's business.
struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";
  Headers headers = {};
  std::string body = {};
  std::optional<LargeBody> large_body = {};  ///< instead of body
};

struct ResponseHead {
  int status = 0;
  Headers headers;

  /// The first header of that name; upper and lower case are the same.
  std::optional<std::string_view> find_header(std::string_view name) const noexcept;
};

struct ClientResponse : ResponseHead {
  std::string body;
};

/// Called on the thread that runs stream(). May throw: the connection is then closed, and the
/// exception comes out of stream().
using OnHead = std::function<void(const ResponseHead&)>;
using OnPiece = std::function<void(std::string_view)>;

inline constexpr std::size_t kDefaultMaxBody = std::size_t{64} << 20;

/// Thread-safe: each running request has a connection of its own. Must outlive its requests.
///
/// A request on a reused connection that ends before anything of the reply has come is sent once
/// more on a fresh one: the other side closes idle connections when it likes.
class HttpClient {
 public:
  explicit HttpClient(Address address);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Blocks until the whole reply is there; any status is a reply. Throws ConnectionError,
  /// Error(kTimeout), Error(kCancelled), Error(kTooLarge) for a body above max_body.
  ClientResponse send(const ClientRequest& request, const RunContext& run,
                      std::size_t max_body = kDefaultMaxBody);

  /// As send(), but hands the body out as it arrives; its size is not limited. on_head is called
  /// once, before the first piece.
  void stream(const ClientRequest& request, const OnHead& on_head, const OnPiece& on_piece,
              const RunContext& run);

  const Address& address() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::net
