// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/tls/tls_relay.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <string_view>
#include <utility>

#include "os/unique_fd.hpp"

namespace hailstone::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using LocalSocket = asio::basic_stream_socket<asio::local::stream_protocol, Executor>;

/// For the other side to answer our goodbye.
constexpr std::chrono::seconds kCloseTime{2};
/// With which each record of a handshake begins; no method of HTTP does.
constexpr char kHandshakeRecord = 0x16;
constexpr std::string_view kPlainAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=utf-8\r\n"
    "Content-Length: 68\r\nConnection: close\r\n\r\n"
    R"({"error":"this port speaks HTTPS","detail":"use https:// or wss://"})";

/// Held by what is under way; gone when nothing is.
class Relay : public std::enable_shared_from_this<Relay> {
 public:
  Relay(Socket client, std::shared_ptr<asio::ssl::context> context, TlsRelay options)
      : context_(std::move(context)),
        options_(std::move(options)),
        inner_(client.get_executor()),
        timer_(client.get_executor()),
        tls_(std::move(client), *context_) {}

  void start() {
    end_after(options_.handshake_limit);
    tls_.next_layer().async_wait(Socket::wait_read,
                                 [self = shared_from_this()](const error_code& error) {
                                   if (error) return self->end();
                                   self->speaks_tls() ? self->shake_hands() : self->turn_away();
                                 });
  }

 private:
  Socket& client() { return tls_.next_layer(); }

  bool speaks_tls() {
    char first = 0;
    const auto got = ::recv(client().native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
    return got != 1 || first == kHandshakeRecord;  // one that has left shows soon
  }

  void turn_away() {
    asio::async_write(client(), asio::buffer(kPlainAnswer),
                      [self = shared_from_this()](const error_code&, std::size_t) {
                        error_code ignored;
                        self->client().shutdown(Socket::shutdown_send, ignored);
                        self->drop_rest();
                      });
  }

  // Closed with bytes unread, the answer would be lost with them.
  void drop_rest() {
    client().async_read_some(asio::buffer(upward_),
                             [self = shared_from_this()](const error_code& error, std::size_t) {
                               error ? self->end() : self->drop_rest();
                             });
  }

  void shake_hands() {
    tls_.async_handshake(asio::ssl::stream_base::server,
                         [self = shared_from_this()](const error_code& error) {
                           error ? self->end() : self->connect();
                         });
  }

  void connect() {
    std::array<int, 2> ends{};
    if (is_over_ || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      return end();
    }
    timer_.cancel();
    os::UniqueFd first(ends[0]);
    os::UniqueFd second(ends[1]);
    Socket plain(client().get_executor());
    error_code error;
    inner_.assign(asio::local::stream_protocol(), first.get(), error);
    if (error) return end();
    first.release();
    plain.assign(asio::ip::tcp::v4(), second.get(), error);  // nobody asks what only TCP knows
    if (error) return end();
    second.release();
    options_.on_ready(std::move(plain));
    read_client();
    read_server();
  }

  void read_client() {
    tls_.async_read_some(asio::buffer(upward_),
                         [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (error == asio::error::eof) return self->on_client_done();
                           error ? self->end() : self->write_server(size);
                         });
  }

  void write_server(std::size_t size) {
    asio::async_write(inner_, asio::buffer(upward_.data(), size),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        // A server that reads no more may still have something to say.
                        if (!error) self->read_client();
                      });
  }

  // It may still read.
  void on_client_done() {
    error_code ignored;
    inner_.shutdown(LocalSocket::shutdown_send, ignored);
  }

  void read_server() {
    inner_.async_read_some(asio::buffer(downward_),
                           [self = shared_from_this()](const error_code& error, std::size_t size) {
                             error ? self->say_goodbye() : self->write_client(size);
                           });
  }

  void write_client(std::size_t size) {
    end_after(options_.write_limit);
    asio::async_write(tls_, asio::buffer(downward_.data(), size),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error || self->is_over_) return self->end();
                        self->timer_.cancel();
                        self->read_server();
                      });
  }

  void say_goodbye() {
    end_after(kCloseTime);
    tls_.async_shutdown([self = shared_from_this()](const error_code&) { self->end(); });
  }

  void end_after(std::chrono::seconds limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error) self->end();
    });
  }

  void end() {
    if (std::exchange(is_over_, true)) return;
    error_code ignored;
    timer_.cancel();
    client().close(ignored);
    inner_.close(ignored);
    options_.on_end();
  }

  const std::shared_ptr<asio::ssl::context> context_;  // that tls_ was made with
  TlsRelay options_;
  LocalSocket inner_;
  asio::steady_timer timer_;
  asio::ssl::stream<Socket> tls_;
  std::array<char, 16 << 10> upward_{};
  std::array<char, 16 << 10> downward_{};
  bool is_over_ = false;
};

}  // namespace

void start_relay(Socket client, std::shared_ptr<asio::ssl::context> context, TlsRelay relay) {
  std::make_shared<Relay>(std::move(client), std::move(context), std::move(relay))->start();
}

}  // namespace hailstone::http
