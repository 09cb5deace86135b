// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/dispatch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/router.hpp"

namespace hailstone::http {
namespace {

using testing::HasSubstr;

class DispatchTest : public testing::Test {
 protected:
  void add(const std::string& pattern, Handler handler, BodyMode body = BodyMode::kWhole) {
    Route route;
    route.method = Method::kPost;
    route.pattern = pattern;
    route.handler = std::move(handler);
    route.body = body;
    route.dialect = Dialect::kOllama;
    route.max_body = ByteSize::bytes(10);
    router_.add(std::move(route));
  }
  Dispatched post(const std::string& path, const std::string& body = {},
                  ByteSize limit = ByteSize::kib(1)) {
    return dispatch(router_, make_request("POST", path, "text/plain", body), path, limit);
  }

  Router router_;
};

TEST_F(DispatchTest, GivesTheHandlersReplyWithItsHeaders) {
  add("/echo/{name}", [](Request& request, Reply& reply) {
    reply.add_header("X-Name", request.params.at("name"));
    Response response;
    response.status = 201;
    response.body = request.body;
    reply.send(std::move(response));
  });
  const auto done = post("/echo/a?x=1", "hello");
  EXPECT_EQ(done.response.status, 201);
  EXPECT_EQ(done.response.body, "hello");
  EXPECT_EQ(done.response.headers.find("X-Name"), "a");
  EXPECT_FALSE(done.error);
}

TEST_F(DispatchTest, PutsAStreamTogetherAndFeedsAStreamedBody) {
  add(
      "/count",
      [](Request& request, Reply& reply) {
        auto& stream = reply.stream(200, "text/plain");
        for (auto piece = request.body_stream->read(); !piece.empty();
             piece = request.body_stream->read()) {
          stream.write(piece);
        }
        stream.write("!");
      },
      BodyMode::kStreamed);
  EXPECT_EQ(post("/count", "abc").response.body, "abc!");
}

TEST_F(DispatchTest, ErrorsHaveTheRoutesDialectAndAreTold) {
  add("/busy", [](Request&, Reply&) { throw Error(ErrorCode::kBusy, "no room"); });
  const auto done = post("/busy");
  EXPECT_EQ(done.response.status, 503);
  EXPECT_THAT(done.response.body, HasSubstr(R"({"error":"no room")"));
  ASSERT_TRUE(done.error);
  EXPECT_EQ(done.error->code(), ErrorCode::kBusy);
}

TEST_F(DispatchTest, RefusesWhatTheRouterDoesNotKnowAndWhatIsTooLarge) {
  add("/large", [](Request&, Reply& reply) {
    Response response;
    response.body = std::string(2000, 'x');
    reply.send(std::move(response));
  });
  EXPECT_EQ(post("/none").response.status, 404);
  EXPECT_EQ(post("/large", "more than ten bytes").response.status, 413);
  EXPECT_EQ(post("/large").response.status, 413);
  EXPECT_THROW(make_request("FETCH", "/large", "", ""), Error);
}

TEST_F(DispatchTest, AStoppedRunDoesNotBegin) {
  add("/never", [](Request&, Reply&) { FAIL() << "it has begun"; });
  auto request = make_request("POST", "/never", "", "");
  std::stop_source stop;
  stop.request_stop();
  request.run.stop = stop.get_token();
  EXPECT_EQ(dispatch(router_, std::move(request), "/never").error->code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace hailstone::http
