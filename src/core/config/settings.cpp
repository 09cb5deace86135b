// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/settings.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/config/config_file.hpp"
#include "core/config/nearest.hpp"
#include "core/config/values.hpp"

namespace hailstone::core {
namespace {

using FileValues = std::map<std::string, Given>;

constexpr std::chrono::hours kNoLimit{24 * 365 * 10};

#if defined(__aarch64__)
constexpr std::string_view kArch = "arm64";
#else
constexpr std::string_view kArch = "amd64";
#endif

std::optional<std::filesystem::path> find_config_file(const ConfigInput& input) {
  if (const auto flag = input.flags.find("config"); flag != input.flags.end()) {
    return flag->second.back();
  }
  if (const auto named = find_variable(input.environment, "HAILSTONE_CONFIG")) return *named;
  const auto user = find_user_folder(input.environment, "XDG_CONFIG_HOME", ".config");
  for (const auto& folder : {user.value_or(""), (input.etc / "hailstone").string()}) {
    const auto file = std::filesystem::path(folder) / "hailstone.toml";
    std::error_code ignored;
    if (!folder.empty() && std::filesystem::exists(file, ignored)) return file;
  }
  return std::nullopt;
}

Given from_variable(const Setting& setting, const std::string& variable, const std::string& value) {
  if (!is_list(setting)) return Given{{value}, variable};
  // Paths as in PATH, everything else as in OLLAMA_ORIGINS.
  const bool paths =
      std::holds_alternative<std::vector<std::filesystem::path> Settings::*>(setting.target);
  return Given{split(value, paths ? ':' : ','), variable};
}

/// OLLAMA_DEBUG counts up; every other variable of Ollama speaks our language.
std::string translate(const std::string& alias, const std::string& value) {
  if (alias != "OLLAMA_DEBUG") return value;
  const std::string word = to_lower(value);
  return word == "0" || word == "false" ? "info" : "debug";
}

std::optional<Given> find_variables(const Setting& setting, const Environment& environment) {
  const std::string variable = variable_of(setting);
  if (const auto value = find_variable(environment, variable)) {
    return from_variable(setting, variable, *value);
  }
  const std::string alias(setting.alias);
  if (const auto value = find_variable(environment, alias)) {
    return from_variable(setting, alias, translate(alias, *value));
  }
  return std::nullopt;
}

/// systemd names several folders with colons; the first is the unit's own.
std::optional<std::string> find_state_folder(const Environment& environment) {
  const auto state = find_variable(environment, "STATE_DIRECTORY");
  if (!state) return std::nullopt;
  return split(*state, ':').front();
}

/// What the service manager hands over in private (LoadCredential=): a key a line.
std::optional<Given> find_credential(const Setting& setting, const Environment& environment) {
  if (setting.name != "api_key") return std::nullopt;
  const auto folder = find_variable(environment, "CREDENTIALS_DIRECTORY");
  if (!folder) return std::nullopt;
  std::ifstream file(*folder + "/api-key");
  Given given{{}, "credential api-key"};
  for (std::string line; std::getline(file, line);) {
    if (!trim(line).empty()) given.texts.emplace_back(trim(line));
  }
  if (given.texts.empty()) return std::nullopt;
  return given;
}

Given default_home(const Environment& environment) {
  if (const auto state = find_state_folder(environment)) return Given{{*state}, "STATE_DIRECTORY"};
  if (const auto folder = find_user_folder(environment, "XDG_STATE_HOME", ".local/state")) {
    return Given{{*folder}, "default"};
  }
  throw Error(ErrorCode::kBadRequest, "home: neither XDG_STATE_HOME nor HOME is set",
              "Name a folder with --home DIR or HAILSTONE_HOME");
}

Given default_value(const Setting& setting, const Environment& environment) {
  if (setting.name == "home") return default_home(environment);
  const auto state = find_state_folder(environment);
  // A service has the models again that it had before its restart.
  if (setting.name == "preload" && state) return Given{{"last"}, "STATE_DIRECTORY"};
  if (setting.name == "engine_runtime" && state) {
    return Given{{*state + "/engine-runtime"}, "STATE_DIRECTORY"};
  }
  if (setting.name == "engine_runtime") {
    const auto folder = find_user_folder(environment, "XDG_DATA_HOME", ".local/share")
                            .value_or("/var/lib/hailstone");
    return Given{{folder + "/engine-runtime/" + std::string(kArch)}, "default"};
  }
  Given given{{std::string(setting.fallback)}, "default"};
  if (is_list(setting)) given.texts = split(setting.fallback, ',');
  return given;
}

Given find_given(const Setting& setting, const ConfigInput& input, const FileValues& file) {
  const auto flag = input.flags.find(std::string(setting.name));
  if (flag != input.flags.end()) return Given{flag->second, "flag " + flag_of(setting)};
  if (auto variable = find_variables(setting, input.environment)) return *variable;
  if (auto credential = find_credential(setting, input.environment)) return *credential;
  if (const auto found = file.find(std::string(setting.name)); found != file.end()) {
    return found->second;
  }
  return default_value(setting, input.environment);
}

void apply(const Setting& setting, const Given& given, const Environment& environment,
           Settings& settings) {
  const bool none = is_list(setting) && given.texts == std::vector<std::string>{"none"};
  try {
    parse_value(setting, none ? Texts{} : given.texts, environment, settings);
  } catch (const Error& error) {
    throw Error(error.code(), given.source + ": " + std::string(setting.name) + ": " + error.what(),
                error.detail());
  }
  settings.effective.push_back(
      Effective{std::string(setting.name), value_text(setting, settings), given.source});
}

void refuse_open_doors(const Settings& settings) {
  if (!settings.api_key.empty() || settings.public_without_key) return;
  auto endpoints = settings.listen;
  endpoints.insert(endpoints.end(), settings.extra_ports.begin(), settings.extra_ports.end());
  endpoints.insert(endpoints.end(), settings.tls_listen.begin(), settings.tls_listen.end());
  for (const Endpoint& endpoint : endpoints) {
    if (is_loopback(endpoint.host)) continue;
    throw Error(
        ErrorCode::kBadRequest,
        "listen: other machines can reach " + to_string(endpoint) + ", and no API key is set",
        "Set HAILSTONE_API_KEY (or api_key in the file), or allow everybody with --public");
  }
}

void refuse_half_https(const Settings& settings) {
  if (settings.tls_listen.empty()) return;
  for (const auto& [name, file] :
       {std::pair("tls_cert", settings.tls_cert), std::pair("tls_key", settings.tls_key)}) {
    if (!file.empty()) continue;
    throw Error(ErrorCode::kBadRequest, std::string("tls_listen needs ") + name,
                "a file in PEM each: tls_cert for the certificates, tls_key for the key");
  }
}

void refuse_crossed_limits(const Settings& settings) {
  const int soft = settings.heat_soft_limit;
  const int hard = settings.heat_hard_limit;
  if (soft == 0 || hard == 0 || soft <= hard) return;
  throw Error(ErrorCode::kBadRequest,
              "heat_soft_limit: " + std::to_string(soft) + " is above heat_hard_limit, " +
                  std::to_string(hard),
              "Choose one from 0 to " + std::to_string(hard));
}

/// A slip of the finger in a variable would leave a setting as it was, and nobody would know.
void refuse_unknown_variables(const Environment& environment) {
  constexpr std::string_view kPrefix = "HAILSTONE_";
  // The command line's own, and those of the tools and tests: `./run` hands them on.
  constexpr std::string_view kOthers[] = {"HAILSTONE_HOST", "HAILSTONE_CONFIG", "HAILSTONE_BINARY",
                                          "HAILSTONE_SANITIZE"};
  constexpr std::string_view kOtherPrefixes[] = {"HAILSTONE_DEBIAN_", "HAILSTONE_TEST_",
                                                 "HAILSTONE_BENCH_"};
  std::vector<std::string> names;
  for (const Setting& setting : setting_table()) names.push_back(variable_of(setting));
  for (const auto name : kOthers) names.emplace_back(name);
  for (const auto& [name, value] : environment) {
    const bool is_other =
        std::any_of(std::begin(kOtherPrefixes), std::end(kOtherPrefixes),
                    [&](std::string_view prefix) { return name.starts_with(prefix); });
    const bool is_known = std::find(names.begin(), names.end(), name) != names.end();
    if (!name.starts_with(kPrefix) || is_other || is_known) continue;
    const auto nearest = find_nearest(name, names);
    throw Error(ErrorCode::kBadRequest,
                "unknown variable " + name + (nearest ? "; did you mean " + *nearest + "?" : ""),
                "Settings are in `hailstone config`; unset what is none of them");
  }
}

void refuse_no_memory(const Settings& settings) {
  const auto& limit = settings.memory_limit;
  const bool is_none = (limit.size && *limit.size == ByteSize()) || limit.percent == 0.0;
  if (!is_none) return;
  throw Error(ErrorCode::kBadRequest, "memory_limit: with no memory no model can be loaded",
              "Write an amount as 6GiB or 60%, or auto");
}

/// As browsers send them; a part may be '*'.
void refuse_bad_origins(const Settings& settings) {
  for (const std::string& origin : settings.origins) {
    const auto scheme = origin.find("://");
    const bool is_origin = scheme != std::string::npos && scheme > 0 && scheme + 3 < origin.size();
    if (is_origin || origin.find('*') != std::string::npos || origin == "null") continue;
    throw Error(ErrorCode::kBadRequest, "origins: '" + origin + "' is not a web origin",
                "Forms that work: https://example.org, http://192.168.1.5:3000, app://*, *");
  }
}

}  // namespace

Settings load_settings(const ConfigInput& input) {
  Settings settings;
  settings.file = find_config_file(input);
  const FileValues file = settings.file ? read_config_file(*settings.file) : FileValues{};
  bool listen_given = false;
  for (const Setting& setting : setting_table()) {
    Given given = find_given(setting, input, file);
    if (setting.name == "listen") listen_given = given.source != "default";
    // Whoever names an address wants that one and no other.
    const bool is_more =
        setting.name == "extra_ports" || (setting.name == "wyoming" && given.source == "default");
    if (is_more && listen_given) given = Given{{}, "none beside listen"};
    apply(setting, given, input.environment, settings);
  }
  if (settings.listen.empty()) {
    throw Error(ErrorCode::kBadRequest, "listen: no address is given", "--listen 127.0.0.1:11434");
  }
  for (auto* limit : {&settings.load_timeout, &settings.stall_timeout}) {
    if (*limit <= limit->zero()) *limit = kNoLimit;
  }
  refuse_unknown_variables(input.environment);
  refuse_no_memory(settings);
  refuse_bad_origins(settings);
  refuse_crossed_limits(settings);
  refuse_open_doors(settings);
  refuse_half_https(settings);
  return settings;
}

}  // namespace hailstone::core
