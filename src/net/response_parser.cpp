// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/response_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <string>

namespace hailstone::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view view_of(string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

class ResponseParser::Impl : public http::basic_parser<false> {
 public:
  Impl(BodyOf kind, std::optional<std::size_t> max_body, const OnHead& on_head,
       const OnPiece& on_piece)
      : on_head_(on_head), on_piece_(on_piece) {
    header_limit(kMaxHeadBytes);
    if (max_body) {
      body_limit(*max_body);
    } else {
      body_limit(boost::none);
    }
    eager(true);
    skip(kind == BodyOf::kHead);
  }

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int code, string_view, int, error_code&) override { head_.status = code; }
  void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
    head_.headers.emplace_back(view_of(name), view_of(value));
  }
  void on_header_impl(error_code&) override { on_head_(head_); }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    if (!body.empty()) on_piece_(view_of(body));
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
    return on_body_impl(body, error);
  }
  void on_finish_impl(error_code&) override {}

  const OnHead& on_head_;
  const OnPiece& on_piece_;
  ResponseHead head_;
};

namespace {

void check(const error_code& error) {
  if (!error) return;
  if (error == http::error::body_limit) {
    throw Error(ErrorCode::kTooLarge, "the reply is larger than expected");
  }
  if (error == http::error::partial_message) {
    throw ConnectionError(ConnectionError::Kind::kBroken,
                          "the connection ended before the reply was complete");
  }
  throw ConnectionError(ConnectionError::Kind::kNotHttp,
                        "the reply is not valid HTTP: " + error.message());
}

}  // namespace

ResponseParser::ResponseParser(BodyOf kind, std::optional<std::size_t> max_body,
                               const OnHead& on_head, const OnPiece& on_piece)
    : impl_(std::make_unique<Impl>(kind, max_body, on_head, on_piece)) {}

ResponseParser::~ResponseParser() = default;

std::size_t ResponseParser::put(std::string_view bytes) {
  error_code error;
  const auto used = impl_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error != http::error::need_more) check(error);
  return used;
}

void ResponseParser::end() {
  error_code error;
  impl_->put_eof(error);
  check(error);
}

bool ResponseParser::has_started() const noexcept {
  return impl_->got_some();
}
bool ResponseParser::is_done() const noexcept {
  return impl_->is_done();
}
bool ResponseParser::keeps_connection() const noexcept {
  return impl_->keep_alive();
}

}  // namespace hailstone::net
