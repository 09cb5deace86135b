// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "base/error.hpp"
#include "http/pipeline/target.hpp"

namespace hailstone::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Route route(Method method, std::string pattern) {
  Route made;
  made.method = method;
  made.pattern = std::move(pattern);
  return made;
}

Router make_router() {
  Router router;
  router.add(route(Method::kGet, "/"));
  router.add(route(Method::kGet, "/api/tags"));
  router.add(route(Method::kGet, "/api/jobs/{id}"));
  router.add(route(Method::kDelete, "/api/jobs/{id}"));
  router.add(route(Method::kPost, "/api/jobs/all"));
  router.add(route(Method::kGet, "/v1/models/{model...}"));
  router.add(route(Method::kHead, "/api/blobs/{digest}"));
  router.add(route(Method::kPost, "/api/blobs/{digest}"));
  return router;
}

std::string pattern_of(Method method, std::string_view path) {
  const auto router = make_router();
  const auto match = router.find(method, path);
  return match.route == nullptr ? "" : match.route->pattern;
}

TEST(Router, FindsTheRouteOfMethodAndPath) {
  EXPECT_EQ(pattern_of(Method::kGet, "/"), "/");
  EXPECT_EQ(pattern_of(Method::kGet, "/api/tags"), "/api/tags");
  EXPECT_EQ(pattern_of(Method::kPost, "/api/tags"), "");
  EXPECT_EQ(pattern_of(Method::kGet, "/api/tags/"), "");
  EXPECT_EQ(pattern_of(Method::kGet, "//api/tags"), "");
  EXPECT_EQ(pattern_of(Method::kGet, "/api/%74ags"), "/api/tags");
}

TEST(Router, PrefersNamesToParameters) {
  EXPECT_EQ(pattern_of(Method::kPost, "/api/jobs/all"), "/api/jobs/all");
  EXPECT_EQ(pattern_of(Method::kGet, "/api/jobs/all"), "/api/jobs/{id}");
}

TEST(Router, AnswersHeadFromGetUnlessThereIsAHeadRoute) {
  EXPECT_EQ(pattern_of(Method::kHead, "/api/tags"), "/api/tags");
  EXPECT_EQ(pattern_of(Method::kHead, "/api/blobs/x"), "/api/blobs/{digest}");
  EXPECT_EQ(pattern_of(Method::kGet, "/api/blobs/x"), "");
}

TEST(Router, TellsWhatAPathAllows) {
  const auto router = make_router();
  EXPECT_THAT(router.find(Method::kPut, "/api/tags").allowed,
              UnorderedElementsAre(Method::kGet, Method::kHead));
  EXPECT_THAT(router.find(Method::kPut, "/api/jobs/all").allowed,
              UnorderedElementsAre(Method::kGet, Method::kHead, Method::kDelete, Method::kPost));
  EXPECT_THAT(router.find(Method::kGet, "/nothing").allowed, IsEmpty());
}

TEST(Router, DecodesEachPartOnItsOwn) {
  const auto router = make_router();
  EXPECT_THAT(router.find(Method::kGet, "/api/jobs/a%2Fb%20c").params,
              ElementsAre(Pair("id", "a/b c")));
  EXPECT_THAT(router.find(Method::kGet, "/v1/models/library/llama3.2:1b").params,
              ElementsAre(Pair("model", "library/llama3.2:1b")));
  EXPECT_EQ(router.find(Method::kGet, "/api/jobs/").route, nullptr);
  EXPECT_EQ(router.find(Method::kGet, "/v1/models/").route, nullptr);
}

TEST(Router, RefusesPathsThatHideSomething) {
  const auto router = make_router();
  for (const char* path : {"/api/jobs/%", "/api/jobs/%4", "/api/jobs/%zz", "/api/jobs/a%00b",
                           "/api/jobs/..", "/api/jobs/%2e%2E", "/./api/tags", "/api/jobs/%ff", "",
                           "api/tags", "/v1/models/a/../../b"}) {
    EXPECT_THROW(router.find(Method::kGet, path), Error) << path;
  }
}

TEST(Router, RefusesTwoRoutesOfOnePatternAndMethod) {
  auto router = make_router();
  EXPECT_THROW(router.add(route(Method::kGet, "/api/tags")), std::logic_error);
  EXPECT_THROW(router.add(route(Method::kGet, "/a/{rest...}/b")), std::logic_error);
  EXPECT_EQ(router.routes().size(), 8U);
}

TEST(Target, IsSplitIntoPathAndQuery) {
  EXPECT_EQ(split_target("/a/b?x=1?2").path, "/a/b");
  EXPECT_EQ(split_target("/a/b?x=1?2").query, "x=1?2");
  EXPECT_EQ(split_target("/a?").query, "");
  EXPECT_EQ(split_target("http://host:80/a?b").authority, "host:80");
  EXPECT_EQ(split_target("http://host:80/a?b").path, "/a");
  EXPECT_EQ(split_target("http://host").path, "/");
  EXPECT_EQ(split_target("http://host?q").query, "q");
  EXPECT_EQ(split_target("*").path, "*");
  EXPECT_THROW(split_target("a"), Error);
}

TEST(Target, QueriesAreDecoded) {
  EXPECT_THAT(parse_query("a=1&b=x+y%26z&&c&a=2"),
              ElementsAre(Pair("a", "1,2"), Pair("b", "x y&z"), Pair("c", "")));
  EXPECT_THAT(parse_query(""), IsEmpty());
  EXPECT_THROW(parse_query("a=%"), Error);
  EXPECT_THROW(parse_query("a=%00"), Error);
}

TEST(Router, AsksForMoreWhereItHasNothingAndTheMatchKeepsWhatItFound) {
  Router router;
  router.add(Route{Method::kGet, "/api/tags", {}});
  auto more = std::make_shared<Router>();
  more->add(Route{Method::kPost, "/api/mean", {}});
  more->add(Route{Method::kPost, "/api/tags", {}});
  std::shared_ptr<const Router> current = std::move(more);
  router.set_more([&current] { return current; });
  auto match = router.find(Method::kPost, "/api/mean");
  current.reset();
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->pattern, "/api/mean");
  EXPECT_EQ(router.find(Method::kPost, "/api/tags").route, nullptr) << "its own paths are its own";
  EXPECT_TRUE(router.find(Method::kPost, "/api/mean").allowed.empty());
}

}  // namespace
}  // namespace hailstone::http
