// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "core/config/settings.hpp"

namespace hailstone::core {
namespace {

constexpr int kMany = 1'000'000;

constexpr std::array kTable = {
    Setting{.name = "listen",
            .target = &Settings::listen,
            .form = "HOST:PORT",
            .fallback = "127.0.0.1:11434",
            .alias = "OLLAMA_HOST",
            .help = "address that serves everything; when given, no other port opens"},
    Setting{.name = "extra_ports",
            .target = &Settings::extra_ports,
            .form = "HOST:PORT",
            .fallback = "127.0.0.1:8080,127.0.0.1:8081,127.0.0.1:8082,127.0.0.1:8083",
            .alias = {},
            .help = "further addresses with the same routes, unless taken; 'none': no further one"},
    Setting{.name = "home",
            .target = &Settings::home,
            .form = "DIR",
            .fallback = "$XDG_STATE_HOME/hailstone",
            .alias = {},
            .help = "folder of all state: models, database, sockets, logs"},
    Setting{.name = "models",
            .target = &Settings::models,
            .form = "DIR",
            .fallback = "",
            .alias = "OLLAMA_MODELS",
            .help = "folders with models; the first is written to (default: models in home)"},
    Setting{.name = "no_prune",
            .target = &Settings::no_prune,
            .form = "true|false",
            .fallback = "false",
            .alias = "OLLAMA_NOPRUNE",
            .help = "keep files that no model uses; else they go at the start, a day old"},
    Setting{.name = "keep_alive",
            .target = &Settings::keep_alive,
            .form = "DURATION",
            .fallback = "-1",
            .alias = "OLLAMA_KEEP_ALIVE",
            .help = "how long an unused model stays loaded; negative: for ever"},
    Setting{.name = "max_keep_alive",
            .target = &Settings::max_keep_alive,
            .form = "DURATION",
            .fallback = "-1",
            .alias = {},
            .help = "the longest keep_alive that a client gets; negative: no limit"},
    Setting{.name = "load_timeout",
            .target = &Settings::load_timeout,
            .form = "DURATION",
            .fallback = "5m",
            .alias = "OLLAMA_LOAD_TIMEOUT",
            .help = "how long loading a model may take; 0: no limit"},
    Setting{.name = "stall_timeout",
            .target = &Settings::stall_timeout,
            .form = "DURATION",
            .fallback = "15m",
            .alias = {},
            .help = "an inference without a sign of life for so long is stuck; 0: never"},
    Setting{.name = "memory_limit",
            .target = &Settings::memory_limit,
            .form = "SIZE",
            .fallback = "auto",
            .alias = {},
            .help = "memory that loaded models may take: 6GiB, 60%, or auto"},
    Setting{.name = "npu_memory",
            .target = &Settings::npu_memory,
            .form = "SIZE",
            .fallback = "8GiB",
            .alias = {},
            .help = "memory of the accelerator that loaded models may take"},
    Setting{.name = "memory_wait",
            .target = &Settings::memory_wait,
            .form = "DURATION",
            .fallback = "30s",
            .alias = {},
            .help = "how long a load waits for memory that others use before it is refused"},
    Setting{.name = "max_loaded_models",
            .target = &Settings::max_loaded_models,
            .form = "N",
            .fallback = "0",
            .alias = "OLLAMA_MAX_LOADED_MODELS",
            .help = "models in memory at once; 0: as many as fit",
            .max = kMany},
    Setting{.name = "pin",
            .target = &Settings::pin,
            .form = "MODEL",
            .fallback = "",
            .alias = {},
            .help = "models that stay loaded until an operator unloads them"},
    Setting{.name = "preload",
            .target = &Settings::preload,
            .form = "MODEL",
            .fallback = "",
            .alias = {},
            .help = "models to load at the start, in the background"},
    Setting{.name = "context_length",
            .target = &Settings::context_length,
            .form = "TOKENS",
            .fallback = "0",
            .alias = "OLLAMA_CONTEXT_LENGTH",
            .help = "context of a language model; 0: the engine decides",
            .max = 16 * kMany},
    Setting{.name = "num_parallel",
            .target = &Settings::num_parallel,
            .form = "N",
            .fallback = "0",
            .alias = "OLLAMA_NUM_PARALLEL",
            .help = "requests that a model answers at once; 0: the engine decides",
            .max = 1024},
    Setting{.name = "threads",
            .target = &Settings::threads,
            .form = "N",
            .fallback = "0",
            .alias = {},
            .help = "threads of an engine; 0: the engine decides",
            .max = 1024},
    Setting{.name = "max_queue",
            .target = &Settings::max_queue,
            .form = "N",
            .fallback = "512",
            .alias = "OLLAMA_MAX_QUEUE",
            .help = "requests that may wait; the next one is told to come back",
            .max = kMany},
    Setting{.name = "max_connections",
            .target = &Settings::max_connections,
            .form = "N",
            .fallback = "1024",
            .alias = {},
            .help = "open connections of clients",
            .min = 1,
            .max = kMany},
    Setting{.name = "heat_soft_limit",
            .target = &Settings::heat_soft_limit,
            .form = "CELSIUS",
            .fallback = "75",
            .alias = {},
            .help = "temperature at which batch work pauses; 0: no limit",
            .max = 150},
    Setting{.name = "heat_hard_limit",
            .target = &Settings::heat_hard_limit,
            .form = "CELSIUS",
            .fallback = "80",
            .alias = {},
            .help = "temperature at which no new work is taken; 0: no limit",
            .max = 150},
    Setting{.name = "api_key",
            .target = &Settings::api_key,
            .form = "KEY",
            .fallback = "",
            .alias = {},
            .help = "keys, one of which a client has to send; empty: no key is asked for",
            .secret = true},
    Setting{.name = "public",
            .target = &Settings::public_without_key,
            .form = "true|false",
            .fallback = "false",
            .alias = {},
            .help = "allow an address that other machines reach, without a key"},
    Setting{.name = "origins",
            .target = &Settings::origins,
            .form = "ORIGIN",
            .fallback = "",
            .alias = "OLLAMA_ORIGINS",
            .help = "web origins that may call, besides the local ones; '*': all"},
    Setting{.name = "hosts",
            .target = &Settings::hosts,
            .form = "NAME",
            .fallback = "",
            .alias = {},
            .help = "names of this machine in the Host header, besides the local ones; '*': all"},
    Setting{.name = "engine_runtime",
            .target = &Settings::engine_runtime,
            .form = "DIR",
            .fallback = "$XDG_DATA_HOME/hailstone/engine-runtime/ARCH",
            .alias = {},
            .help = "folder that tools/engine-runtime made"},
    Setting{.name = "log_level",
            .target = &Settings::log_level,
            .form = "debug|info|warning|error",
            .fallback = "info",
            .alias = "OLLAMA_DEBUG",
            .help = "what is logged"},
};

}  // namespace

std::span<const Setting> setting_table() noexcept {
  return kTable;
}

std::string flag_of(const Setting& setting) {
  if (setting.secret) return {};
  std::string flag = "--" + std::string(setting.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string variable_of(const Setting& setting) {
  std::string variable = "HAILSTONE_" + std::string(setting.name);
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return variable;
}

bool is_list(const Setting& setting) noexcept {
  return std::holds_alternative<std::vector<Endpoint> Settings::*>(setting.target) ||
         std::holds_alternative<std::vector<std::filesystem::path> Settings::*>(setting.target) ||
         std::holds_alternative<std::vector<std::string> Settings::*>(setting.target);
}

}  // namespace hailstone::core
