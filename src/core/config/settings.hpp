// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The settings of the program: one table that the flags, the variables, the configuration file, the
// help and the manual are made of, and the typed values that come out of it.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/endpoint.hpp"
#include "core/config/environment.hpp"
#include "core/config/memory_amount.hpp"

namespace hailstone::core {

/// A setting as `hailstone config` shows it. Secrets are masked already.
struct Effective {
  std::string name;
  std::string value;
  std::string source;  ///< "flag --listen", "OLLAMA_HOST", "/etc/hailstone/hailstone.toml:12"
};

/// A value; paths are absolute.
struct Settings {
  std::vector<Endpoint> listen;
  std::vector<Endpoint> extra_ports;  ///< may be taken: a warning, not a failure
  std::filesystem::path home;
  std::vector<std::filesystem::path> models;    ///< the first is written to; empty: see store_roots
  std::chrono::nanoseconds keep_alive{-1};      ///< negative: for ever
  std::chrono::nanoseconds max_keep_alive{-1};  ///< negative: no limit
  std::chrono::nanoseconds load_timeout{};      ///< never zero or negative
  std::chrono::nanoseconds stall_timeout{};     ///< as load_timeout
  MemoryAmount memory_limit;                    ///< what models may take, of the machine's
  MemoryAmount npu_memory;                      ///< what they may take of the accelerator's
  std::chrono::nanoseconds memory_wait{};       ///< for memory that is in use
  int max_loaded_models = 0;                    ///< 0: as many as fit
  std::vector<std::string> pin;                 ///< names of models; so is the next
  std::vector<std::string> preload;   ///< "last": what was loaded when the service stopped
  std::vector<std::string> services;  ///< that are offered; empty: all
  int context_length = 0;             ///< this and the next two, 0: the engine decides
  int num_parallel = 0;
  int threads = 0;
  int max_queue = 0;
  std::vector<Endpoint> wyoming;  ///< may be taken, as extra_ports
  std::string wyoming_model;      ///< who answers there; empty: the default
  std::vector<Endpoint> tls_listen;
  std::filesystem::path tls_cert;
  std::filesystem::path tls_key;
  bool tls_redirect = false;
  int max_connections = 0;
  int max_per_address = 0;
  std::vector<std::string> trusted_proxies;
  int max_sessions = 0;
  int jobs = 0;             ///< that run at once
  int heat_soft_limit = 0;  ///< this and the next in degrees Celsius; 0: none
  int heat_hard_limit = 0;
  std::vector<std::string> api_key;
  bool public_without_key = false;
  bool no_prune = false;
  std::chrono::nanoseconds keep_responses{};  ///< zero: none is kept
  int responses_mb = 0;                       ///< what all of them may take
  int prompt_cache_mb = 0;                    ///< on the disk, of all models; zero: none is kept
  std::vector<std::string> picture_hosts;     ///< where pictures may be fetched from
  std::vector<std::string> webhook_hosts;     ///< who may be told of the end of jobs
  bool people = false;                        ///< whether faces may be remembered
  std::vector<std::string> origins;
  std::vector<std::string> hosts;
  std::filesystem::path engine_runtime;
  std::string fallback;                 ///< "none", "cpu"
  std::string hailo;                    ///< "auto", "off", "stand-in"
  std::filesystem::path hailo_library;  ///< empty: where it usually is
  std::string log_level;

  std::optional<std::filesystem::path> file;  ///< the configuration file that was read
  std::vector<Effective> effective;           ///< in the order of the table
};

/// What the type of a setting is, and where its value goes.
using SettingTarget =
    std::variant<std::vector<Endpoint> Settings::*, std::filesystem::path Settings::*,
                 std::vector<std::filesystem::path> Settings::*,
                 std::chrono::nanoseconds Settings::*, MemoryAmount Settings::*, int Settings::*,
                 std::vector<std::string> Settings::*, bool Settings::*, std::string Settings::*>;

struct Setting {
  std::string_view name;  ///< in the file: "keep_alive"
  SettingTarget target;
  std::string_view form;      ///< of a value, for people: "HOST:PORT"; choices are "a|b|c"
  std::string_view fallback;  ///< the default as text; lists with commas
  std::string_view alias;     ///< Ollama's variable; empty: none
  std::string_view help;
  int min = 0;  ///< of an integer, as the next
  int max = 0;
  std::uint16_t port = 11434;  ///< of an address that names none
  bool secret = false;         ///< never printed, and no flag: flags show in the process list
};

std::span<const Setting> setting_table() noexcept;
/// "--keep-alive"; empty for a secret.
std::string flag_of(const Setting& setting);
/// "HAILSTONE_KEEP_ALIVE".
std::string variable_of(const Setting& setting);
bool is_list(const Setting& setting) noexcept;

struct ConfigInput {
  /// By the setting's name, all values in order; "config" names the file.
  std::map<std::string, std::vector<std::string>> flags;
  Environment environment;
  std::filesystem::path etc = "/etc";
};

/// Flag, then HAILSTONE_ variable, then Ollama's variable, then the file, then the default. Throws
/// Error(kBadRequest) that names the setting, where the bad value stands and what would work.
Settings load_settings(const ConfigInput& input);

}  // namespace hailstone::core
