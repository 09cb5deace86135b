// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/ids.hpp"
#include "core/store/blobs/digest.hpp"

namespace hailstone::core {
namespace {

constexpr int kMostRedirects = 10;

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Url base_of(const ModelName& name, Security security) {
  Url url = parse_url("https://" + name.host + "/");
  // A registry on this machine has no certificate; on the net one has to be asked for.
  if (security == Security::kInsecure || is_loopback(url)) {
    url = parse_url("http://" + name.host + "/");
  }
  return url;
}

}  // namespace

std::chrono::nanoseconds wait_before(int next_try, const RegistryOptions& options,
                                     const HttpReply& reply) {
  if (reply.retry_after) return *reply.retry_after;
  constexpr int kMostDoublings = 6;
  return options.first_retry * (1 << std::clamp(next_try - 1, 0, kMostDoublings));
}

bool may_succeed_later(const HttpReply& reply) {
  if (reply.outcome != CURLE_OK) {
    return reply.outcome != CURLE_COULDNT_RESOLVE_HOST &&
           reply.outcome != CURLE_PEER_FAILED_VERIFICATION &&
           reply.outcome != CURLE_COULDNT_CONNECT;
  }
  return reply.status == 408 || reply.status == 429 || reply.status >= 500;
}

std::optional<std::uint64_t> size_said_by(const HttpReply& reply) {
  if (const std::string range = reply.header("content-range"); !range.empty()) {
    return read_number(std::string_view(range).substr(range.find('/') + 1));
  }
  if (reply.status != 200) return std::nullopt;
  return read_number(reply.header("content-length"));
}

Source locate_url(Url url, Security security, const RegistryOptions& options,
                  const RunContext& run) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = {"Range: bytes=0-0"};
  int tries = 0;
  for (int redirects = 0; redirects <= kMostRedirects;) {
    const HttpReply reply = exchange_head(request, {options.user_agent, options.stall}, run);
    if (reply.is_redirect()) {
      request.url = follow(request.url, reply.header("location"), security, reply.peer);
      ++redirects;
    } else if (reply.outcome == CURLE_OK && (reply.status == 200 || reply.status == 206)) {
      return {request.url, {}, size_said_by(reply)};
    } else if (may_succeed_later(reply) && ++tries < options.tries) {
      pause(wait_before(tries, options, reply), run);
    } else {
      throw error_of(reply, request.url.host);
    }
  }
  throw Error(ErrorCode::kEngineFailed, request.url.host + " redirects without end");
}

RegistrySession::RegistrySession(const ModelName& name, Security security, RegistryOptions options)
    : security_(security),
      options_(std::move(options)),
      repository_("v2/" + name.ns + "/" + name.model + "/"),
      base_(base_of(name, security)) {}

Url RegistrySession::url_of(const std::string& path) const {
  return parse_url(base_.text + repository_ + path);
}

Url RegistrySession::blob_url(const std::string& digest) const {
  return url_of("blobs/sha256:" + find_digest_hex(digest).value());
}

std::vector<std::string> RegistrySession::authorization() const {
  const std::lock_guard lock(mutex_);
  if (token_.empty()) return {};
  return {"Authorization: Bearer " + token_};
}

HttpReply RegistrySession::send_once(HttpRequest request, Body body, const RunContext& run) {
  if (request.url.host == base_.host) {
    for (auto& header : authorization()) request.headers.push_back(std::move(header));
  }
  return body == Body::kRead ? exchange(request, http_options(), run)
                             : exchange_head(request, http_options(), run);
}

HttpReply RegistrySession::send(HttpRequest request, Body body, const RunContext& run, Url* last) {
  bool signed_in = false;
  int tries = 0;
  for (int redirects = 0;;) {
    const HttpReply reply = send_once(request, body, run);
    if (last != nullptr) *last = request.url;
    const bool is_ours = request.url.host == base_.host;
    if (reply.status == 401 && is_ours && !signed_in) {
      sign_in(reply, run);
      signed_in = true;
    } else if (reply.is_redirect()) {
      Url target = follow(request.url, reply.header("location"), security_, reply.peer);
      const bool may_leave = request.method == "GET" && body == Body::kRead;
      if ((target.host != base_.host && !may_leave) || request.method == "PATCH") return reply;
      if (++redirects > kMostRedirects) {
        throw Error(ErrorCode::kEngineFailed, host() + " redirects without end");
      }
      request.url = std::move(target);
    } else if (may_succeed_later(reply) && ++tries < options_.tries) {
      constexpr std::chrono::seconds kPatience{60};
      const auto wait = wait_before(tries, options_, reply);
      if (wait > kPatience) return reply;
      pause(wait, run);
    } else {
      return reply;
    }
  }
}

void RegistrySession::sign_in(const HttpReply& refused, const RunContext& run) {
  const auto challenge = find_challenge(refused.header("www-authenticate"));
  if (!challenge || options_.key_file.empty()) return;
  const Url realm = parse_url(challenge->realm);
  // Else any registry could have us sign for another one.
  if (realm.host != base_.host) {
    throw Error(ErrorCode::kForbidden,
                host() + " wants us to sign in at " + realm.host + ", which is another host");
  }
  require_allowed(realm, security_);
  HttpRequest request;
  request.url = parse_url(token_url(*challenge, std::time(nullptr), make_id("") + make_id("")));
  const SigningKey key(options_.key_file);
  request.headers = {"Authorization: " + sign_request(key, request.url.text)};
  const HttpReply reply = exchange(request, http_options(), run);
  const auto json = nlohmann::json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (reply.status != 200 || !json.is_object() || !json.contains("token") ||
      !json["token"].is_string()) {
    throw Error(ErrorCode::kForbidden, host() + " does not let us in",
                "make this machine's key known there: " + key.public_key());
  }
  const std::lock_guard lock(mutex_);
  token_ = json["token"].get<std::string>();
  // What a token may not contain would end the header.
  std::erase_if(token_, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

HttpReply RegistrySession::try_call(const HttpRequest& request, const RunContext& run) {
  HttpReply reply = send(request, Body::kRead, run);
  const bool fine = reply.outcome == CURLE_OK && (reply.status / 100 == 2 || reply.is_redirect());
  if (fine || (reply.outcome == CURLE_OK && reply.status == 404)) return reply;
  throw error_of(reply, host());
}

HttpReply RegistrySession::call(const HttpRequest& request, const RunContext& run) {
  HttpReply reply = try_call(request, run);
  if (reply.status == 404) throw error_of(reply, host());
  return reply;
}

Source RegistrySession::locate(const std::string& digest, const RunContext& run) {
  HttpRequest request;
  request.url = blob_url(digest);
  request.headers = {"Range: bytes=0-0"};
  Url last;
  const HttpReply reply = send(request, Body::kIgnored, run, &last);
  if (reply.is_redirect()) {
    return locate_url(follow(last, reply.header("location"), security_, reply.peer), security_,
                      options_, run);
  }
  if (reply.outcome != CURLE_OK || (reply.status != 200 && reply.status != 206)) {
    throw error_of(reply, host());
  }
  return {last, authorization(), size_said_by(reply)};
}

}  // namespace hailstone::core
