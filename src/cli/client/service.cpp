// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/service.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hailstone::cli {
namespace {

constexpr int kAttempts = 6;
constexpr std::chrono::seconds kLongestWait{30};
constexpr std::size_t kMib = std::size_t{1} << 20;
constexpr std::size_t kMaxReply = 64 * kMib;
constexpr std::size_t kMaxBytes = 512 * kMib;

/// A reply so far, however it ends.
struct Attempt {
  net::ResponseHead head;
  std::string refusal;
};

std::optional<std::chrono::seconds> find_wait(const net::ResponseHead& head) {
  const auto header = head.find_header("Retry-After");
  if (head.status != 503 || !header) return std::nullopt;
  int seconds = 0;
  const auto result = std::from_chars(header->data(), header->data() + header->size(), seconds);
  if (result.ec != std::errc{} || seconds < 0) return std::nullopt;
  return std::clamp(std::chrono::seconds{seconds}, std::chrono::seconds{1}, kLongestWait);
}

ErrorCode code_for(int status) noexcept {
  switch (status) {
    case 401:
      return ErrorCode::kUnauthorized;
    case 404:
      return ErrorCode::kNotFound;
    case 503:
      return ErrorCode::kBusy;
    default:
      return status < 500 ? ErrorCode::kBadRequest : ErrorCode::kEngineFailed;
  }
}

/// The text of {"error": "..."} or of {"error": {"message": "..."}}.
std::string error_text(const Json& reply) {
  const std::string text = text_of(reply, "error");
  return text.empty() ? text_of(object_of(reply, "error"), "message") : text;
}

[[noreturn]] void throw_refusal(const Attempt& attempt, const std::string& subject = {}) {
  const int status = attempt.head.status;
  const Json reply = Json::parse(attempt.refusal, nullptr, false);
  std::string message = error_text(reply);
  if (message.empty()) message = "the service refuses with status " + std::to_string(status);
  std::string detail = text_of(reply, "detail");
  if (status == 401 && detail.empty()) detail = "Set HAILSTONE_API_KEY to a key that it knows";
  if (!subject.empty()) message.insert(0, subject + ": ");
  throw RefusedError(status, code_for(status), message, detail);
}

/// What comes from the network does not fill the memory.
void append_bounded(std::string& text, std::string_view piece, std::size_t most = kMaxReply) {
  if (piece.size() > most - text.size()) {
    throw Error(ErrorCode::kTooLarge,
                "the service's reply is larger than " + std::to_string(most / kMib) + " MiB");
  }
  text.append(piece);
}

}  // namespace

Endpoint service_endpoint(const core::Environment& environment) {
  constexpr std::uint16_t kPort = 11434;
  auto named = core::find_variable(environment, "HAILSTONE_HOST");
  if (!named) named = core::find_variable(environment, "OLLAMA_HOST");
  if (!named) return Endpoint{"127.0.0.1", kPort};
  return reachable(parse_endpoint(*named, kPort));
}

Endpoint reachable(Endpoint endpoint) {
  if (endpoint.host == "0.0.0.0") endpoint.host = "127.0.0.1";
  if (endpoint.host == "::") endpoint.host = "::1";
  return endpoint;
}

Service::Service(Endpoint endpoint, std::string api_key, OnBusy on_busy)
    : client_(endpoint),
      endpoint_(std::move(endpoint)),
      api_key_(std::move(api_key)),
      on_busy_(std::move(on_busy)) {}

std::string Service::url() const {
  return "http://" + to_string(endpoint_);
}

net::ClientRequest Service::make_request(std::string method, std::string target,
                                         std::string accept) const {
  net::ClientRequest request{std::move(method), std::move(target)};
  request.headers = {{"Accept", std::move(accept)}, {"User-Agent", "hailstone/" HAILSTONE_VERSION}};
  if (!api_key_.empty()) request.headers.emplace_back("Authorization", "Bearer " + api_key_);
  return request;
}

net::ClientRequest Service::make_request(std::string method, std::string target,
                                         const Json& body) const {
  net::ClientRequest request = make_request(std::move(method), std::move(target));
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = dump(body);
  return request;
}

