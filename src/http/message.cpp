// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/message.hpp"

#include "base/strings.hpp"

namespace hailstone::http {

std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
    case Method::kOptions:
      return "OPTIONS";
  }
  return "";
}

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : fields_) {
    if (equals_ignoring_case(known, name)) return value;
  }
  return std::nullopt;
}

void ResponseStream::ping_in_silence(std::string, std::chrono::milliseconds) {}

ResponseStream& Reply::stream_sized(int status, std::string content_type, std::uint64_t) {
  return stream(status, std::move(content_type));
}

}  // namespace hailstone::http
