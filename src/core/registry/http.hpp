// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP exchanges through libcurl, which knows proxies, TLS and half-broken servers. An exchange
// never follows a redirect by itself: who may see our token is decided elsewhere.

#include <curl/curl.h>

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "core/registry/url.hpp"

namespace hailstone::core {

/// Reads up to that many bytes of an upload from its beginning plus offset into the buffer.
using ReadUpload = std::function<std::size_t(char* into, std::size_t most, std::uint64_t offset)>;

struct HttpRequest {
  std::string method = "GET";
  Url url;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;                  ///< of POST and PUT
  ReadUpload upload;                 ///< instead of a body
  std::uint64_t upload_size = 0;
};

struct HttpReply {
  CURLcode outcome = CURLE_OK;  ///< of the connection; the rest is filled as far as it came
  long status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last one of a name
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
  std::optional<Reach> peer;  ///< where it came from, or where the proxy is

  std::string header(const std::string& lower_name) const;
  bool is_redirect() const;
};

/// Bytes of a reply's body; its status and headers have come before. False: enough.
using OnBody = std::function<bool(const HttpReply& head, std::string_view bytes)>;

struct HttpOptions {
  std::string user_agent;
  std::chrono::seconds stall{30};
  /// Connects to no address of this machine or its neighbourhood, whatever name has led there, and
  /// through no proxy.
  bool world_only = false;
};

class CurlLoop;

/// One exchange on its way in a loop. Owned by the loop's thread.
class Transfer {
 public:
  Transfer(CurlLoop& loop, HttpRequest request, const HttpOptions& options, OnBody on_body);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  const HttpReply& reply() const noexcept { return reply_; }
  bool is_finished() const noexcept { return finished_; }
  /// What on_body or the upload threw.
  const std::exception_ptr& failure() const noexcept { return failure_; }

 private:
  friend class CurlLoop;
  void configure(const HttpOptions& options);
  void set_body();
  void finish(CURLcode outcome);
  static std::size_t write(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t read(char* into, std::size_t size, std::size_t count, void* self);
  static int seek(void* self, curl_off_t offset, int origin);
  static std::size_t head(char* bytes, std::size_t size, std::size_t count, void* self);

  CurlLoop& loop_;
  HttpRequest request_;
  OnBody on_body_;
  HttpReply reply_;
  std::uint64_t uploaded_ = 0;
  std::exception_ptr failure_;
  bool finished_ = false;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
};

/// Moves any number of transfers on one thread. Outlives them.
class CurlLoop {
 public:
  CurlLoop();
  /// Moves what can be moved, then waits for more, at most so long, and not beyond a stop.
  void turn(std::chrono::milliseconds longest, const std::stop_token& stop);

 private:
  friend class Transfer;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
};

/// One exchange from beginning to end, with a body of at most so many bytes: a longer one is
/// Error(kTooLarge). Failures of the connection are in the reply. Throws as RunContext::check().
HttpReply exchange(const HttpRequest& request, const HttpOptions& options, const RunContext& run,
                   std::size_t most_body = 4U << 20U);

/// Status and headers alone, whatever the method; a body is left unread.
HttpReply exchange_head(const HttpRequest& request, const HttpOptions& options,
                        const RunContext& run);

/// What a reply that is no success means. host: who gave it.
Error error_of(const HttpReply& reply, const std::string& host);

}  // namespace hailstone::core
