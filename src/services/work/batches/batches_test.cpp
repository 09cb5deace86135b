// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "http/pipeline/dispatch.hpp"
#include "http/router.hpp"
#include "services/work/batches/input.hpp"
#include "services/work/batches/routes.hpp"
#include "services/work/batches/service.hpp"
#include "services/work/batches/wire.hpp"
#include "support/temp_store.hpp"

namespace hailstone::batches {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string line(const std::string& id, const std::string& url = "/v1/embeddings") {
  return json{{"custom_id", id}, {"method", "POST"}, {"url", url}, {"body", {{"model", "m"}}}}
             .dump() +
         "\n";
}

Input read(const std::string& text, const std::string& endpoint = "/v1/embeddings") {
  std::istringstream in(text);
  return read_input(in, endpoint, [](const core::JobTask& task) {
    if (task.method != "POST") throw Error(ErrorCode::kBadRequest, "no such route");
  });
}

TEST(BatchInput, TakesALinePerRequest) {
  const Input input = read(line("a") + "\n" + line("b", "/v1/embeddings?x=1"));
  EXPECT_TRUE(input.mistakes.empty());
  ASSERT_EQ(input.jobs.size(), 2U);
  EXPECT_EQ(input.jobs.at(1).label, "b");
  EXPECT_EQ(input.jobs.at(1).task.model, "m");
}

TEST(BatchInput, NamesEveryMistakeWithItsLine) {
  const Input input = read(line("a") + "no json\n" + line("a") + line("c", "/v1/other") +
                           R"({"custom_id":"d","method":"GET","url":"/v1/embeddings","body":{}})" +
                           "\n" + R"({"custom_id":"e","url":"/v1/embeddings"})" + "\n");
  ASSERT_EQ(input.mistakes.size(), 5U);
  const std::vector<std::string> codes = {"invalid_request", "duplicate_custom_id",
                                          "mismatched_endpoint", "invalid_request",
                                          "invalid_request"};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    EXPECT_EQ(input.mistakes.at(i).line, i + 2);
    EXPECT_EQ(input.mistakes.at(i).code, codes.at(i));
  }
}

TEST(BatchInput, AnEmptyFileIsAMistake) {
  EXPECT_EQ(read("\n\n").mistakes.at(0).code, "empty_file");
}

TEST(BatchInput, ALineWithoutEndDoesNotFillTheMemory) {
  const Input input = read(std::string(kLongestLine + 10, ' ') + "\n" + line("a"));
  ASSERT_EQ(input.mistakes.size(), 1U);
  EXPECT_EQ(input.mistakes.at(0).code, "line_too_long");
}

/// A daemon's routes, whose only work is to embed; jobs are run by hand.
class BatchesTest : public testing::Test {
 protected:
  BatchesTest() {
    http::Route work;
    work.method = http::Method::kPost;
    work.pattern = "/v1/embeddings";
    work.cost = http::Cost::kWork;
    work.handler = [](http::Request&, http::Reply&) {};
    inference_.add(std::move(work));
    jobs_.set_router(inference_);
    add_batch_routes(router_, service_);
  }

  json ask(const std::string& method, const std::string& target, const std::string& body = {},
           const std::string& type = "application/json") {
    last_ = http::dispatch(router_, http::make_request(method, target, type, body),
                           target.substr(0, target.find('?')));
    return json::parse(last_.response.body, nullptr, false);
  }
  std::string upload(const std::string& content) {
    const std::string form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n" +
        content + "\r\n--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n" +
        "--b--\r\n";
    return ask("POST", "/v1/files", form, "multipart/form-data; boundary=b").at("id");
  }
  json create(const std::string& content) {
    return ask("POST", "/v1/batches",
               json{{"input_file_id", upload(content)},
                    {"endpoint", "/v1/embeddings"},
                    {"completion_window", "24h"},
                    {"metadata", {{"k", "v"}}}}
                   .dump());
  }
  /// Waits for the keeper's thread.
  json wait_for(const std::string& id, const std::string& status) {
    const auto deadline = Deadline::in(std::chrono::seconds(30));
    json batch;
    while (!deadline.has_passed()) {
      batch = ask("GET", "/v1/batches/" + id);
      if (batch.at("status") == status) return batch;
      queue_.notify();
      pause(std::chrono::milliseconds(20), {deadline, {}});
    }
    ADD_FAILURE() << "still " << batch.dump();
    return batch;
  }
  void run_one(int status) {
    const auto claimed = queue_.claim();
    ASSERT_TRUE(claimed);
    core::JobOutcome outcome{{status, "application/json", 0, {}},
                             R"({"of":")" + claimed->job.label + "\"}"};
    if (status == 200) return queue_.succeed(claimed->job.id, outcome);
    queue_.fail(claimed->job.id, {"bad_request", "no", ""}, outcome);
  }
  std::string content_of(const json& id) {
    ask("GET", "/v1/files/" + id.get<std::string>() + "/content");
    return last_.response.body;
  }

  test_support::TempStore folder_;
  core::JobQueue queue_{folder_.root() / "jobs.db"};
  core::BatchStore store_{folder_.root() / "batches.db"};
  jobs::JobService jobs_{queue_, [](const std::string&) { return std::string(); }};
  BatchService service_{store_, jobs_};
  http::Router inference_;
  http::Router router_;
  http::Dispatched last_;
};

