// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/error_reply.hpp"

#include <gmock/gmock.h>

#include <new>
#include <stdexcept>

namespace hailstone::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct CodeCase {
  ErrorCode code;
  int status;
  const char* openai_type;
  const char* openai_code;
};

const CodeCase kCases[] = {
    {ErrorCode::kBadRequest, 400, "invalid_request_error", "bad_request"},
    {ErrorCode::kUnauthorized, 401, "authentication_error", "invalid_api_key"},
    {ErrorCode::kForbidden, 403, "permission_error", "forbidden"},
    {ErrorCode::kNotFound, 404, "not_found_error", "not_found"},
    {ErrorCode::kConflict, 409, "conflict", "conflict"},
    {ErrorCode::kTooLarge, 413, "invalid_request_error", "too_large"},
    {ErrorCode::kUnsupported, 400, "invalid_request_error", "unsupported"},
    {ErrorCode::kBusy, 503, "server_error", "busy"},
    {ErrorCode::kOutOfMemory, 503, "server_error", "out_of_memory"},
    {ErrorCode::kTimeout, 504, "timeout", "timeout"},
    {ErrorCode::kCancelled, 499, "server_error", "cancelled"},
    {ErrorCode::kEngineFailed, 500, "server_error", "engine_failed"},
    {ErrorCode::kInternal, 500, "server_error", "internal"},
};

TEST(ErrorReply, WalksAllCodes) {
  int code = 0;
  for (const auto& row : kCases) {
    EXPECT_EQ(static_cast<int>(row.code), code++);
    const auto refusal = make_refusal(Error(row.code, "it's broken", "try that"));
    const bool is_internal = row.code == ErrorCode::kInternal;
    const std::string message =
        is_internal ? "internal error; the log has more about req_1" : "it's broken";
    const auto detail = is_internal ? "" : R"(,"detail":"try that")";
    EXPECT_EQ(refusal.status, row.status);
    EXPECT_EQ(render_error(refusal, Dialect::kPlain, "req_1").body,
              "{\"error\":\"" + message + "\"" + detail + "}");
    EXPECT_EQ(render_error(refusal, Dialect::kOllama, "req_1").body,
              "{\"error\":\"" + message + "\"" + detail + "}");
    EXPECT_EQ(render_error(refusal, Dialect::kOpenAi, "req_1").body,
              "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + row.openai_type +
                  "\",\"param\":null,\"code\":\"" + row.openai_code + "\"}}");
    EXPECT_EQ(render_error(refusal, Dialect::kDeepStack, "req_1").body,
              "{\"success\":false,\"error\":\"" + message + "\",\"duration\":0" + detail + "}");
  }
  EXPECT_EQ(to_string(static_cast<ErrorCode>(code)), "internal") << "a code is missing above";
  EXPECT_FALSE(code <= static_cast<int>(ErrorCode::kInternal));
}

TEST(ErrorReply, SaysWhenToComeBack) {
  const auto retry_after = [](const Error& error) {
    return std::string(make_refusal(error).headers.find("retry-after").value_or("none"));
  };
  EXPECT_EQ(retry_after(Error(ErrorCode::kBusy, "busy")), "1");
  EXPECT_EQ(retry_after(Error(ErrorCode::kBusy, "busy").set_retry_after(std::chrono::seconds(7))),
            "7");
  EXPECT_EQ(retry_after(Error(ErrorCode::kOutOfMemory, "full")), "none");
  EXPECT_EQ(retry_after(Error(ErrorCode::kBadRequest, "bad")), "none");
}

TEST(ErrorReply, AsksForAKey) {
  const auto refusal = make_refusal(Error(ErrorCode::kUnauthorized, "no key"));
  EXPECT_EQ(refusal.headers.find("WWW-Authenticate"), "Bearer");
}

TEST(ErrorReply, KeepsSdksFromRepeatingWhatAnEngineCannotDo) {
  const auto refusal = make_refusal(Error(ErrorCode::kEngineFailed, "it crashed"));
  EXPECT_EQ(render_error(refusal, Dialect::kOpenAi, "").headers.find("x-should-retry"), "false");
  EXPECT_FALSE(render_error(refusal, Dialect::kOllama, "").headers.find("x-should-retry"));
}

TEST(ErrorReply, TellsAMissingModelFromOtherThings) {
  const auto refusal = make_refusal(Error(ErrorCode::kNotFound, "model 'x' not found"));
  EXPECT_THAT(render_error(refusal, Dialect::kOpenAi, "").body, HasSubstr("\"model_not_found\""));
}

TEST(ErrorReply, TellsAnthropicsClientsWhatKindOfErrorItIs) {
  const auto refusal = make_refusal(Error(ErrorCode::kBusy, "full", "3 wait"));
  EXPECT_EQ(render_error(refusal, Dialect::kAnthropic, "r1").body,
            R"x({"type":"error","error":{"type":"overloaded_error","message":"full (3 wait)"},)x"
            R"x("request_id":"r1"})x");
  const Error error(ErrorCode::kNotFound, "model 'x' not found");
  EXPECT_EQ(render_stream_error(error, Dialect::kAnthropic, StreamForm::kEvents, ""),
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\","
            "\"message\":\"model 'x' not found\"}}\n\n");
}

TEST(ErrorReply, EndsStreamsInTheirDialect) {
  const Error error(ErrorCode::kEngineFailed, "it crashed");
  EXPECT_EQ(render_stream_error(error, Dialect::kOllama, StreamForm::kLines, ""),
            "{\"error\":\"it crashed\"}\n");
  EXPECT_EQ(render_stream_error(error, Dialect::kPlain, StreamForm::kLines, ""),
            "{\"error\":\"it crashed\"}\n");
  const auto event = render_stream_error(error, Dialect::kOpenAi, StreamForm::kEvents, "");
  EXPECT_EQ(event.substr(0, 16), "data: {\"error\":{");
  EXPECT_EQ(event.substr(event.size() - 4), "}}\n\n");
}

TEST(ErrorReply, SurvivesBytesThatAreNoText) {
  const auto refusal = make_refusal(Error(ErrorCode::kBadRequest, "bad \xff"));
  EXPECT_THAT(render_error(refusal, Dialect::kOllama, "").body, HasSubstr("bad \xEF\xBF\xBD"));
}

TEST(ErrorReply, TellsNothingInternal) {
  const auto thrown = [](auto exception) {
    try {
      throw exception;
    } catch (...) {
      return render_error(current_refusal(), Dialect::kPlain, "req_1");
    }
  };
  EXPECT_THAT(thrown(std::runtime_error("/secret/path")).body, Not(HasSubstr("secret")));
  EXPECT_EQ(thrown(std::runtime_error("x")).status, 500);
  EXPECT_EQ(thrown(std::bad_alloc()).status, 503);
  EXPECT_EQ(thrown(StatusError(414, "too long")).status, 414);
  EXPECT_EQ(thrown(StatusError(405, "no").add_header("Allow", "GET")).headers.find("Allow"), "GET");
}

}  // namespace
}  // namespace hailstone::http
