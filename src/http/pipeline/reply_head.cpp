// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/reply_head.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace hailstone::http {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 31> kReasons = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

std::string_view reason_of(int status) noexcept {
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "Unknown";
}

// Made once a second, as formatting a date costs more than the rest of the head.
std::string_view date_line() {
  thread_local std::time_t made_at = 0;
  thread_local std::array<char, 64> line{};
  thread_local std::size_t length = 0;
  const auto now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    length = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    made_at = now;
  }
  return {line.data(), length};
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const auto begin = out.size();
  out.append(value);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  out.append("\r\n");
}

}  // namespace

bool has_no_body(int status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

std::string write_head(const ReplyHead& head, const Headers& first, const Headers& second) {
  std::string out;
  out.reserve(384);
  out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
  out.append(reason_of(head.status)).append("\r\n");
  if (!head.content_type.empty()) add_field(out, "Content-Type", head.content_type);
  if (!has_no_body(head.status)) {
    if (head.framing == Framing::kLength) {
      add_field(out, "Content-Length", std::to_string(head.content_length));
    } else if (head.framing == Framing::kChunked) {
      add_field(out, "Transfer-Encoding", "chunked");
    }
  }
  for (const auto* headers : {&first, &second}) {
    for (const auto& [name, value] : headers->all()) add_field(out, name, value);
  }
  out.append(date_line());
  if (!head.keep_alive) {
    add_field(out, "Connection", "close");
  } else if (head.is_http_1_0) {
    add_field(out, "Connection", "keep-alive");
  }
  return out.append("\r\n");
}

std::string make_chunk(std::string_view piece) {
  std::array<char, 20> size{};
  const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  std::string chunk;
  chunk.reserve(static_cast<std::size_t>(digits) + piece.size() + 2);
  return chunk.append(size.data()).append(piece).append("\r\n");
}

}  // namespace hailstone::http
