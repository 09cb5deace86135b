// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The same server over HTTPS.

#include <gmock/gmock.h>

#include <fstream>

#include "http/testing/test_server.hpp"
#include "http/testing/tls_client.hpp"
#include "http/testing/web_socket_client.hpp"

namespace hailstone::http {
namespace fs = std::filesystem;
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TestServer;
using testing::TlsClient;
using testing::write_certificate;

const std::string kVersion = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n";

class ServerTls : public ::testing::Test {
 protected:
  ServerTls() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("hailstone-tls-" + std::to_string(::getpid()) + "-" + info->name());
    fs::create_directories(folder_);
    options_.tls = {folder_ / "cert.pem", folder_ / "key.pem"};
    options_.tls_listen = {{"127.0.0.1", 0}};
    write_certificate(options_.tls, "first");
  }
  ~ServerTls() override { fs::remove_all(folder_); }

  static std::uint16_t port(TestServer& server) {
    return server.server().tls_endpoints().front().port;
  }

  fs::path folder_;
  ServerOptions options_;
};

TEST_F(ServerTls, AnswersSeveralRequestsOfAConnection) {
  TestServer server(options_);
  TlsClient client(port(server));
  ASSERT_TRUE(client.is_connected);
  for (int i = 0; i < 3; ++i) {
    client.send(kVersion);
    EXPECT_THAT(client.read_until("{\"version\":\"1\"}"), StartsWith("HTTP/1.1 200 OK"));
  }
  const std::string body(90'000, 'b');
  client.send("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n" + body);
  EXPECT_THAT(client.read_until(body), EndsWith("\r\n\r\nx||" + body));
}

TEST_F(ServerTls, SendsThoseWhoComeWithoutItThere) {
  options_.redirect_to_https = true;
  options_.trusted_proxies.clear();  // else we are one
  options_.api_keys = {"secret"};
  TestServer server(options_);
  const auto reply = server.connect().ask(
      "POST /echo/x%20y?a=b HTTP/1.1\r\nHost: localhost:1234\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.status, 308);
  EXPECT_EQ(reply.header("location"),
            "https://localhost:" + std::to_string(port(server)) + "/echo/x%20y?a=b");
  TlsClient client(port(server));
  client.send(kVersion);
  EXPECT_THAT(client.read_until("}"), StartsWith("HTTP/1.1 401 "));
}

TEST_F(ServerTls, ThisMachineAndProxiesAreNotSentThere) {
  options_.redirect_to_https = true;
  TestServer server(options_);
  EXPECT_EQ(server.connect().ask(kVersion).status, 200);
}

TEST_F(ServerTls, SendsMuchAndSaysGoodbye) {
  TestServer server(options_);
  TlsClient client(port(server));
  client.send("GET /large?size=3000000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto reply = client.read(SIZE_MAX);
  EXPECT_EQ(reply.size() - reply.find("\r\n\r\n") - 4, 3'000'000U);
  EXPECT_TRUE(client.is_ended_well());
  client.close();
  EXPECT_TRUE(server.wait_for_figure("hailstone_http_connections 0"));
}

TEST_F(ServerTls, SpeaksWebSocketAsWell) {
  TestServer server(options_);
  TlsClient client(port(server));
  client.send(testing::WebSocketClient::request("/socket"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
  client.send(testing::frame(testing::kText, "hello"));
  EXPECT_EQ(client.read(7), "\x81\x05hello");
}

TEST_F(ServerTls, TellsPlainHttpWhereItIs) {
  TestServer server(options_);
  RawClient client(port(server));
  const auto reply = client.ask(kVersion);
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("this port speaks HTTPS"));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTls, SurvivesWhatIsNoHandshake) {
  TestServer server(options_);
  for (const std::string data : {"", "\x16", "\x16\x03\x01", "\x16nonsense\r\n\r\n"}) {
    RawClient client(port(server));
    client.send(data);
    client.close();
  }
  TlsClient client(port(server));
  client.send(kVersion);
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerTls, UsesANewCertificateAndKeepsTheOldOneWhereThatIsBroken) {
  TestServer server(options_);
  EXPECT_EQ(TlsClient(port(server)).name(), "first");
  write_certificate(options_.tls, "second");
  EXPECT_EQ(TlsClient(port(server)).name(), "second");
  std::ofstream(options_.tls.key) << "no key";
  EXPECT_EQ(TlsClient(port(server)).name(), "second");
  write_certificate(options_.tls, "third");
  EXPECT_EQ(TlsClient(port(server)).name(), "third");
}

TEST_F(ServerTls, NamesAFileThatCannotBeUsed) {
  std::ofstream(options_.tls.key) << "no key";
  try {
    const TestServer server(options_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("key.pem as its key"));
    EXPECT_THAT(error.detail(), HasSubstr("PEM"));
  }
}

TEST_F(ServerTls, EndsWhenTheServerDrains) {
  TestServer server(options_);
  TlsClient idle(port(server));
  idle.send(kVersion);
  EXPECT_THAT(idle.read_until("{\"version\":\"1\"}"), StartsWith("HTTP/1.1 200 OK"));
  RawClient silent(port(server));  // never begins its handshake
  std::thread drain([&] { server.server().drain(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.read(1), "");
  EXPECT_TRUE(idle.is_ended_well());
  idle.close();
  drain.join();
}

}  // namespace
}  // namespace hailstone::http
