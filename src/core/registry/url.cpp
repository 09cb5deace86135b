// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Handle& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

Url read(const Handle& handle, const std::string& text) {
  Url url;
  url.text = part_of(handle, CURLUPART_URL);
  url.scheme = to_lower(part_of(handle, CURLUPART_SCHEME));
  url.name = to_lower(part_of(handle, CURLUPART_HOST));
  const std::string port = part_of(handle, CURLUPART_PORT);
  url.host = port.empty() ? url.name : url.name + ":" + port;
  const bool has_password = !part_of(handle, CURLUPART_USER).empty();
  if ((url.scheme != "http" && url.scheme != "https") || url.name.empty() || has_password) {
    throw Error(ErrorCode::kBadRequest, "not an http or https URL: " + text);
  }
  return url;
}

}  // namespace

Url parse_url(const std::string& text) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw Error(ErrorCode::kBadRequest, "not an http or https URL: " + text);
  }
  return read(handle, text);
}

bool is_loopback(const Url& url) {
  if (url.name == "localhost" || url.name.ends_with(".localhost") || url.name == "[::1]") {
    return true;
  }
  in_addr address{};
  constexpr std::uint32_t kLoopbackNet = 127;
  return ::inet_pton(AF_INET, url.name.c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24U == kLoopbackNet;
}

void require_allowed(const Url& url, Security security) {
  if (url.scheme == "https" || security == Security::kInsecure || is_loopback(url)) return;
  throw Error(ErrorCode::kForbidden, "plain HTTP to " + url.host + " is not allowed",
              "use https, or ask for it with \"insecure\": true");
}

Url follow(const Url& from, const std::string& location, Security security) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  curl_url_set(handle.get(), CURLUPART_URL, from.text.c_str(), 0);
  if (curl_url_set(handle.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) {
    throw Error(ErrorCode::kEngineFailed, from.host + " redirects to what is no URL");
  }
  Url target = read(handle, location);
  const bool into_this_machine = is_loopback(target) && !is_loopback(from);
  if (into_this_machine ||
      (target.scheme == "http" && security != Security::kInsecure && !is_loopback(target))) {
    throw Error(ErrorCode::kForbidden, from.host + " redirects to " + target.scheme + "://" +
                                           target.host + ", where a download may not go");
  }
  return target;
}

std::string encode(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> out(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), &curl_free);
  return out ? out.get() : std::string();
}

}  // namespace hailstone::core
