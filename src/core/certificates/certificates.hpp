// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Certificates for HTTPS in a local network: an authority of one's own, which phones and browsers
// are told to trust, and server certificates that it signs.

#include <chrono>
#include <string>
#include <vector>

namespace hailstone::core {

/// Both in PEM; the key without a password.
struct Certificate {
  std::string certificate;
  std::string key;
};

/// Whether it may be in a certificate: a host name, with "*" for its first part, or an IP address.
bool is_certificate_name(const std::string& name);

/// Signs others and nothing else; its key has never been anywhere else. Throws Error(kInternal)
/// where OpenSSL fails.
Certificate make_authority(const std::string& name, std::chrono::days valid);

/// For a server with these names, of which there is at least one. The certificate is followed by
/// the authority's. Throws Error(kBadRequest) for a name that is none and for an authority that
/// cannot be read, Error(kInternal) where OpenSSL fails.
Certificate make_server_certificate(const Certificate& authority,
                                    const std::vector<std::string>& names, std::chrono::days valid);

/// What people compare by eye: SHA-256 of the first certificate, in pairs of hexadecimal digits.
/// Throws Error(kBadRequest) where there is none.
std::string fingerprint(const std::string& certificate);

}  // namespace hailstone::core
