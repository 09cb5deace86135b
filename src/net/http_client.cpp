// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <cstring>
#include <mutex>
#include <span>

#include "base/strings.hpp"
#include "net/response_parser.hpp"
#include "net/socket.hpp"

namespace hailstone::net {
namespace {

constexpr std::size_t kMaxIdle = 8;

std::string authority_of(const Address& address) {
  const auto* tcp = std::get_if<Endpoint>(&address);
  return tcp != nullptr ? hailstone::to_string(*tcp) : "localhost";
}

/// The request as it goes over the wire.
std::string bytes_of(const ClientRequest& request, const std::string& authority) {
  std::string bytes;
  bytes.reserve(256 + request.target.size() + request.body.size());
  bytes.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ");
  bytes.append(authority).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    bytes.append(name).append(": ").append(value).append("\r\n");
  }
  const std::uint64_t size = request.large_body ? request.large_body->size : request.body.size();
  if (size > 0 || (request.method != "GET" && request.method != "HEAD")) {
    bytes.append("Content-Length: ").append(std::to_string(size)).append("\r\n");
  }
  return bytes.append("\r\n").append(request.body);
}

}  // namespace

std::string to_string(const Address& address) {
  const auto* local = std::get_if<UnixEndpoint>(&address);
  return local != nullptr ? "unix:" + local->socket.native() : authority_of(address);
}

std::optional<std::string_view> ResponseHead::find_header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return std::nullopt;
}

class HttpClient::Impl {
 public:
  explicit Impl(Address address)
      : address_(std::move(address)), authority_(authority_of(address_)) {}

  void run(const ClientRequest& request, std::optional<std::size_t> max_body, const OnHead& on_head,
           const OnPiece& on_piece, const RunContext& run);

  const Address& address() const noexcept { return address_; }

 private:
  std::optional<Socket> take_idle();
  void keep(Socket socket);

  const Address address_;
  const std::string authority_;
  std::mutex mutex_;
  std::vector<Socket> idle_;  ///< guarded by mutex_
};

namespace {

enum class Outcome { kKeep, kClose, kNothingCame };

/// What stands in memory, then the large body if there is one. Ends early where the other side
/// hangs up: a reply may still be waiting (413 and hung up).
void send(Socket& socket, std::string_view bytes, const std::optional<LargeBody>& body,
          const Socket::StopWatch& watch) {
  if (!socket.write_all(bytes, watch) || !body) return;
  for (std::uint64_t sent = 0; sent < body->size;) {
    const std::string_view piece = body->read(sent);
    if (!socket.write_all(piece.substr(0, body->size - sent), watch)) return;
    sent += piece.size();
  }
}

/// One request and its reply on one connection.
Outcome exchange(Socket& socket, std::string_view bytes, const std::optional<LargeBody>& body,
                 ResponseParser& parser, const RunContext& run) {
  const Socket::StopWatch watch(socket, run);
  send(socket, bytes, body, watch);
  std::vector<char> buffer(kMaxHeadBytes);
  std::size_t filled = 0;
  while (!parser.is_done()) {
    const std::size_t count = socket.read_some(std::span(buffer).subspan(filled), watch);
    if (count == 0) {
      if (!parser.has_started()) return Outcome::kNothingCame;
      parser.end();
      return Outcome::kClose;
    }
    filled += count;
    const std::size_t used = parser.put({buffer.data(), filled});
    filled -= used;
    std::memmove(buffer.data(), buffer.data() + used, filled);
    if (filled == buffer.size()) {
      throw ConnectionError(ConnectionError::Kind::kNotHttp, "the reply has endless lines");
    }
  }
  return parser.keeps_connection() && filled == 0 ? Outcome::kKeep : Outcome::kClose;
}

}  // namespace

std::optional<Socket> HttpClient::Impl::take_idle() {
  const std::lock_guard lock(mutex_);
  while (!idle_.empty()) {
    Socket socket = std::move(idle_.back());
    idle_.pop_back();
    if (socket.is_idle()) return socket;
  }
  return std::nullopt;
}

void HttpClient::Impl::keep(Socket socket) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(socket));
}

void HttpClient::Impl::run(const ClientRequest& request, std::optional<std::size_t> max_body,
                           const OnHead& on_head, const OnPiece& on_piece,
                           const RunContext& context) {
  context.check();
  const std::string bytes = bytes_of(request, authority_);
  const BodyOf kind = request.method == "HEAD" ? BodyOf::kHead : BodyOf::kGet;
  std::optional<Socket> reused = take_idle();
  for (;;) {
    Socket socket = reused ? std::move(*reused) : Socket::connect(address_, context);
    ResponseParser parser(kind, max_body, on_head, on_piece);
    const Outcome outcome = exchange(socket, bytes, request.large_body, parser, context);
    // A stop request has left its mark on the socket, even if it came too late.
    if (outcome == Outcome::kKeep && !context.stop.stop_requested()) keep(std::move(socket));
    if (outcome != Outcome::kNothingCame) return;
    if (!reused) {
      throw ConnectionError(ConnectionError::Kind::kBroken,
                            to_string(address_) + " hung up without a reply");
    }
    reused.reset();
  }
}

HttpClient::HttpClient(Address address) : impl_(std::make_unique<Impl>(std::move(address))) {}

HttpClient::~HttpClient() = default;

const Address& HttpClient::address() const noexcept {
  return impl_->address();
}

ClientResponse HttpClient::send(const ClientRequest& request, const RunContext& run,
                                std::size_t max_body) {
  ClientResponse response;
  impl_->run(
      request, max_body,
      [&](const ResponseHead& head) { static_cast<ResponseHead&>(response) = head; },
      [&](std::string_view piece) { response.body.append(piece); }, run);
  return response;
}

void HttpClient::stream(const ClientRequest& request, const OnHead& on_head,
                        const OnPiece& on_piece, const RunContext& run) {
  impl_->run(request, std::nullopt, on_head, on_piece, run);
}

}  // namespace hailstone::net
