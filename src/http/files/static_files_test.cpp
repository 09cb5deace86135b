// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/files/static_files.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "core/metrics/metrics.hpp"
#include "http/files/byte_range.hpp"
#include "http/server.hpp"
#include "http/testing/raw_client.hpp"

namespace hailstone::http {
namespace fs = std::filesystem;
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::RawReply;

class StaticFileServer : public ::testing::Test {
 protected:
  StaticFileServer() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("hailstone-static-" + std::to_string(::getpid()) + "-" + info->name());
    fs::create_directories(folder_ / "site/deep");
    write("site/index.html", "<h1>home</h1>");
    write("site/deep/index.html", "deep");
    write("site/app-3FA2B6C7.js", "let x = 1;");
    write("site/app-3FA2B6C7.js.gz", "compressed");
    write("site/data.bin", "0123456789");
    write("site/.hidden", "no");
    write("outside", "secret");
    fs::create_symlink(folder_ / "outside", folder_ / "site/link");
    Router router;
    StaticFiles files;
    files.prefix = "/portal";
    files.folder = folder_ / "site";
    files.headers.add("Content-Security-Policy", "default-src 'self'");
    add_static_files(router, std::move(files));
    ServerOptions options;
    options.listen = {{"127.0.0.1", 0}};
    options.api_keys = {"secret"};  // pages need none
    server_ = std::make_unique<Server>(std::move(options), std::move(router), metrics_);
  }
  ~StaticFileServer() override {
    server_.reset();
    fs::remove_all(folder_);
  }

  void write(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name) << content;
  }
  RawReply get(const std::string& path, const std::string& headers = "",
               const std::string& method = "GET") {
    RawClient client(server_->endpoints().front().port);
    return client.ask(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n",
                      method == "HEAD");
  }

  fs::path folder_;
  core::Metrics metrics_;
  std::unique_ptr<Server> server_;
};

TEST_F(StaticFileServer, SendsFilesWithTheirTypes) {
  const auto home = get("/portal/");
  EXPECT_EQ(home.status, 200);
  EXPECT_EQ(home.body, "<h1>home</h1>");
  EXPECT_EQ(home.header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(home.header("content-length"), "13");
  EXPECT_EQ(home.header("cache-control"), "no-cache");
  EXPECT_EQ(home.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(home.header("content-security-policy"), "default-src 'self'");
  EXPECT_EQ(get("/portal/deep/").body, "deep");
  EXPECT_EQ(get("/portal/data.bin").header("content-type"), "application/octet-stream");
  const auto head = get("/portal/data.bin", "", "HEAD");
  EXPECT_EQ(head.header("content-length"), "10");
}

TEST_F(StaticFileServer, SendsAFolderToItsOwnPath) {
  // Else relative links of the page would lead beside it.
  const auto reply = get("/portal");
  EXPECT_EQ(reply.status, 307);
  EXPECT_EQ(reply.header("location"), "/portal/");
  EXPECT_EQ(get("/portal/deep").header("location"), "/portal/deep/");
}

TEST_F(StaticFileServer, SendsTheCompressedFormToWhoTakesIt) {
  const auto plain = get("/portal/app-3FA2B6C7.js");
  EXPECT_EQ(plain.body, "let x = 1;");
  EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
  EXPECT_EQ(plain.header("cache-control"), "public, max-age=31536000, immutable");
  const auto compressed = get("/portal/app-3FA2B6C7.js", "Accept-Encoding: br, gzip;q=0.8\r\n");
  EXPECT_EQ(compressed.body, "compressed");
  EXPECT_EQ(compressed.header("content-encoding"), "gzip");
  EXPECT_EQ(compressed.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_NE(compressed.header("etag"), plain.header("etag"));
  EXPECT_EQ(get("/portal/app-3FA2B6C7.js", "Accept-Encoding: gzip;q=0\r\n").body, "let x = 1;");
}

TEST_F(StaticFileServer, SaysWhatHasNotChanged) {
  const auto etag = get("/portal/data.bin").header("etag");
  const auto same = get("/portal/data.bin", "If-None-Match: \"x\", W/" + etag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(same.header("etag"), etag);
  EXPECT_EQ(get("/portal/data.bin", "If-None-Match: \"x\"\r\n").status, 200);
  write("site/data.bin", "other");
  EXPECT_EQ(get("/portal/data.bin", "If-None-Match: " + etag + "\r\n").status, 200);
}

TEST_F(StaticFileServer, SendsAPart) {
  const auto part = get("/portal/data.bin", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.header("content-range"), "bytes 2-4/10");
  EXPECT_EQ(part.header("accept-ranges"), "bytes");
  const auto none = get("/portal/data.bin", "Range: bytes=10-\r\nAccept-Encoding: gzip\r\n");
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.header("content-range"), "bytes */10");
  EXPECT_THAT(none.body, HasSubstr("10 bytes"));
  EXPECT_EQ(get("/portal/data.bin", "Range: bytes=2-4\r\nIf-Range: \"old\"\r\n").status, 200);
}

TEST_F(StaticFileServer, HidesWhatIsNotForAll) {
  for (const auto* path :
       {"/portal/nothing", "/portal/.hidden", "/portal/link", "/portal/%2e%2e/outside",
        "/portal/deep%2f..%2f..%2foutside", "/portal/a%2f%2fb", "/portal/data.bin/"}) {
    const auto reply = get(path);
    EXPECT_TRUE(reply.status == 404 || reply.status == 400) << path << " " << reply.status;
  }
}

struct RangeCase {
  const char* header;
  ByteRange::Kind kind;
  std::uint64_t begin;
  std::uint64_t length;
};

class Ranges : public ::testing::TestWithParam<RangeCase> {};

TEST_P(Ranges, AreReadAsTheStandardSays) {
  const auto range = choose_range(GetParam().header, 10);
  EXPECT_EQ(range.kind, GetParam().kind);
  EXPECT_EQ(range.begin, GetParam().begin);
  EXPECT_EQ(range.length, GetParam().length);
}

constexpr auto kAll = ByteRange::Kind::kAll;
constexpr auto kPart = ByteRange::Kind::kPart;
constexpr auto kNone = ByteRange::Kind::kUnsatisfiable;

INSTANTIATE_TEST_SUITE_P(
    All, Ranges,
    ::testing::Values(RangeCase{"", kAll, 0, 10}, RangeCase{"bytes=0-0", kPart, 0, 1},
                      RangeCase{"bytes=0-", kPart, 0, 10}, RangeCase{"bytes=9-99", kPart, 9, 1},
                      RangeCase{"bytes=-3", kPart, 7, 3}, RangeCase{"bytes=-30", kPart, 0, 10},
                      RangeCase{"bytes=10-", kNone, 0, 0}, RangeCase{"bytes=-0", kNone, 0, 0},
                      RangeCase{"bytes=5-2", kAll, 0, 10}, RangeCase{"bytes=0-1,3-4", kAll, 0, 10},
                      RangeCase{"bytes=x-", kAll, 0, 10}, RangeCase{"lines=0-1", kAll, 0, 10},
                      RangeCase{"bytes=99999999999999999999-", kAll, 0, 10},
                      RangeCase{"bytes=0-18446744073709551615", kPart, 0, 10}));

}  // namespace
}  // namespace hailstone::http
