// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/router.hpp"
#include "services/work/jobs/gauges.hpp"
#include "services/work/jobs/routes.hpp"
#include "services/work/jobs/runner.hpp"
#include "services/work/jobs/service.hpp"
#include "support/recording_reply.hpp"
#include "support/temp_store.hpp"

namespace hailstone::jobs {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test_support::RecordingReply;
using testing::HasSubstr;

/// The routes of a small daemon, whose work is to say what it was asked.
class JobsTest : public testing::Test {
 protected:
  JobsTest() {
    add_work(inference_, "/api/generate");
    add_work(inference_, "/api/detect");
    add_work(router_, "/api/generate");
    service_.set_router(inference_);
    offer_async(router_, service_);
    add_job_routes(router_, service_);
  }

  void add_work(http::Router& router, const std::string& pattern) {
    http::Route route;
    route.method = http::Method::kPost;
    route.pattern = pattern;
    route.cost = http::Cost::kWork;
    route.handler = [this](http::Request& request, http::Reply& reply) {
      if (failures_-- > 0) throw Error(failure_, "not now");
      if (is_slow_) {
        pause(10s, request.run);
      }
      http::Response response;
      response.body = json{{"path", request.path}, {"body", request.body}}.dump();
      reply.send(std::move(response));
    };
    router.add(std::move(route));
  }

  json ask(const std::string& method, const std::string& target, const std::string& body = {},
           const std::vector<std::pair<std::string, std::string>>& headers = {}) {
    auto request = http::make_request(method, target, "application/json", body);
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    last_ = http::dispatch(router_, std::move(request), target.substr(0, target.find('?')));
    return json::parse(last_.response.body, nullptr, false);
  }

  void run_jobs() {
    RunnerOptions options;
    options.threads = 2;
    options.first_delay = 1ms;
    runner_.emplace(
        queue_,
        [this](const core::ClaimedJob& claimed, const RunContext& run) {
          const auto& task = claimed.job.task;
          auto request =
              http::make_request(task.method, task.target, task.content_type, claimed.body);
          request.run = run;
          return http::dispatch(inference_, std::move(request), task.target);
        },
        options);
  }
  /// Until it has ended, or half a minute has passed.
  core::Job wait_for(const std::string& id) {
    const auto deadline = Deadline::in(30s);
    for (std::uint64_t version = 0; !deadline.has_passed();) {
      const auto job = queue_.find(id);
      if (job && core::is_final(job->state)) return *job;
      version = queue_.wait_for_change(version, {deadline, {}});
    }
    ADD_FAILURE() << "the job " << id << " does not end";
    return {};
  }

