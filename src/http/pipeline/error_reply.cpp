// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/error_reply.hpp"

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "http/json_fields.hpp"

namespace hailstone::http {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
  ErrorCode code;
  int status;
  std::string_view openai_type;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;  // where the error says nothing
};

constexpr std::array kRows = {
    Row{ErrorCode::kBadRequest, 400, "invalid_request_error"},
    Row{ErrorCode::kUnauthorized, 401, "authentication_error"},
    Row{ErrorCode::kForbidden, 403, "permission_error"},
    Row{ErrorCode::kNotFound, 404, "not_found_error"},
    Row{ErrorCode::kConflict, 409, "conflict"},
    Row{ErrorCode::kTooLarge, 413, "invalid_request_error"},
    Row{ErrorCode::kUnsupported, 400, "invalid_request_error"},
    Row{ErrorCode::kBusy, 503, "server_error", std::chrono::seconds(1)},
    Row{ErrorCode::kOutOfMemory, 503, "server_error"},
    Row{ErrorCode::kTimeout, 504, "timeout"},
    Row{ErrorCode::kCancelled, 499, "server_error"},
    Row{ErrorCode::kEngineFailed, 500, "server_error"},
    Row{ErrorCode::kInternal, 500, "server_error"},
};

const Row& row_of(ErrorCode code) noexcept {
  for (const auto& row : kRows) {
    if (row.code == code) return row;
  }
  return kRows.back();
}

// For StatusError: the nearest code, so that logs and dialects have one.
ErrorCode code_of(int status) noexcept {
  if (status == 413 || status == 414 || status == 431) return ErrorCode::kTooLarge;
  if (status == 408) return ErrorCode::kTimeout;
  if (status == 415) return ErrorCode::kUnsupported;
  return ErrorCode::kBadRequest;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string plain_body(const Error& error, std::string_view request_id) {
  Json json;
  json["error"] = error_message(error, request_id);
  const bool has_detail = error.code() != ErrorCode::kInternal && !error.detail().empty();
  if (has_detail) json["detail"] = error.detail();
  return dump(json);
}

// Clients of OpenAI's tell a missing model from a missing file by this.
std::string openai_code(const Error& error, std::string_view message) {
  if (error.code() == ErrorCode::kUnauthorized) return "invalid_api_key";
  const bool is_model = message.substr(0, 6) == "model ";
  if (error.code() == ErrorCode::kNotFound && is_model) return "model_not_found";
  return std::string(to_string(error.code()));
}

std::string openai_body(const Error& error, std::string_view request_id) {
  const auto message = error_message(error, request_id);
  Json inner;
  inner["message"] = message;
  inner["type"] = row_of(error.code()).openai_type;
  inner["param"] = nullptr;
  inner["code"] = openai_code(error, message);
  return dump(Json{{"error", std::move(inner)}});
}

std::string_view anthropic_type(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kUnauthorized:
      return "authentication_error";
    case ErrorCode::kForbidden:
      return "permission_error";
    case ErrorCode::kNotFound:
      return "not_found_error";
    case ErrorCode::kTooLarge:
      return "request_too_large";
    case ErrorCode::kBusy:
    case ErrorCode::kOutOfMemory:
      return "overloaded_error";
    case ErrorCode::kBadRequest:
    case ErrorCode::kConflict:
    case ErrorCode::kUnsupported:
      return "invalid_request_error";
    case ErrorCode::kTimeout:
    case ErrorCode::kCancelled:
    case ErrorCode::kEngineFailed:
    case ErrorCode::kInternal:
      break;
  }
  return "api_error";
}

std::string anthropic_body(const Error& error, std::string_view request_id) {
  std::string message = error_message(error, request_id);
  const bool has_detail = error.code() != ErrorCode::kInternal && !error.detail().empty();
  if (has_detail) message += " (" + error.detail() + ")";  // there is no other place for it
  Json json{{"type", "error"},
            {"error", {{"type", anthropic_type(error.code())}, {"message", std::move(message)}}}};
  if (!request_id.empty()) json["request_id"] = request_id;
  return dump(json);
}

// DeepStack knows no detail; its clients leave alone what they do not know.
std::string deepstack_body(const Error& error, std::string_view request_id) {
  Json json{{"success", false}, {"error", error_message(error, request_id)}, {"duration", 0}};
  const bool has_detail = error.code() != ErrorCode::kInternal && !error.detail().empty();
  if (has_detail) json["detail"] = error.detail();
  return dump(json);
}

std::string body_of(const Error& error, Dialect dialect, std::string_view request_id) {
  switch (dialect) {
    case Dialect::kOpenAi:
      return openai_body(error, request_id);
    case Dialect::kAnthropic:
      return anthropic_body(error, request_id);
    case Dialect::kDeepStack:
      return deepstack_body(error, request_id);
    // Ollama knows no detail, and its clients leave alone what they do not know; people want to
    // hear which models there are.
    case Dialect::kOllama:
    case Dialect::kPlain:
      break;
  }
  return plain_body(error, request_id);
}

}  // namespace

StatusError::StatusError(int status, const std::string& message, std::string detail)
    : Error(code_of(status), message, std::move(detail)), status_(status) {}

StatusError& StatusError::add_header(std::string name, std::string value) {
  headers_.add(std::move(name), std::move(value));
  return *this;
}

Refusal make_refusal(const Error& error) {
  const auto& row = row_of(error.code());
  Refusal refusal{error, row.status, {}};
  if (error.code() == ErrorCode::kUnauthorized) refusal.headers.add("WWW-Authenticate", "Bearer");
  const auto wait = error.retry_after() ? error.retry_after() : row.retry_after;
  if (wait) refusal.headers.add("Retry-After", std::to_string(wait->count()));
  return refusal;
}

Refusal current_refusal() {
  try {
    throw;
  } catch (const StatusError& error) {
    return {error, error.status(), error.headers()};
  } catch (...) {
    return make_refusal(current_error());
  }
}

Refusal make_refusal(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (...) {
    return current_refusal();
  }
}

std::string error_message(const Error& error, std::string_view request_id) {
  if (error.code() != ErrorCode::kInternal) return error.what();
  std::string message = "internal error";
  if (!request_id.empty()) message += "; the log has more about " + std::string(request_id);
  return message;
}

Error body_too_large(std::uint64_t limit) {
  return Error(ErrorCode::kTooLarge,
               "the body is larger than " + to_string(ByteSize::bytes(limit)));
}

Response render_error(const Refusal& refusal, Dialect dialect, std::string_view request_id) {
  Response response;
  response.status = refusal.status;
  response.headers = refusal.headers;
  response.body = body_of(refusal.error, dialect, request_id);
  // The SDK would send the same request twice more, to an engine that fails the same way.
  const bool is_engine = refusal.error.code() == ErrorCode::kEngineFailed;
  const bool has_sdk = dialect == Dialect::kOpenAi || dialect == Dialect::kAnthropic;
  if (has_sdk && is_engine) response.headers.add("x-should-retry", "false");
  return response;
}

std::string render_stream_error(const Error& error, Dialect dialect, StreamForm form,
                                std::string_view request_id) {
  const auto body = body_of(error, dialect, request_id);
  if (form == StreamForm::kLines) return body + "\n";
  // OpenAI's clients look into the data; EventSource and the others listen for the event.
  const std::string name = dialect == Dialect::kOpenAi ? "" : "event: error\n";
  return name + "data: " + body + "\n\n";
}

}  // namespace hailstone::http
