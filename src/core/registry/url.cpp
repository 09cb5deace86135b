// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
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

Reach reach_of_v4(std::uint32_t address) noexcept {
  struct Net {
    std::uint32_t first;
    unsigned bits;
    Reach reach;
  };
  constexpr Net kNets[] = {
      {0x00000000, 8, Reach::kMachine},         // "this host": the kernel connects to itself
      {0x7F000000, 8, Reach::kMachine},         // 127.0.0.0/8
      {0x0A000000, 8, Reach::kNeighbourhood},   // 10.0.0.0/8
      {0x64400000, 10, Reach::kNeighbourhood},  // 100.64.0.0/10, a provider's own
      {0xA9FE0000, 16, Reach::kNeighbourhood},  // 169.254.0.0/16, the link; clouds' metadata
      {0xAC100000, 12, Reach::kNeighbourhood},  // 172.16.0.0/12
      {0xC0A80000, 16, Reach::kNeighbourhood},  // 192.168.0.0/16
      {0xC6120000, 15, Reach::kNeighbourhood},  // 198.18.0.0/15, for measurements
      {0xE0000000, 3, Reach::kNeighbourhood}    // groups, the reserved, broadcast
  };
  for (const Net& net : kNets) {
    if ((address ^ net.first) >> (32 - net.bits) == 0) return net.reach;
  }
  return Reach::kWorld;
}

Reach reach_of_v6(const in6_addr& address) noexcept {
  const auto& bytes = address.s6_addr;
  if (IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_LOOPBACK(&address)) return Reach::kMachine;
  constexpr std::array<std::uint8_t, 12> kTranslated = {0, 0x64, 0xFF, 0x9B};  // 64:ff9b::/96
  const bool has_v4 = IN6_IS_ADDR_V4MAPPED(&address) || IN6_IS_ADDR_V4COMPAT(&address) ||
                      std::equal(kTranslated.begin(), kTranslated.end(), std::begin(bytes));
  if (has_v4) {
    std::uint32_t v4 = 0;
    std::memcpy(&v4, std::begin(bytes) + kTranslated.size(), sizeof(v4));
    return reach_of_v4(ntohl(v4));
  }
  // What is wrapped in them is an address of IPv4 that somebody on the way takes out again.
  const bool is_tunnel = (bytes[0] == 0x20 && bytes[1] == 0x02) ||  // 2002::/16, 6to4
                         (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0);
  const bool is_unique_local = (bytes[0] & 0xFE) == 0xFC;
  const bool is_near = is_tunnel || is_unique_local || IN6_IS_ADDR_LINKLOCAL(&address) ||
                       IN6_IS_ADDR_SITELOCAL(&address) || IN6_IS_ADDR_MULTICAST(&address);
  return is_near ? Reach::kNeighbourhood : Reach::kWorld;
}

/// Of names only those that always mean this machine are known.
Reach reach_of(const Url& url) {
  std::string_view name = url.name;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name == "localhost" || name.ends_with(".localhost")) return Reach::kMachine;
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
    name = name.substr(0, name.find('%'));  // the link's own name for its device
  }
  return find_reach(std::string(name)).value_or(Reach::kWorld);
}

}  // namespace

Url parse_url(const std::string& text) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw Error(ErrorCode::kBadRequest, "not an http or https URL: " + text);
  }
  return read(handle, text);
}

Reach reach_of(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return reach_of_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return Reach::kMachine;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return reach_of_v6(v6.sin6_addr);
}

std::optional<Reach> find_reach(const std::string& number) noexcept {
  in_addr v4{};
  if (::inet_pton(AF_INET, number.c_str(), &v4) == 1) return reach_of_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (::inet_pton(AF_INET6, number.c_str(), &v6) == 1) return reach_of_v6(v6);
  return std::nullopt;
}

bool is_loopback(const Url& url) {
  return reach_of(url) == Reach::kMachine;
}

void require_allowed(const Url& url, Security security) {
  if (url.scheme == "https" || security == Security::kInsecure || is_loopback(url)) return;
  throw Error(ErrorCode::kForbidden, "plain HTTP to " + url.host + " is not allowed",
              "use https, or ask for it with \"insecure\": true");
}

Url follow(const Url& from, const std::string& location, Security security,
           std::optional<Reach> peer) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  curl_url_set(handle.get(), CURLUPART_URL, from.text.c_str(), 0);
  if (curl_url_set(handle.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK) {
    throw Error(ErrorCode::kEngineFailed, from.host + " redirects to what is no URL");
  }
  Url target = read(handle, location);
  // Who asks for insecure ways has a registry of his own, in his own net.
  const Reach closest = security == Security::kInsecure
                            ? std::min(reach_of(from), Reach::kNeighbourhood)
                            : reach_of(from);
  if (reach_of(target) < closest ||
      (target.scheme == "http" && security != Security::kInsecure && !is_loopback(target))) {
    throw Error(ErrorCode::kForbidden, from.host + " redirects to " + target.scheme + "://" +
                                           target.host + ", where a download may not go");
  }
  target.is_world_only =
      from.is_world_only || (peer == Reach::kWorld && security != Security::kInsecure);
  return target;
}

std::string encode(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> out(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), &curl_free);
  return out ? out.get() : std::string();
}

}  // namespace hailstone::core