  std::atomic<int> failures_{0};
  ErrorCode failure_ = ErrorCode::kEngineFailed;
  std::atomic<bool> is_slow_{false};
  test_support::TempStore folder_;
  core::JobQueue queue_{folder_.root() / "jobs.db"};
  JobService service_{queue_, [](const std::string& model) -> std::string {
                        if (model == "yolo") return "detect";
                        throw Error(ErrorCode::kNotFound, "model '" + model + "' not found");
                      }};
  http::Router inference_;
  http::Router router_;
  http::Dispatched last_;
  std::optional<JobRunner> runner_;
};

TEST_F(JobsTest, InferGivesATicketAndLaterTheResult) {
  const json ticket = ask("POST", "/api/infer", R"({"model":"m","prompt":"hi"})");
  EXPECT_EQ(last_.response.status, 202);
  EXPECT_EQ(ticket.at("status"), "queued");
  const std::string id = ticket.at("job_id");
  EXPECT_EQ(last_.response.headers.find("Location"), "/api/infer/" + id);
  EXPECT_EQ(ask("GET", "/api/infer/" + id).at("queue_position"), 0);
  run_jobs();
  wait_for(id);
  const json done = ask("GET", "/api/infer/" + id);
  EXPECT_EQ(done.at("status"), "complete");
  EXPECT_EQ(done.at("result").at("path"), "/api/generate");
  const json asked = json::parse(done.at("result").at("body").get<std::string>());
  EXPECT_EQ(asked, json({{"model", "m"}, {"prompt", "hi"}, {"stream", false}}));
}

TEST_F(JobsTest, InferKnowsTheTaskByItsNameOrItsModel) {
  for (const char* body : {R"({"task":"detect","image":"x"})", R"({"model":"yolo","image":"x"})"}) {
    const std::string id = ask("POST", "/api/infer", body).at("job_id");
    EXPECT_EQ(ask("GET", "/v1/jobs/" + id).at("url"), "/api/detect");
  }
  EXPECT_THAT(ask("POST", "/api/infer", R"({"task":"dance"})").at("detail").get<std::string>(),
              HasSubstr("detect, generate"));
  EXPECT_EQ(last_.response.status, 400);
  ask("POST", "/api/infer", R"({"image":"x"})");
  EXPECT_EQ(last_.response.status, 400);
}

TEST_F(JobsTest, AFormLosesOnlyWhatIsTheJobs) {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"task\"\r\n\r\ndetect\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\nBYTES\r\n--b--\r\n";
  auto request = http::make_request("POST", "/api/infer", "multipart/form-data; boundary=b", form);
  const auto done = http::dispatch(router_, std::move(request), "/api/infer");
  const auto claimed = queue_.claim();
  ASSERT_TRUE(claimed) << done.response.body;
  EXPECT_THAT(claimed->body,
              HasSubstr("filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nBYTES"));
  EXPECT_THAT(claimed->body, testing::Not(HasSubstr("\"task\"")));
}

TEST_F(JobsTest, AnyInferenceRouteAnswersLaterWhereTheClientPrefersThat) {
  const json job =
      ask("POST", "/api/generate?x=a%20b", R"({"prompt":"p"})", {{"Prefer", "respond-async"}});
  EXPECT_EQ(last_.response.status, 202);
  EXPECT_EQ(last_.response.headers.find("Preference-Applied"), "respond-async");
  EXPECT_EQ(job.at("url"), "/api/generate?x=a%20b");
  EXPECT_EQ(ask("POST", "/api/generate", "now").at("body"), "now");
}

TEST_F(JobsTest, AnEngineThatFailsIsTriedAgainAndABadRequestIsNot) {
  failures_ = 2;
  const std::string id = ask("POST", "/api/infer", R"({"prompt":"hi"})").at("job_id");
  run_jobs();
  EXPECT_EQ(wait_for(id).attempts, 3);
  failures_ = 1;
  failure_ = ErrorCode::kBadRequest;
  const std::string bad = ask("POST", "/api/infer", R"({"prompt":"ho"})").at("job_id");
  EXPECT_EQ(wait_for(bad).attempts, 1);
  const json told = ask("GET", "/api/infer/" + bad);
  EXPECT_EQ(told.at("status"), "failed");
  EXPECT_EQ(told.at("error"), "not now");
}

TEST_F(JobsTest, MetricsTellWhatWaitsForHowLong) {
  core::Metrics metrics;
  ask("POST", "/api/infer", R"({"prompt":"hi"})");
  const auto counts = queue_.count();
  show_jobs(metrics, counts, *counts.oldest_queued + 90s);
  const std::string told = metrics.expose();
  EXPECT_THAT(told, HasSubstr("hailstone_jobs{state=\"queued\"} 1"));
  EXPECT_THAT(told, HasSubstr("hailstone_jobs{state=\"dead\"} 0"));
  EXPECT_THAT(told, HasSubstr("hailstone_jobs_oldest_seconds 90"));
}

TEST_F(JobsTest, ACancelledJobStopsItsWork) {
  is_slow_ = true;
  const std::string id = ask("POST", "/api/infer", R"({"prompt":"hi"})").at("job_id");
  run_jobs();
  for (std::uint64_t version = 0; queue_.find(id)->state == core::JobState::kQueued;) {
    version = queue_.wait_for_change(version, {Deadline::in(10s), {}});
  }
  ask("DELETE", "/api/infer/" + id);
  EXPECT_EQ(wait_for(id).state, core::JobState::kCancelled);
  is_slow_ = false;
  ask("POST", "/v1/jobs/" + id + "/retry");
  EXPECT_EQ(wait_for(id).state, core::JobState::kSucceeded);
}

TEST_F(JobsTest, WhatTheDaemonsEndInterruptsRunsAtItsNextStart) {
  is_slow_ = true;
  const std::string id = ask("POST", "/api/infer", R"({"prompt":"hi"})").at("job_id");
  run_jobs();
  for (std::uint64_t version = 0; queue_.find(id)->state == core::JobState::kQueued;) {
    version = queue_.wait_for_change(version, {Deadline::in(10s), {}});
  }
  runner_.reset();
  EXPECT_EQ(queue_.find(id)->state, core::JobState::kQueued);
  EXPECT_EQ(queue_.find(id)->attempts, 0);
  is_slow_ = false;
  run_jobs();
  EXPECT_EQ(wait_for(id).state, core::JobState::kSucceeded);
}

TEST_F(JobsTest, RefusesWhatIsNoWorkBeforeItIsKept) {
  for (const char* url : {"/api/infer", "/v1/jobs", "/nothing", "broken"}) {
    ask("POST", "/v1/jobs", json{{"url", url}, {"body", json::object()}}.dump());
    EXPECT_EQ(last_.response.status, 400) << url;
  }
  ask("POST", "/v1/jobs", R"({"url":"/api/generate","job":{"max_attempts":0}})");
  EXPECT_THAT(last_.response.body, HasSubstr("job.max_attempts"));
  EXPECT_EQ(queue_.count().of(core::JobState::kQueued), 0U);
}

TEST_F(JobsTest, ListsCountsAndPurges) {
  const std::string first = ask("POST", "/api/infer", R"({"prompt":"1"})").at("job_id");
  ask("POST", "/api/infer", R"({"prompt":"2"})");
  EXPECT_EQ(ask("GET", "/v1/jobs/counts").at("queued"), 2);
  const json page = ask("GET", "/v1/jobs?limit=1&state=queued");
  EXPECT_EQ(page.at("has_more"), true);
  const json rest = ask("GET", "/v1/jobs?after=" + page.at("last_id").get<std::string>());
  EXPECT_EQ(rest.at("data").at(0).at("id"), first);
  ask("DELETE", "/v1/jobs/" + first);
  EXPECT_EQ(ask("DELETE", "/v1/jobs?state=cancelled").at("deleted"), 1);
  ask("DELETE", "/v1/jobs?state=queued");
  EXPECT_EQ(last_.response.status, 400);
  ask("GET", "/v1/jobs/" + first);
  EXPECT_EQ(last_.response.status, 404);
}

TEST_F(JobsTest, TheSameKeyIsAnsweredWithTheSameJob) {
  const auto post = [&] {
    return ask("POST", "/api/infer", R"({"prompt":"1"})", {{"Idempotency-Key", "k"}}).at("job_id");
  };
  EXPECT_EQ(post(), post());
}

TEST_F(JobsTest, EventsTellEachChangeUntilTheEnd) {
  const std::string id = ask("POST", "/api/infer", R"({"prompt":"1"})").at("job_id");
  run_jobs();
  ask("GET", "/v1/jobs/" + id + "/events");
  EXPECT_THAT(last_.response.body, HasSubstr("event: job\ndata: {\"id\":\"" + id));
  EXPECT_THAT(last_.response.body, HasSubstr("\"status\":\"succeeded\""));
}

}  // namespace
}  // namespace hailstone::jobs
