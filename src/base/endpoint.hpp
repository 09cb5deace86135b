// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A host and a TCP port, as flags, OLLAMA_HOST and the configuration file name them.

#include <cstdint>
#include <string>
#include <string_view>

namespace hailstone {

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  bool operator==(const Endpoint&) const = default;
};

/// "127.0.0.1:11434", "host", ":8080", "8080", "[::1]:80", "::1", "http://host:port/". Where the
/// text names no port: default_port, or 80 after "http://". Throws Error(kBadRequest).
Endpoint parse_endpoint(std::string_view text, std::uint16_t default_port);

/// "127.0.0.1:11434", "[::1]:80".
std::string to_string(const Endpoint& endpoint);

/// Whether only this machine can reach that address: "localhost", 127.0.0.0/8, ::1.
bool is_loopback(std::string_view host) noexcept;

}  // namespace hailstone
