// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/http.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

constexpr std::chrono::milliseconds kTurn{1000};

void set(CURL* easy, CURLoption option, const std::string& text) {
  curl_easy_setopt(easy, option, text.c_str());
}

/// Asked for each address that a name has, right before it is connected to: there is no time for
/// the name to mean something else.
curl_socket_t open_to_world(void*, curlsocktype, curl_sockaddr* address) {
  if (reach_of(address->addr) != Reach::kWorld) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// The first lines of what a server says about a failure, fit for a message.
std::string excerpt(const std::string& body) {
  constexpr std::size_t kLongest = 200;
  std::string text(utf8_prefix(trim(body), kLongest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return is_valid_utf8(text) ? text : std::string();
}

HttpReply run_transfer(const HttpRequest& request, const HttpOptions& options,
                       const RunContext& run, const OnBody& on_body) {
  CurlLoop loop;
  const Transfer transfer(loop, request, options, on_body);
  while (!transfer.is_finished()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(run.deadline.remaining());
    loop.turn(std::min(kTurn, left), run.stop);
    run.check();
  }
  if (transfer.failure()) std::rethrow_exception(transfer.failure());
  return transfer.reply();
}

/// libcurl and what it brings take 2 MiB once they are started: a daemon that fetches nothing does
/// without.
CURLM* open_multi() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  return started == CURLE_OK ? curl_multi_init() : nullptr;
}

}  // namespace

std::string HttpReply::header(const std::string& lower_name) const {
  const auto found = headers.find(lower_name);
  return found == headers.end() ? std::string() : found->second;
}

bool HttpReply::is_redirect() const {
  return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) &&
         headers.contains("location");
}

Transfer::Transfer(CurlLoop& loop, HttpRequest request, const HttpOptions& options, OnBody on_body)
    : loop_(loop),
      request_(std::move(request)),
      on_body_(std::move(on_body)),
      easy_(curl_easy_init(), &curl_easy_cleanup),
      headers_(nullptr, &curl_slist_free_all) {
  if (!easy_) throw Error(ErrorCode::kInternal, "libcurl cannot start a transfer");
  configure(options);
  set_body();
  curl_multi_add_handle(loop_.multi_.get(), easy_.get());
}

Transfer::~Transfer() {
  curl_multi_remove_handle(loop_.multi_.get(), easy_.get());
}

void Transfer::configure(const HttpOptions& options) {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, request_.url.text);
  set(easy, CURLOPT_USERAGENT, options.user_agent);
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_CUSTOMREQUEST, request_.method);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // Parts of a blob shall not share one connection, as HTTP/2 would have it.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options.stall.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  if (options.world_only || request_.url.is_world_only) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_to_world);
    set(easy, CURLOPT_NOPROXY, "*");
  }
  if (request_.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  for (const auto& header : request_.headers) {
    headers_.reset(curl_slist_append(headers_.release(), header.c_str()));
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_body() {
  CURL* easy = easy_.get();
  if (request_.upload) {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_CUSTOMREQUEST, request_.method);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.upload_size));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::read);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &Transfer::seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
  } else if (request_.method != "GET" && request_.method != "HEAD") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
}

std::size_t Transfer::write(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  // An exception may not pass through libcurl.
  try {
    if (transfer.on_body_(transfer.reply_, {bytes, size * count})) return size * count;
  } catch (...) {
    transfer.failure_ = std::current_exception();
  }
  return CURL_WRITEFUNC_ERROR;
}

std::size_t Transfer::read(char* into, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::uint64_t left = transfer.request_.upload_size - transfer.uploaded_;
  try {
    const auto got = transfer.request_.upload(into, std::min<std::uint64_t>(size * count, left),
                                              transfer.uploaded_);
    transfer.uploaded_ += got;
    return got;
  } catch (...) {
    transfer.failure_ = std::current_exception();
  }
  return CURL_READFUNC_ABORT;
}

int Transfer::seek(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->uploaded_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t Transfer::head(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& reply = static_cast<Transfer*>(self)->reply_;
  const std::string_view line(bytes, size * count);
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    reply.headers.clear();  // of "100 Continue"
    curl_easy_getinfo(static_cast<Transfer*>(self)->easy_.get(), CURLINFO_RESPONSE_CODE,
                      &reply.status);
  } else if (colon != std::string_view::npos) {
    reply.headers[to_lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
  return line.size();
}

void Transfer::finish(CURLcode outcome) {
  finished_ = true;
  reply_.outcome = outcome;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &reply_.status);
  curl_off_t wait = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &wait);
  if (wait > 0) reply_.retry_after = std::chrono::seconds(wait);
  const char* peer = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &peer);
  if (peer != nullptr) reply_.peer = find_reach(peer);
}

CurlLoop::CurlLoop() : multi_(open_multi(), &curl_multi_cleanup) {
  if (!multi_) throw Error(ErrorCode::kInternal, "libcurl cannot start");
}

void CurlLoop::turn(std::chrono::milliseconds longest, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_.get()); });
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  bool any_finished = false;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    transfer->finish(message->data.result);
    any_finished = true;
  }
  if (any_finished || stop.stop_requested()) return;
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(longest.count()), nullptr);
}

HttpReply exchange(const HttpRequest& request, const HttpOptions& options, const RunContext& run,
                   std::size_t most_body) {
  std::string body;
  const auto collect = [&](const HttpReply&, std::string_view bytes) {
    if (bytes.size() > most_body - body.size()) {
      throw Error(ErrorCode::kTooLarge, request.url.host + " sends more than " +
                                            std::to_string(most_body) + " bytes in reply");
    }
    body.append(bytes);
    return true;
  };
  HttpReply reply = run_transfer(request, options, run, collect);
  reply.body = std::move(body);
  return reply;
}

HttpReply exchange_head(const HttpRequest& request, const HttpOptions& options,
                        const RunContext& run) {
  HttpReply reply =
      run_transfer(request, options, run, [](const HttpReply&, std::string_view) { return false; });
  if (reply.status != 0 && reply.outcome == CURLE_WRITE_ERROR) reply.outcome = CURLE_OK;
  return reply;
}

Error error_of(const HttpReply& reply, const std::string& host) {
  if (reply.outcome == CURLE_OPERATION_TIMEDOUT) {
    return Error(ErrorCode::kTimeout, host + " does not answer");
  }
  if (reply.outcome != CURLE_OK) {
    return Error(ErrorCode::kEngineFailed,
                 "cannot reach " + host + ": " + curl_easy_strerror(reply.outcome),
                 "is this machine online? Proxies are taken from https_proxy");
  }
  const std::string said = excerpt(reply.body);
  const std::string message =
      host + " answers " + std::to_string(reply.status) + (said.empty() ? "" : ": " + said);
  switch (reply.status) {
    case 401:
    case 403:
      return Error(ErrorCode::kForbidden, message,
                   "the model may be private: make this machine's key known there");
    case 404:
      return Error(ErrorCode::kNotFound, message);
    case 429:
    case 503: {
      Error error(ErrorCode::kBusy, message);
      return error.set_retry_after(reply.retry_after.value_or(std::chrono::seconds(60)));
    }
    default:
      return Error(ErrorCode::kEngineFailed, message);
  }
}

}  // namespace hailstone::core
