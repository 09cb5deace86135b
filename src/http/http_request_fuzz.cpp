// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The first byte says in which pieces the request arrives.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "http/loop/request_parser.hpp"
#include "http/pipeline/exchange.hpp"

namespace {

using namespace hailstone::http;

constexpr std::uint64_t kMaxBody = 1000;

/// What the request says; nothing if it is refused or has no end.
std::string read_request(std::string_view text, std::size_t piece_size) {
  Request request;
  Envelope envelope;
  RequestParser parser(request, envelope, 4096);
  std::string body;
  const RequestParser::OnBody on_body = [&body](std::string_view piece) { body += piece; };
  std::string waiting;
  try {
    while (!parser.is_done() && !text.empty()) {
      waiting += text.substr(0, piece_size);
      text.remove_prefix(std::min(piece_size, text.size()));
      if (!parser.is_header_done()) waiting.erase(0, parser.parse_header(waiting));
      // A length is checked before the body; see check_body() in middleware.cpp.
      if (envelope.content_length.value_or(0) > kMaxBody) return {};
      if (parser.is_header_done()) waiting.erase(0, parser.parse_body(waiting, kMaxBody, on_body));
    }
  } catch (const hailstone::Error&) {
    return {};
  }
  if (body.size() > kMaxBody) std::abort();
  if (envelope.is_chunked && envelope.content_length) std::abort();
  if (!parser.is_done()) return {};
  std::string said = "whole\n";
  for (const auto& [name, value] : request.headers.all()) said += name + ":" + value + "\n";
  return said + envelope.target + "\n" + body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4000) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  // However it is cut, it says the same.
  if (read_request(text, 1 + data[0] % 40) != read_request(text, 5000)) std::abort();
  return 0;
}