TEST_F(BatchesTest, RunsEachLineAndSortsTheAnswers) {
  const json batch = create(line("a") + line("b"));
  EXPECT_EQ(batch.at("status"), "validating");
  EXPECT_EQ(batch.at("metadata").at("k"), "v");
  service_.start();
  const std::string id = batch.at("id");
  EXPECT_EQ(wait_for(id, "in_progress").at("request_counts").at("total"), 2);
  run_one(200);
  run_one(400);
  const json done = wait_for(id, "completed");
  EXPECT_EQ(done.at("request_counts"), json({{"total", 2}, {"completed", 1}, {"failed", 1}}));
  const json good = json::parse(content_of(done.at("output_file_id")));
  EXPECT_EQ(good.at("custom_id"), "a");
  EXPECT_EQ(good.at("response").at("status_code"), 200);
  EXPECT_EQ(good.at("response").at("body").at("of"), "a");
  const json bad = json::parse(content_of(done.at("error_file_id")));
  EXPECT_EQ(bad.at("response").at("status_code"), 400);
}

TEST_F(BatchesTest, ABrokenFileFailsAsAWholeBeforeAnythingRuns) {
  const std::string id = create(line("a") + "broken\n").at("id");
  service_.start();
  const json failed = wait_for(id, "failed");
  EXPECT_EQ(failed.at("errors").at("data").at(0).at("line"), 2);
  EXPECT_FALSE(queue_.claim());
}

TEST_F(BatchesTest, ACancelledBatchDeliversWhatIsDone) {
  const std::string id = create(line("a") + line("b")).at("id");
  service_.start();
  wait_for(id, "in_progress");
  run_one(200);
  ask("POST", "/v1/batches/" + id + "/cancel");
  const json done = wait_for(id, "cancelled");
  EXPECT_THAT(content_of(done.at("output_file_id")), HasSubstr("\"custom_id\":\"a\""));
  EXPECT_THAT(content_of(done.at("error_file_id")), HasSubstr("batch_cancelled"));
  ask("POST", "/v1/batches/" + id + "/cancel");
  EXPECT_EQ(last_.response.status, 409);
}

TEST_F(BatchesTest, ADaemonThatDiedInBetweenDoesNotRunABatchTwice) {
  const std::string id = create(line("a")).at("id");
  std::vector<core::NewJob> jobs(1);
  jobs.at(0).task.target = "/v1/embeddings";
  jobs.at(0).batch = id;
  queue_.submit_all(jobs);  // as the keeper did, before it could say so
  service_.start();
  EXPECT_EQ(wait_for(id, "in_progress").at("request_counts").at("total"), 1);
}

TEST_F(BatchesTest, ListsAndDeletesFiles) {
  const std::string first = upload("one");
  const std::string second = upload("two");
  const json page = ask("GET", "/v1/files?limit=1&purpose=batch");
  EXPECT_EQ(page.at("data").at(0).at("id"), second);
  EXPECT_EQ(page.at("has_more"), true);
  EXPECT_EQ(ask("GET", "/v1/files?after=" + second).at("data").at(0).at("id"), first);
  EXPECT_EQ(content_of(first), "one");
  EXPECT_EQ(ask("DELETE", "/v1/files/" + first).at("deleted"), true);
  ask("GET", "/v1/files/" + first);
  EXPECT_EQ(last_.response.status, 404);
}

TEST_F(BatchesTest, RefusesWhatCannotBeABatch) {
  const std::string file = upload("x");
  for (const json& body : {json{{"endpoint", "/v1/embeddings"}},
                           json{{"input_file_id", file}, {"endpoint", "/nothing"}},
                           json{{"input_file_id", file},
                                {"endpoint", "/v1/embeddings"},
                                {"completion_window", "soon"}}}) {
    ask("POST", "/v1/batches", body.dump());
    EXPECT_EQ(last_.response.status, 400) << body;
  }
  ask("POST", "/v1/batches",
      json{{"input_file_id", "file-no"}, {"endpoint", "/v1/embeddings"}}.dump());
  EXPECT_EQ(last_.response.status, 404);
}

TEST_F(BatchesTest, ABodyThatNamesAFileBecomesAForm) {
  const std::string file = upload("PICTURE");
  core::ClaimedJob claimed;
  claimed.job.task.target = "/api/detect";
  claimed.body = json{{"image", {{"file_id", file}}}, {"threshold", 0.5}}.dump();
  const auto with = service_.with_files(claimed);
  EXPECT_THAT(with.job.task.content_type, HasSubstr("multipart/form-data; boundary="));
  EXPECT_THAT(with.body, HasSubstr("name=\"image\"; filename=\"in.jsonl\"\r\n\r\nPICTURE\r\n"));
  EXPECT_THAT(with.body, HasSubstr("name=\"threshold\"\r\n\r\n0.5\r\n"));
  claimed.body = R"({"prompt":"what is a \"file_id\"?"})";
  EXPECT_EQ(service_.with_files(claimed).body, claimed.body);
}

}  // namespace
}  // namespace hailstone::batches
