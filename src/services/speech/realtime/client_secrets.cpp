// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/client_secrets.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::realtime {
namespace {

/// Nobody guesses it: 32 bytes of the kernel's.
std::string make_secret() {
  std::random_device kernel("/dev/urandom");
  std::string bytes;
  for (int i = 0; i < 8; ++i) {
    const unsigned word = kernel();
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<char>(word >> shift & 0xFFU));
  }
  return "ek_" + to_hex(bytes);
}

}  // namespace

ClientSecret ClientSecrets::make(std::chrono::seconds life, std::string settings) {
  ClientSecret secret{make_secret(), clock_.wall() + life, std::move(settings)};
  const std::lock_guard lock(mutex_);
  sweep();
  secrets_[secret.value] = secret;
  return secret;
}

std::optional<ClientSecret> ClientSecrets::find(std::string_view value) const {
  const std::lock_guard lock(mutex_);
  const auto found = secrets_.find(value);
  if (found == secrets_.end() || found->second.expires <= clock_.wall()) return std::nullopt;
  return found->second;
}

void ClientSecrets::sweep() {
  const auto now = clock_.wall();
  std::erase_if(secrets_, [now](const auto& entry) { return entry.second.expires <= now; });
  if (secrets_.size() < kMost) return;
  const auto oldest = std::min_element(
      secrets_.begin(), secrets_.end(),
      [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; });
  secrets_.erase(oldest);
}

}  // namespace hailstone::realtime
