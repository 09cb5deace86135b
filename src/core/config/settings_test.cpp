// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "core/config/nearest.hpp"
#include "core/config/store_roots.hpp"

namespace hailstone::core {
namespace {

using std::filesystem::path;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    std::filesystem::create_directories(folder_);
    input_.environment = {{"HOME", "/home/ann"}};
    input_.etc = folder_ / "etc";
  }
  ~SettingsTest() override { std::filesystem::remove_all(folder_); }

  path write(const std::string& content, const std::string& name = "hailstone.toml") {
    const path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << content;
    return file;
  }

  void use_file(const std::string& content) { input_.flags["config"] = {write(content).string()}; }

  std::string source(const std::string& name) const {
    for (const Effective& one : load_settings(input_).effective) {
      if (one.name == name) return one.source;
    }
    return "no such setting";
  }

  /// The whole complaint: message and detail.
  std::string complaint() const {
    try {
      load_settings(input_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      return std::string(error.what()) + " | " + error.detail();
    }
    return "accepted";
  }

  ConfigInput input_;
  const path folder_ = std::filesystem::temp_directory_path() /
                       ("hailstone-config-test-" + std::to_string(::getpid()));
};

TEST_F(SettingsTest, DefaultsListenOnLoopbackOnly) {
  const Settings settings = load_settings(input_);
  EXPECT_THAT(settings.listen, ElementsAre(Endpoint{"127.0.0.1", 11434}));
  EXPECT_THAT(settings.extra_ports,
              ElementsAre(Endpoint{"127.0.0.1", 8080}, Endpoint{"127.0.0.1", 8081},
                          Endpoint{"127.0.0.1", 8082}, Endpoint{"127.0.0.1", 8083}));
  EXPECT_EQ(settings.home, "/home/ann/.local/state/hailstone");
  EXPECT_LT(settings.keep_alive, 0s);
  EXPECT_EQ(settings.load_timeout, 5min);
  EXPECT_EQ(settings.max_queue, 512);
  EXPECT_EQ(settings.log_level, "info");
  EXPECT_FALSE(settings.public_without_key);
  EXPECT_TRUE(settings.api_key.empty());
  EXPECT_FALSE(settings.file);
  EXPECT_EQ(settings.effective.size(), setting_table().size());
}

TEST_F(SettingsTest, AFlagBeatsOurVariableBeatsOllamasBeatsTheFileBeatsTheDefault) {
  EXPECT_EQ(source("keep_alive"), "default");
  use_file("# a comment\nkeep_alive = '1m'\n");
  EXPECT_EQ(source("keep_alive"), (folder_ / "hailstone.toml").string() + ":2");
  EXPECT_EQ(load_settings(input_).keep_alive, 1min);
  input_.environment["OLLAMA_KEEP_ALIVE"] = "2m";
  EXPECT_EQ(source("keep_alive"), "OLLAMA_KEEP_ALIVE");
  EXPECT_EQ(load_settings(input_).keep_alive, 2min);
  input_.environment["HAILSTONE_KEEP_ALIVE"] = "3m";
  EXPECT_EQ(source("keep_alive"), "HAILSTONE_KEEP_ALIVE");
  EXPECT_EQ(load_settings(input_).keep_alive, 3min);
  input_.flags["keep_alive"] = {"4m"};
  EXPECT_EQ(source("keep_alive"), "flag --keep-alive");
  EXPECT_EQ(load_settings(input_).keep_alive, 4min);
}

TEST_F(SettingsTest, AGivenListenOpensNoOtherPort) {
  input_.flags["listen"] = {"127.0.0.1:1", "[::1]:2"};
  input_.environment["HAILSTONE_EXTRA_PORTS"] = "8080";
  const Settings settings = load_settings(input_);
  EXPECT_THAT(settings.listen, ElementsAre(Endpoint{"127.0.0.1", 1}, Endpoint{"::1", 2}));
  EXPECT_TRUE(settings.extra_ports.empty());
  EXPECT_EQ(source("extra_ports"), "none beside listen");
}

TEST_F(SettingsTest, ExtraPortsCanBeMovedOrTurnedOff) {
  use_file("extra_ports = [9000, '127.0.0.2:9001']\n");
  EXPECT_THAT(load_settings(input_).extra_ports,
              ElementsAre(Endpoint{"127.0.0.1", 9000}, Endpoint{"127.0.0.2", 9001}));
  input_.environment["HAILSTONE_EXTRA_PORTS"] = "none";
  EXPECT_TRUE(load_settings(input_).extra_ports.empty());
}

TEST_F(SettingsTest, APublicAddressNeedsAKeyOrAnExplicitWord) {
  input_.environment["OLLAMA_HOST"] = "0.0.0.0";
  EXPECT_THAT(complaint(), HasSubstr("0.0.0.0:11434"));
  EXPECT_THAT(complaint(), HasSubstr("HAILSTONE_API_KEY"));
  EXPECT_THAT(complaint(), HasSubstr("--public"));
  input_.flags["public"] = {"true"};
  EXPECT_EQ(complaint(), "accepted");
  input_.flags.clear();
  input_.environment["HAILSTONE_API_KEY"] = "one, two";
  EXPECT_THAT(load_settings(input_).api_key, ElementsAre("one", "two"));
}

TEST_F(SettingsTest, NeverShowsAKey) {
  input_.environment["HAILSTONE_API_KEY"] = "hunter2";
  for (const Effective& one : load_settings(input_).effective) {
    EXPECT_EQ(one.value.find("hunter2"), std::string::npos);
    if (one.name == "api_key") {
      EXPECT_EQ(one.value, "********");
    }
  }
}

TEST_F(SettingsTest, NamesTheLineTheSettingAndWhatWouldWork) {
  const std::string file = (folder_ / "hailstone.toml").string();
  use_file("\n\nthreads = 'many'\n");
  EXPECT_THAT(complaint(), StartsWith(file + ":3: threads: 'many' is not a whole number"));
  use_file("keep_alive = 'soon'\n");
  EXPECT_THAT(complaint(), HasSubstr("1h30m"));
  use_file("log_level = 'loud'\n");
  EXPECT_THAT(complaint(), HasSubstr("debug, info, warning, error"));
  use_file("max_queue = -1\n");
  EXPECT_THAT(complaint(), StartsWith(file + ":1: max_queue: '-1' is not"));
  use_file("listen = 'nowhere:port'\n");
  EXPECT_THAT(complaint(), StartsWith(file + ":1: listen: 'nowhere:port' is not an address"));
  input_.environment["HAILSTONE_PUBLIC"] = "perhaps";
  use_file("");
  EXPECT_THAT(complaint(), StartsWith("HAILSTONE_PUBLIC: public: 'perhaps'"));
}

TEST_F(SettingsTest, HttpsNeedsItsFilesAndHttpDoesNot) {
  EXPECT_TRUE(load_settings(input_).tls_cert.empty());
  use_file("tls_listen = ['127.0.0.1:11443']\ntls_cert = '/etc/tls.pem'\n");
  EXPECT_THAT(complaint(), StartsWith("tls_listen needs tls_key"));
  use_file(
      "tls_listen = ['127.0.0.1:11443']\ntls_cert = '/etc/tls.pem'\ntls_key = '/etc/tls.key'\n");
  EXPECT_EQ(load_settings(input_).tls_cert, path("/etc/tls.pem"));
}

TEST_F(SettingsTest, HeatLimitsThatCrossAreRefused) {
  use_file("heat_soft_limit = 85\n");
  EXPECT_THAT(complaint(), StartsWith("heat_soft_limit: 85 is above heat_hard_limit, 80"));
  use_file("heat_soft_limit = 85\nheat_hard_limit = 0\n");
  EXPECT_EQ(load_settings(input_).heat_soft_limit, 85);
  use_file("heat_soft_limit = 70\nheat_hard_limit = 70\n");
  EXPECT_EQ(load_settings(input_).heat_hard_limit, 70);
}

TEST_F(SettingsTest, UnknownKeysNameTheNearestOne) {
  use_file("home = '/tmp/x'\nkeepalive = '5m'\n");
  EXPECT_THAT(complaint(), HasSubstr(":2: unknown setting 'keepalive'; did you mean 'keep_alive'"));
  use_file("[server]\nlisten = '127.0.0.1:1'\n");
  EXPECT_THAT(complaint(), HasSubstr("unknown setting 'server'"));
}

TEST_F(SettingsTest, BrokenAndMissingFilesAreRefused) {
  use_file("threads = 1\nthreads == 2\n");
  EXPECT_THAT(complaint(), HasSubstr("hailstone.toml:2: "));
  use_file("threads = { a = 1 }\n");
  EXPECT_THAT(complaint(), HasSubstr("threads: a text, a whole number or a truth value expected"));
  use_file("home = ''\n");
  EXPECT_THAT(complaint(), HasSubstr("home: '' is not a single value"));
  use_file("threads = [1, 2]\n");
  EXPECT_THAT(complaint(), HasSubstr("threads: '1,2' is not a single value"));
  for (const path& file : {folder_ / "none.toml", folder_}) {
    input_.flags["config"] = {file.string()};
    EXPECT_THAT(complaint(), HasSubstr("cannot be read"));
  }
}

TEST_F(SettingsTest, TheUsersFileComesBeforeTheMachines) {
  const path machine = write("threads = 1\n", "etc/hailstone/hailstone.toml");
  EXPECT_EQ(load_settings(input_).file, machine);
  const path user = write("threads = 2\n", "user/hailstone/hailstone.toml");
  input_.environment["XDG_CONFIG_HOME"] = (folder_ / "user").string();
  EXPECT_EQ(load_settings(input_).file, user);
  EXPECT_EQ(load_settings(input_).threads, 2);
  input_.environment["HAILSTONE_CONFIG"] = machine.string();
  EXPECT_EQ(load_settings(input_).file, machine);
}

TEST_F(SettingsTest, OllamasVariablesMeanWhatTheyMeanThere) {
  input_.environment["OLLAMA_HOST"] = " 'http://127.0.0.1:1234' ";
  input_.environment["OLLAMA_MODELS"] = "/srv/a:/srv/b";
  input_.environment["OLLAMA_KEEP_ALIVE"] = "300";
  input_.environment["OLLAMA_LOAD_TIMEOUT"] = "0";
  input_.environment["HAILSTONE_STALL_TIMEOUT"] = "0";
  input_.environment["OLLAMA_ORIGINS"] = "http://a, http://b";
  input_.environment["OLLAMA_NUM_PARALLEL"] = "";
  input_.environment["OLLAMA_DEBUG"] = "1";
  const Settings settings = load_settings(input_);
  EXPECT_THAT(settings.listen, ElementsAre(Endpoint{"127.0.0.1", 1234}));
  EXPECT_THAT(settings.models, ElementsAre(path("/srv/a"), path("/srv/b")));
  EXPECT_EQ(settings.keep_alive, 300s);
  EXPECT_GT(settings.load_timeout, 24h);
  EXPECT_GT(settings.stall_timeout, 24h);
  EXPECT_THAT(settings.origins, ElementsAre("http://a", "http://b"));
  EXPECT_EQ(settings.num_parallel, 0);
  EXPECT_EQ(settings.log_level, "debug");
}

TEST_F(SettingsTest, MemoryIsAnAmountAPartOrAutomatic) {
  const ByteSize whole = ByteSize::gib(8);
  const ByteSize automatic = ByteSize::gib(6);
  const auto limit = [&] { return load_settings(input_).memory_limit.resolve(whole, automatic); };
  EXPECT_EQ(limit(), automatic);
  EXPECT_EQ(load_settings(input_).npu_memory.resolve(whole, automatic), ByteSize::gib(8));
  input_.environment["HAILSTONE_MEMORY_LIMIT"] = "512MiB";
  EXPECT_EQ(limit(), ByteSize::mib(512));
  input_.environment["HAILSTONE_MEMORY_LIMIT"] = "25%";
  EXPECT_EQ(limit(), ByteSize::gib(2));
  EXPECT_EQ(to_string(load_settings(input_).memory_limit), "25%");
  for (const char* bad : {"101%", "-1%", "much", "%", "5%%"}) {
    input_.environment["HAILSTONE_MEMORY_LIMIT"] = bad;
    EXPECT_THAT(complaint(), StartsWith("HAILSTONE_MEMORY_LIMIT: memory_limit: ")) << bad;
  }
}

TEST_F(SettingsTest, HomeFollowsSystemdThenXdgThenHome) {
  input_.environment["XDG_STATE_HOME"] = "/state";
  EXPECT_EQ(load_settings(input_).home, "/state/hailstone");
  input_.environment["STATE_DIRECTORY"] = "/var/lib/hailstone:/var/lib/other";
  EXPECT_EQ(load_settings(input_).home, "/var/lib/hailstone");
  EXPECT_EQ(source("home"), "STATE_DIRECTORY");
  use_file("home = '~/ai'\n");
  EXPECT_EQ(load_settings(input_).home, "/home/ann/ai");
  input_.flags.clear();
  input_.environment.clear();
  EXPECT_THAT(complaint(), HasSubstr("--home"));
}

TEST_F(SettingsTest, WhatWouldDoNothingIsRefused) {
  input_.environment["HAILSTONE_KEEPALIVE"] = "5m";
  EXPECT_THAT(complaint(), HasSubstr("did you mean HAILSTONE_KEEP_ALIVE?"));
  input_.environment.erase("HAILSTONE_KEEPALIVE");
  for (const char* harmless :
       {"HAILSTONE_HOST", "HAILSTONE_DEBIAN_MIRROR", "HAILSTONE_TEST_ASSETS", "HAILSTONES"}) {
    input_.environment[harmless] = "x";
  }
  EXPECT_NO_THROW(load_settings(input_));
  for (const char* none : {"0", "0%", "0GiB"}) {
    input_.environment["HAILSTONE_MEMORY_LIMIT"] = none;
    EXPECT_THAT(complaint(), HasSubstr("memory_limit: with no memory")) << none;
  }
  input_.environment.erase("HAILSTONE_MEMORY_LIMIT");
  input_.environment["HAILSTONE_ORIGINS"] = "http://a.example,bad";
  EXPECT_THAT(complaint(), HasSubstr("origins: 'bad' is not a web origin"));
  input_.environment["HAILSTONE_ORIGINS"] = "http://a.example,app://*,*,chrome-extension://x";
  EXPECT_NO_THROW(load_settings(input_));
}

TEST(Setting, EveryOneHasAFlagOrIsASecretWithAVariable) {
  for (const Setting& setting : setting_table()) {
    EXPECT_EQ(flag_of(setting).empty(), setting.secret) << setting.name;
    EXPECT_THAT(variable_of(setting), StartsWith("HAILSTONE_"));
  }
}

/// The manual's table as the code would write it.
std::string manual_row(const Setting& setting) {
  const auto code = [](const std::string& text) { return text.empty() ? "" : "`" + text + "`"; };
  const std::string alias(setting.alias);
  return "| " + code(std::string(setting.name)) + " | " + code(flag_of(setting)) + " | " +
         code(variable_of(setting)) + (alias.empty() ? "" : ", " + code(alias)) + " | " +
         code(std::string(setting.fallback)) + " | " + std::string(setting.help) + " |\n";
}

TEST(Setting, TheManualListsEveryOneAsItIs) {
  std::ostringstream manual;
  manual << std::ifstream(HAILSTONE_MANUAL).rdbuf();
  for (const Setting& setting : setting_table()) {
    const std::string row = manual_row(setting);
    EXPECT_NE(manual.str().find(row), std::string::npos) << "the manual lacks: " << row;
  }
}

TEST(Nearest, FindsSlipsAndNothingElse) {
  const std::vector<std::string> names = {"listen", "keep_alive", "threads"};
  EXPECT_EQ(find_nearest("lisen", names), "listen");
  EXPECT_EQ(find_nearest("thread", names), "threads");
  EXPECT_EQ(find_nearest("zzz", names), std::nullopt);
}

TEST(StoreRoots, TheWritableOneIsFirstAndNoneComesTwice) {
  Settings settings;
  settings.home = "/state";
  Environment environment = {{"HOME", "/home/ann"}, {"XDG_DATA_DIRS", "/opt/share:/usr/share:rel"}};
  EXPECT_THAT(
      store_roots(settings, environment, "/opt/bin/hailstone"),
      ElementsAre(path("/state/models"), path("/opt/share/hailstone/models"),
                  path("/usr/share/hailstone/models"), path("/home/ann/.ollama/models"),
                  path("/var/lib/ollama/models"), path("/usr/share/ollama/.ollama/models")));
  settings.models = {"/srv/models", "/home/ann/.ollama/models"};
  EXPECT_THAT(
      store_roots(settings, {}, {}),
      ElementsAre(path("/srv/models"), path("/home/ann/.ollama/models"),
                  path("/usr/local/share/hailstone/models"), path("/usr/share/hailstone/models"),
                  path("/var/lib/ollama/models"), path("/usr/share/ollama/.ollama/models")));
}

TEST(CatalogFolders, TheUsersOwnIsFirst) {
  Settings settings;
  settings.home = "/state";
  EXPECT_THAT(
      catalog_folders(settings, {{"XDG_DATA_DIRS", "/opt/share"}}, "/build/bin/hailstone"),
      ElementsAre(path("/state/catalog"), path("/opt/share/hailstone/catalog"),
                  path("/usr/share/hailstone/catalog"), path("/build/share/hailstone/catalog")));
}

}  // namespace
}  // namespace hailstone::core
