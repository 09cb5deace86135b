// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The certificate of the HTTPS listeners and its key, read anew when the files change.

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "http/server.hpp"

namespace hailstone::http {

/// Not thread-safe.
class TlsIdentity {
 public:
  /// Throws Error(kBadRequest) that names the file for what cannot be read or does not fit.
  explicit TlsIdentity(TlsFiles files);

  /// For a new connection; shared with those that began with it. Looks whether the files have
  /// changed. New ones that cannot be used leave the old ones in force, and are logged once.
  std::shared_ptr<boost::asio::ssl::context> context();

 private:
  struct Times {
    std::filesystem::file_time_type certificate;
    std::filesystem::file_time_type key;
    bool operator==(const Times&) const = default;
  };
  Times times() const;

  const TlsFiles files_;
  Times seen_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace hailstone::http
