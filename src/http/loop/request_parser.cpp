// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/request_parser.hpp"

#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/pipeline/exchange.hpp"

namespace hailstone::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view view(string_view text) noexcept {
  return {text.data(), text.size()};
}

std::optional<Method> find_method(std::string_view name) noexcept {
  constexpr std::array kMethods = {Method::kGet,   Method::kHead,   Method::kPost,   Method::kPut,
                                   Method::kPatch, Method::kDelete, Method::kOptions};
  for (const auto method : kMethods) {
    if (to_string(method) == name) return method;
  }
  return std::nullopt;
}

StatusError header_too_large(std::size_t limit) {
  return StatusError(431, "the header is larger than " + std::to_string(limit) + " bytes");
}

}  // namespace

class RequestParser::Impl final : public beast::basic_parser<true> {
 public:
  Impl(Request& request, Envelope& envelope, std::size_t max_header)
      : request_(request), envelope_(envelope), max_header_(max_header) {
    header_limit(static_cast<std::uint32_t>(max_header));
    body_limit(boost::none);  // the route's is not known yet
  }

  std::size_t parse(std::string_view bytes) {
    error_code error;
    const auto taken = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != beast::error::need_more) refuse(error);
    return taken;
  }

  void expect_body(std::uint64_t max_body, const OnBody& on_body) {
    if (on_body_ == nullptr && chunked()) body_limit(max_body);
    max_body_ = max_body;
    on_body_ = &on_body;
    eager(true);
  }

 private:
  [[noreturn]] void refuse(const error_code& error) const {
    if (error == beast::error::header_limit) throw header_too_large(max_header_);
    if (error == beast::error::body_limit) throw body_too_large(max_body_);
    if (error == beast::error::bad_version) throw StatusError(505, "HTTP/1.1 is spoken here");
    throw Error(ErrorCode::kBadRequest, "no valid HTTP request: " + error.message());
  }

  void on_request_impl(beast::verb, string_view method, string_view target, int version,
                       error_code&) override {
    const auto known = find_method(view(method));
    envelope_.is_known_method = known.has_value();
    request_.method = known.value_or(Method::kGet);
    envelope_.target = view(target);
    envelope_.is_http_1_0 = version == 10;
    header_size_ += method.size() + target.size();
  }

  void on_field_impl(beast::field, string_view name, string_view value, error_code&) override {
    header_size_ += name.size() + value.size() + 4;
    if (header_size_ > max_header_) throw header_too_large(max_header_);
    if (is_header_done()) return;  // a trailer: nobody asked for one
    check_field(view(name), view(value));
    request_.headers.add(std::string(view(name)), std::string(view(value)));
  }

  // Beast takes "gzip" and "xchunked" for an encoding that it need not know, and the body for a
  // next request; a proxy in front may think otherwise, which is how requests are smuggled.
  void check_field(std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
      if (!equals_ignoring_case(trim(value), "chunked")) {
        throw Error(ErrorCode::kBadRequest, "the only Transfer-Encoding is chunked");
      }
    } else if (equals_ignoring_case(name, "Expect")) {
      const bool is_known = equals_ignoring_case(trim(value), "100-continue");
      envelope_.expects_continue = is_known && !envelope_.is_http_1_0;
    }
  }

  void on_header_impl(error_code&) override {
    if (chunked() && envelope_.is_http_1_0) {
      throw Error(ErrorCode::kBadRequest, "HTTP/1.0 has no chunked bodies");
    }
    envelope_.wants_keep_alive = keep_alive();
    envelope_.is_chunked = chunked();
    if (const auto length = content_length()) envelope_.content_length = *length;
  }

  std::size_t on_body_impl(string_view body, error_code&) override {
    (*on_body_)(view(body));
    return body.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    (*on_body_)(view(body));
    return body.size();
  }

  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Request& request_;
  Envelope& envelope_;
  const std::size_t max_header_;
  std::size_t header_size_ = 0;
  const OnBody* on_body_ = nullptr;
  std::uint64_t max_body_ = 0;
};

RequestParser::RequestParser(Request& request, Envelope& envelope, std::size_t max_header)
    : impl_(std::make_unique<Impl>(request, envelope, max_header)) {}

RequestParser::~RequestParser() = default;

std::size_t RequestParser::parse_header(std::string_view bytes) {
  return impl_->parse(bytes);
}

bool RequestParser::is_header_done() const noexcept {
  return impl_->is_header_done();
}

std::size_t RequestParser::parse_body(std::string_view bytes, std::uint64_t max_body,
                                      const OnBody& on_body) {
  if (impl_->is_done() || bytes.empty()) return 0;
  // Beast takes for granted that a last chunk whose size it has seen comes again with all its
  // bytes.
  constexpr std::size_t kEndOfChunks = 5;  // "0\r\n\r\n"
  const bool is_cut = bytes.size() < kEndOfChunks && bytes.starts_with("0\r\n");
  if (impl_->chunked() && is_cut) return 0;
  impl_->expect_body(max_body, on_body);
  return impl_->parse(bytes);
}

bool RequestParser::is_done() const noexcept {
  return impl_->is_done();
}

}  // namespace hailstone::http
