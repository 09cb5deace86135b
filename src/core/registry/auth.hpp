// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a registry lets us in: it names a realm, we sign a request to it with this machine's ed25519
// key, and it gives a token.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::core {

/// Of a header "WWW-Authenticate: Bearer realm="...",service="...",scope="..."".
struct Challenge {
  std::string realm;
  std::string service;
  std::string scope;
};

/// Nothing for another scheme or without a realm.
std::optional<Challenge> find_challenge(std::string_view header);

/// The URL that the realm is asked at; the same every time for the same arguments.
std::string token_url(const Challenge& challenge, long long unix_seconds, const std::string& nonce);

/// An ed25519 key pair. Immutable.
class SigningKey {
 public:
  /// Reads OpenSSH's format without a passphrase (Ollama's own key) or PEM; makes a new PEM file,
  /// readable by its owner alone, where there is none. Throws Error(kEngineFailed) for a file that
  /// is neither, and as disk_error() does.
  explicit SigningKey(const std::filesystem::path& file);
  ~SigningKey();

  /// "<public key as ssh-ed25519>:<signature of the text>", both in base64.
  std::string sign(const std::string& text) const;
  /// As in authorized_keys: "ssh-ed25519 AAAA...".
  std::string public_key() const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
};

/// What the realm wants as Authorization for a GET of that URL.
std::string sign_request(const SigningKey& key, const std::string& url);

}  // namespace hailstone::core