net::ResponseHead Service::exchange(const net::ClientRequest& request, const net::OnPiece& on_piece,
                                    const RunContext& run, const std::string& subject) {
  for (int attempts = 1;; ++attempts) {
    Attempt attempt;
    client_.stream(
        request, [&](const net::ResponseHead& head) { attempt.head = head; },
        [&](std::string_view piece) {
          if (attempt.head.status < 300) return on_piece(piece);
          append_bounded(attempt.refusal, piece);
        },
        run);
    if (attempt.head.status < 300) return attempt.head;
    const auto busy_for = find_wait(attempt.head);
    if (!busy_for || attempts == kAttempts) throw_refusal(attempt, subject);
    if (on_busy_) on_busy_(*busy_for, error_text(Json::parse(attempt.refusal, nullptr, false)));
    pause(*busy_for, run);
  }
}

Json Service::get(const std::string& target, const RunContext& run) {
  std::string body;
  exchange(
      make_request("GET", target), [&](std::string_view piece) { append_bounded(body, piece); },
      run);
  return parse_object(body, url());
}

Json Service::post(const std::string& target, const Json& body, const RunContext& run) {
  std::string reply;
  exchange(
      make_request("POST", target, body),
      [&](std::string_view piece) { append_bounded(reply, piece); }, run);
  return parse_object(reply, url());
}

void Service::command(const std::string& method, const std::string& target, const Json& body,
                      const RunContext& run) {
  exchange(
      make_request(method, target, body), [](std::string_view) {}, run);
}

bool Service::exists(const std::string& target, const RunContext& run) {
  const net::ClientResponse reply = client_.send(make_request("HEAD", target), run);
  if (reply.status == 404) return false;
  if (reply.status >= 300) throw_refusal({reply, {}});
  return true;
}

void Service::upload(const std::string& target, net::LargeBody body, const RunContext& run) {
  net::ClientRequest request = make_request("POST", target);
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.large_body = std::move(body);
  exchange(
      request, [](std::string_view) {}, run);
}

net::ClientResponse Service::post_bytes(const std::string& target, const BytesRequest& request,
                                        const RunContext& run) {
  net::ClientRequest sent = make_request("POST", target, request.accept);
  sent.headers.emplace_back("Content-Type", request.content_type);
  sent.body = request.body;
  net::ClientResponse reply;
  const auto take = [&](std::string_view piece) { append_bounded(reply.body, piece, kMaxBytes); };
  static_cast<net::ResponseHead&>(reply) = exchange(sent, take, run, request.subject);
  return reply;
}

void Service::stream(const std::string& target, const Json& body, const OnObject& on_object,
                     const RunContext& run) {
  read_lines(make_request("POST", target, body), on_object, run);
}

void Service::stream_bytes(const std::string& target, const BytesRequest& request,
                           const OnObject& on_object, const RunContext& run) {
  net::ClientRequest sent = make_request("POST", target, request.accept);
  sent.headers.emplace_back("Content-Type", request.content_type);
  sent.body = request.body;
  read_lines(sent, on_object, run, request.subject);
}

std::unique_ptr<net::WebSocketClient> Service::open_socket(const std::string& target,
                                                           const RunContext& run) {
  net::ClientResponse refusal;
  auto socket = net::WebSocketClient::connect(client_.address(), target,
                                              make_request("GET", target).headers, run, refusal);
  if (!socket) throw_refusal({refusal, refusal.body});
  return socket;
}

void Service::read_lines(const net::ClientRequest& request, const OnObject& on_object,
                         const RunContext& run, const std::string& subject) {
  std::string line;
  const auto take_line = [&] {
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      const Json object = parse_object(line, url());
      if (const std::string error = error_text(object); !error.empty()) {
        throw Error(ErrorCode::kEngineFailed, error, text_of(object, "detail"));
      }
      on_object(object);
    }
    line.clear();
  };
  const auto on_piece = [&](std::string_view piece) {
    for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      append_bounded(line, piece.substr(0, end));
      take_line();
      piece.remove_prefix(end + 1);
    }
    append_bounded(line, piece);
  };
  exchange(request, on_piece, run, subject);
  take_line();
}

RunContext short_run() {
  return RunContext{Deadline::in(std::chrono::seconds{30}), {}};
}

}  // namespace hailstone::cli
