// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reply that keeps what a handler answers, for tests without a server.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"

namespace hailstone::test_support {

class RecordingReply final : public http::Reply {
 public:
  /// The client leaves when so many pieces have been written.
  explicit RecordingReply(std::size_t pieces_until_gone = SIZE_MAX) : stream_(pieces_until_gone) {}

  void add_header(std::string name, std::string value) override {
    if (started()) throw std::logic_error("a header after the reply has begun");
    headers_.add(std::move(name), std::move(value));
  }
  void send(http::Response response) override {
    for (const auto& [name, value] : response.headers.all()) add_header(name, value);
    begin(response.status, std::move(response.content_type));
    body_ = std::move(response.body);
  }
  http::ResponseStream& stream(int status, std::string content_type) override {
    begin(status, std::move(content_type));
    is_stream_ = true;
    return stream_;
  }
  bool started() const noexcept override { return status_ != 0; }

  int status() const noexcept { return status_; }
  const std::string& content_type() const noexcept { return content_type_; }
  bool is_stream() const noexcept { return is_stream_; }
  const std::vector<std::string>& pieces() const noexcept { return stream_.pieces; }

  /// Of a stream, all its pieces.
  std::string body() const {
    std::string out = body_;
    for (const auto& piece : stream_.pieces) out += piece;
    return out;
  }
  std::string header(std::string_view name) const {
    return std::string(headers_.find(name).value_or(""));
  }

 private:
  struct Stream final : http::ResponseStream {
    explicit Stream(std::size_t most) : most_pieces(most) {}
    void write(std::string_view piece) override {
      if (pieces.size() >= most_pieces) throw Error(ErrorCode::kCancelled, "client left");
      pieces.emplace_back(piece);
    }
    const std::size_t most_pieces;
    std::vector<std::string> pieces;
  };

  void begin(int status, std::string content_type) {
    if (started()) throw std::logic_error("a second reply");
    status_ = status;
    content_type_ = std::move(content_type);
  }

  int status_ = 0;
  bool is_stream_ = false;
  std::string content_type_;
  std::string body_;
  http::Headers headers_;
  Stream stream_;
};

}  // namespace hailstone::test_support
