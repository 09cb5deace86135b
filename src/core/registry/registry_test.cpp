// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "core/registry/auth.hpp"
#include "core/registry/http.hpp"
#include "core/registry/testing/registry_double.hpp"
#include "core/store/blobs/partial_blob.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Double = testing::RegistryDouble;
using Json = nlohmann::json;

std::string some_bytes(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  std::mt19937 random(seed);
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "there is no python3";
    double_ = std::make_unique<Double>();
    std::string pattern = (fs::temp_directory_path() / "hailstone-pull-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
    store_ = std::make_unique<Store>(std::vector{home_ / "models"});
    writer_ = std::make_unique<StoreWriter>(*store_);
    registry_ = std::make_unique<Registry>(*writer_, options());
  }
  void TearDown() override {
    registry_.reset();
    if (!home_.empty()) fs::remove_all(home_);
  }

  RegistryOptions options() const {
    RegistryOptions options;
    options.key_file = home_ / "id_ed25519";
    options.first_retry = 1ms;
    options.stall = 1s;
    options.tries = 4;
    return options;
  }

  /// The statuses, without repeats.
  std::vector<std::string> pull(const std::string& name, const RunContext& run = {}) {
    std::vector<std::string> statuses;
    registry_->pull(
        parse_model_name(name), Security::kHttps,
        [&](const TransferProgress& progress) {
          if (statuses.empty() || statuses.back() != progress.status) {
            statuses.push_back(progress.status);
          }
        },
        run);
    return statuses;
  }
  Error pull_error(const std::string& name) {
    try {
      pull(name);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "the pull succeeded";
    return Error(ErrorCode::kInternal, "");
  }
  std::string weights_of(const std::string& name) const {
    const auto model = store_->find(parse_model_name(name));
    if (!model) return "no model";
    std::ifstream in(model->find_layer("model")->path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Complete blobs, not partial ones.
  std::size_t visible_blobs() const {
    std::size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(blobs_folder(home_ / "models"), error)) {
      const auto name = read_blob_file_name(entry.path().filename().string());
      if (name.kind == BlobFileName::Kind::kBlob) ++count;
    }
    return count;
  }
  int requests(const std::string& part_of_path) const {
    int count = 0;
    const Json stats = double_->stats();
    for (const auto& request : stats["requests"]) {
      count += request["path"].get<std::string>().find(part_of_path) != std::string::npos;
    }
    return count;
  }

  std::unique_ptr<Double> double_;
  fs::path home_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<StoreWriter> writer_;
  std::unique_ptr<Registry> registry_;
};

TEST_F(RegistryTest, PullsAModelAndSaysWhatItDoes) {
  const std::string weights = some_bytes(3'000'000);
  const std::string name = double_->add_model("me/mine:1b", weights);
  const auto statuses = pull(name);
  EXPECT_THAT(
      statuses,
      ElementsAre("pulling manifest", "pulling " + sha256_hex(weights).substr(0, 12),
                  HasSubstr("pulling "), "verifying sha256 digest", "writing manifest", "success"));
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_EQ(writer_->blob_state("sha256:" + sha256_hex(weights)), BlobState::kVerified);
  const auto moved = double_->stats()["blob_bytes"];
  pull(name);
  EXPECT_EQ(double_->stats()["blob_bytes"], moved) << "what is there is not fetched again";
}

TEST_F(RegistryTest, AnUpdateRemovesWhatNothingNeedsAnyMore) {
  const std::string name = double_->add_model("me/mine:latest", "old");
  pull(name);
  double_->add_model("me/mine:latest", "new");
  EXPECT_THAT(pull(name), Contains("removing unused layers"));
  EXPECT_EQ(weights_of(name), "new");
  EXPECT_EQ(visible_blobs(), 2U);
}

TEST_F(RegistryTest, FollowsToAnotherHostWithoutItsToken) {
  const std::string name = double_->add_model("me/mine:latest", some_bytes(100'000));
  double_->set({{"redirect", "cross"}, {"auth", true}});
  pull(name);
  const Json stats = double_->stats();
  bool went = false;
  for (const auto& request : stats["requests"]) {
    if (request["path"].get<std::string>().rfind("/direct/", 0) != 0) continue;
    went = true;
    EXPECT_THAT(request["host"].get<std::string>(), HasSubstr("localhost"));
    EXPECT_EQ(request["authorization"], "");
  }
  EXPECT_TRUE(went);
}

TEST_F(RegistryTest, ANameThatMeansThisMachineLeadsNowhereWhereOnlyTheWorldIsMeant) {
  HttpRequest request;
  request.url = parse_url("http://localhost" + double_->host().substr(9) + "/v2/");
  const auto free = exchange(request, {"test", 5s}, {});
  EXPECT_EQ(free.outcome, CURLE_OK);
  EXPECT_EQ(free.peer, Reach::kMachine);
  request.url.is_world_only = true;
  EXPECT_NE(exchange(request, {"test", 5s}, {}).outcome, CURLE_OK);
}

TEST_F(RegistryTest, FollowsOverSeveralHosts) {
  const std::string weights = some_bytes(100'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"redirect", "twice"}, {"redirect_manifests", true}});
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_GT(requests("/hop/"), 0);
}

TEST_F(RegistryTest, SignsInWithItsKeyAndNowhereElse) {
  const std::string name = double_->add_model("me/mine:latest", "weights");
  double_->set({{"auth", true}});
  pull(name);
  EXPECT_EQ(weights_of(name), "weights");
  const Json stats = double_->stats();
  for (const auto& request : stats["requests"]) {
    const auto path = request["path"].get<std::string>();
    if (path.rfind("/token", 0) != 0) continue;
    EXPECT_THAT(path, HasSubstr("scope=repository%3Apull&scope=repository%3Apush&service=double"));
    EXPECT_EQ(request["authorization"],
              sign_request(SigningKey(home_ / "id_ed25519"), double_->url(path)));
  }
  EXPECT_EQ(fs::status(home_ / "id_ed25519").permissions(), fs::perms(0600));

  double_->set({{"realm", "http://localhost:1/token"}});
  EXPECT_EQ(pull_error(double_->add_model("me/other:latest", "x")).code(), ErrorCode::kForbidden);
}

TEST_F(RegistryTest, GoesOnWhereTheConnectionBroke) {
  const std::string weights = some_bytes(3'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"drop_at", 400'000}, {"drop_times", 7}});
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_LT(double_->stats()["blob_bytes"], 3'100'000);
}

TEST_F(RegistryTest, AConnectionThatStallsBeginsAgain) {
  const std::string weights = some_bytes(1'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"stall_at", 300'000}, {"stall_times", 1}});
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
}

TEST_F(RegistryTest, AWrongDigestNeverBecomesVisible) {
  const std::string name = double_->add_model("me/mine:latest", some_bytes(100'000));
  double_->set({{"wrong_digest", true}});
  const Error error = pull_error(name);
  EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
  EXPECT_THAT(error.what(), HasSubstr("digest mismatch"));
  EXPECT_EQ(visible_blobs(), 0U);
  EXPECT_EQ(weights_of(name), "no model");
}

TEST_F(RegistryTest, BadBytesOfAnEarlierDownloadAreThrownAwayOnce) {
  const std::string weights = some_bytes(1'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  {
    const std::string digest = "sha256:" + sha256_hex(weights);
    PartialBlob blob({home_ / "models", digest, ByteSize::bytes(weights.size()), digest});
    blob.append(0, std::string(500'000, 'x'));
    blob.flush(0);
  }
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
}

TEST_F(RegistryTest, AWrongLengthIsRefusedAtOnce) {
  const std::string name = double_->add_model("me/mine:latest", some_bytes(100'000));
  for (const int more : {-1, 1, 1'000'000}) {
    double_->set({{"wrong_length", more}});
    EXPECT_EQ(pull_error(name).code(), ErrorCode::kEngineFailed) << more;
    EXPECT_EQ(weights_of(name), "no model");
  }
}

TEST_F(RegistryTest, WaitsWhereTheRegistryIsBusyAndTellsWhenItMustNot) {
  const std::string name = double_->add_model("me/mine:latest", "weights");
  double_->set({{"busy", 1}, {"fail", 1}});
  pull(name);
  EXPECT_EQ(weights_of(name), "weights");
  double_->set({{"busy", 1000}, {"retry_after", 3600}});
  const Error error = pull_error(name);
  EXPECT_EQ(error.code(), ErrorCode::kBusy);
  EXPECT_EQ(error.retry_after(), 3600s);
}

TEST_F(RegistryTest, AServerWithoutRangesWillDo) {
  const std::string weights = some_bytes(500'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"ranges", false}});
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
}

TEST_F(RegistryTest, AnUnknownModelAndADeadRegistryAreNamed) {
  const Error unknown = pull_error(double_->host() + "/me/nothing:latest");
  EXPECT_EQ(unknown.code(), ErrorCode::kNotFound);
  EXPECT_STREQ(unknown.what(), "pull model manifest: file does not exist");
  const Error dead = pull_error("127.0.0.1:1/me/mine:latest");
  EXPECT_EQ(dead.code(), ErrorCode::kEngineFailed);
  EXPECT_THAT(dead.what(), HasSubstr("127.0.0.1:1"));
}

TEST_F(RegistryTest, MaliciousManifestsAreRefused) {
  const std::string good(64, 'a');
  for (const auto& digest :
       {std::string("sha256:../../../../tmp/x"), "sha256:" + good.substr(1), "sha256:" + good + "a",
        "sha256:%2e%2e%2f" + good.substr(9), std::string("/etc/passwd"), std::string()}) {
    const Json layer{{"mediaType", "application/vnd.ollama.image.model"},
                     {"digest", digest},
                     {"size", 3},
                     {"annotations", {{"org.opencontainers.image.title", "../../x"}}}};
    const auto name = double_->add_manifest("me/evil:latest",
                                            Json{{"config", layer}, {"layers", {layer}}}.dump());
    EXPECT_EQ(pull_error(name).code(), ErrorCode::kBadRequest) << digest;
  }
  const auto large = double_->add_manifest("me/large:latest", std::string(5U << 20U, ' '));
  EXPECT_EQ(pull_error(large).code(), ErrorCode::kTooLarge);
  EXPECT_EQ(visible_blobs(), 0U);
}

TEST_F(RegistryTest, ASizeIsBelievedOnlyAsFarAsTheDiskGoes) {
  const auto claim = [&](std::uint64_t size) {
    const Json layer{{"mediaType", "application/vnd.ollama.image.model"},
                     {"digest", "sha256:" + std::string(64, 'b')},
                     {"size", size}};
    return pull_error(double_->add_manifest("me/claims:latest", Json{{"layers", {layer}}}.dump()));
  };
  EXPECT_EQ(claim(100'000'000'000'000).code(), ErrorCode::kOutOfMemory);
  EXPECT_THAT(claim(100'000'000'000'000).what(), HasSubstr("not enough room"));
  EXPECT_THAT(claim(std::uint64_t{1} << 62U).what(), HasSubstr("larger than any disk"));
  EXPECT_TRUE(fs::is_empty(blobs_folder(home_ / "models"))) << "nothing was planned";
}

TEST_F(RegistryTest, TwoPullsOfOneModelShareOneDownload) {
  const std::string weights = some_bytes(2'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"bytes_per_second", 4'000'000}});
  auto first = std::async(std::launch::async, [&] { pull(name); });
  auto second = std::async(std::launch::async, [&] { pull(name); });
  first.get();
  second.get();
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_LT(double_->stats()["blob_bytes"], 2'100'000);
}

TEST_F(RegistryTest, WhoLeavesStopsTheDownloadOnlyIfNobodyElseWantsIt) {
  const std::string weights = some_bytes(4'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"bytes_per_second", 4'000'000}});
  std::stop_source leave;
  std::promise<void> moving;
  std::atomic<bool> told = false;
  const auto pull_until = [&](const std::stop_token& stop) {
    registry_->pull(parse_model_name(name), Security::kHttps,
                    [&](const TransferProgress& progress) {
                      if (progress.completed > 200'000 && !told.exchange(true)) moving.set_value();
                    },
                    {Deadline::never(), stop});
  };
  auto leaver = std::async(std::launch::async, [&] { pull_until(leave.get_token()); });
  auto stayer = std::async(std::launch::async, [&] { pull_until({}); });
  moving.get_future().wait();
  leave.request_stop();
  EXPECT_THROW(leaver.get(), Error);
  stayer.get();
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_LT(double_->stats()["blob_bytes"], 4'100'000);
}

TEST_F(RegistryTest, WhatALastLeaverLeavesBehindIsResumed) {
  const std::string weights = some_bytes(4'000'000);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"bytes_per_second", 8'000'000}});
  const auto leave = [](const TransferProgress& progress) {
    if (progress.completed > 1'000'000) throw Error(ErrorCode::kCancelled, "client left");
  };
  EXPECT_THROW(registry_->pull(parse_model_name(name), Security::kHttps, leave, {}), Error);
  pull(name);
  EXPECT_EQ(weights_of(name), weights);
  EXPECT_LT(double_->stats()["blob_bytes"], 4'200'000);
}

TEST_F(RegistryTest, KilledTwentyTimesItMovesHardlyMoreThanTheSize) {
  constexpr std::size_t kSize = 200'000'000;  // two parts
  const std::string weights = some_bytes(kSize);
  const std::string name = double_->add_model("me/mine:latest", weights);
  double_->set({{"bytes_per_second", 25'000'000}});
  std::mt19937 random(20261125);
  std::vector<std::size_t> points(20);
  for (auto& point : points) point = random() % kSize;
  std::sort(points.begin(), points.end());
  points.push_back(SIZE_MAX);  // the last one is left alone
  for (const auto point : points) {
    std::promise<void> reached;
    std::atomic<bool> told = false;
    const auto tell = [&] {
      if (!told.exchange(true)) reached.set_value();
    };
    os::ChildOptions options;
    options.cage.reset();
    options.argv = {HAILSTONE_REGISTRY_PULL, (home_ / "models").string(), name};
    options.on_stdout = [&](std::string_view line) {
      if (std::strtoull(std::string(line).c_str(), nullptr, 10) >= point) tell();
    };
    options.on_exit = [&](const os::ExitStatus&) { tell(); };
    os::ChildProcess child(std::move(options));
    ASSERT_EQ(reached.get_future().wait_for(60s), std::future_status::ready);
    if (point != SIZE_MAX) {
      child.send_signal(SIGKILL);
    }
    ASSERT_TRUE(child.wait(Deadline::in(60s)));
  }
  EXPECT_EQ(weights_of(name), weights);
  const auto moved = double_->stats()["blob_bytes"].get<std::size_t>();
  // What a starved client leaves in the kernel's buffers was sent, too.
  EXPECT_LE(moved, kSize + kSize / 25);
  RecordProperty("moved_bytes", std::to_string(moved));
}

TEST_F(RegistryTest, PushesWhatTheRegistryLacks) {
  const std::string weights = some_bytes(1'000'000);
  const std::string theirs = double_->add_model("me/mine:latest", weights);
  pull(theirs);
  double_->set({{"auth", true}});
  for (const bool elsewhere : {false, true}) {
    double_->set({{"upload_redirect", elsewhere}});
    fs::remove(double_->folder() / "blobs" / sha256_hex(weights));
    const ModelName name =
        parse_model_name(double_->host() + "/you/yours:" + (elsewhere ? "b" : "a"));
    writer_->copy(parse_model_name(theirs), name);
    std::vector<std::string> statuses;
    registry_->push(name, Security::kHttps,
                    [&](const TransferProgress& progress) { statuses.push_back(progress.status); },
                    {});
    EXPECT_EQ(statuses.front(), "retrieving manifest");
    EXPECT_EQ(statuses.back(), "success");
    EXPECT_EQ(fs::file_size(double_->folder() / "blobs" / sha256_hex(weights)), 1'000'000U);
    EXPECT_TRUE(fs::exists(double_->folder() / "manifests/you/yours" / name.tag));
  }
  const int uploads = requests("uploads/");
  registry_->push(parse_model_name(double_->host() + "/you/yours:a"), Security::kHttps,
                  [](const TransferProgress&) {}, {});
  EXPECT_EQ(requests("uploads/"), uploads) << "what is there is not sent again";
}

TEST_F(RegistryTest, AFileOfACatalogueIsRememberedByItsFirstDigest) {
  const std::string bytes = some_bytes(300'000);
  Double::write(double_->folder() / "files/net.hef", bytes);
  const UrlSource source{double_->url("/files/net.hef"), {}, {}};
  const auto ignore = [](const TransferProgress&) {};
  EXPECT_EQ(registry_->download(source, ignore, {}).digest, "sha256:" + sha256_hex(bytes));
  const int before = requests("/files/");
  EXPECT_EQ(registry_->download(source, ignore, {}).size, ByteSize::bytes(bytes.size()));
  EXPECT_EQ(requests("/files/"), before) << "it is there";

  writer_->prune({0s, 0s});
  Double::write(double_->folder() / "files/net.hef", some_bytes(300'000, 2));
  try {
    registry_->download(source, ignore, {});
    ADD_FAILURE() << "another file under the same URL";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("digest mismatch"));
  }
}

TEST_F(RegistryTest, AFileThatTellsNoLengthOrIsElsewhereComesToo) {
  const std::string bytes = some_bytes(300'000);
  Double::write(double_->folder() / "files/net.onnx", bytes);
  const std::string digest = "sha256:" + sha256_hex(bytes);
  const auto ignore = [](const TransferProgress&) {};
  double_->set({{"lengths", false}, {"ranges", false}});
  EXPECT_EQ(registry_->download({double_->url("/files/net.onnx"), {}, digest}, ignore, {}).digest,
            digest);
  double_->set({{"lengths", true}, {"ranges", true}, {"redirect", "cross"}});
  Double::write(double_->folder() / "files/b.onnx", "more");
  registry_->download({double_->url("/files/b.onnx"), ByteSize::bytes(4), {}}, ignore, {});
  EXPECT_THROW(
      registry_->download({double_->url("/files/b.onnx?x"), ByteSize::bytes(5), {}}, ignore, {}),
      Error);
  EXPECT_THROW(registry_->download({"http://example.org/x", {}, {}}, ignore, {}), Error);
  EXPECT_THROW(registry_->download({"file:///etc/passwd", {}, {}}, ignore, {}), Error);
}

}  // namespace
}  // namespace hailstone::core
