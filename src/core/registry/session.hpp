// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests to one repository of a registry, as registries want them: signed in when they ask for
// it, patient when they are busy.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/registry/auth.hpp"
#include "core/registry/http.hpp"
#include "core/registry/registry.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::core {

/// Where the bytes of a file come from.
struct Source {
  Url url;
  std::vector<std::string> headers;
  std::optional<std::uint64_t> size;  ///< if the server says so
};

/// Thread-safe: the downloads of a pull go on without it.
class RegistrySession {
 public:
  RegistrySession(const ModelName& name, Security security, RegistryOptions options);

  /// path begins behind /v2/<namespace>/<model>/.
  Url url_of(const std::string& path) const;
  Url blob_url(const std::string& digest) const;
  const std::string& host() const noexcept { return base_.host; }
  const RegistryOptions& options() const noexcept { return options_; }
  Security security() const noexcept { return security_; }

  /// Signs in where asked to, tries again what may succeed, follows redirects within the host.
  /// Gives successes and redirects to other hosts; everything else is thrown as error_of() makes
  /// it.
  HttpReply call(const HttpRequest& request, const RunContext& run);
  /// The same, but "not found" is a reply.
  HttpReply try_call(const HttpRequest& request, const RunContext& run);

  /// Where a blob is. From the first other host on our token is left out.
  Source locate(const std::string& digest, const RunContext& run);

 private:
  enum class Body { kRead, kIgnored };
  HttpReply send(HttpRequest request, Body body, const RunContext& run, Url* last = nullptr);
  HttpReply send_once(HttpRequest request, Body body, const RunContext& run);
  void sign_in(const HttpReply& refused, const RunContext& run);
  std::vector<std::string> authorization() const;
  HttpOptions http_options() const { return {options_.user_agent, options_.stall}; }

  const Security security_;
  const RegistryOptions options_;
  const std::string repository_;
  Url base_;
  mutable std::mutex mutex_;
  std::string token_;  ///< guarded by mutex_
};

/// Where a file of the web really is: follows redirects to any host that follow() allows, without
/// telling any of them who we are. Throws as error_of() makes it.
Source locate_url(Url url, Security security, const RegistryOptions& options,
                  const RunContext& run);

/// How long to wait before the next try: what the server says, else doubling.
std::chrono::nanoseconds wait_before(int next_try, const RegistryOptions& options,
                                     const HttpReply& reply);

/// Whether the same request may succeed later.
bool may_succeed_later(const HttpReply& reply);

/// "Range: bytes=0-0" gives the size with a byte instead of the whole file; where a server ignores
/// it, Content-Length. Nothing if the reply says neither.
std::optional<std::uint64_t> size_said_by(const HttpReply& reply);

}  // namespace hailstone::core
