// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::kInternal, "SHA-256 is not available");
  }
  return to_hex({reinterpret_cast<const char*>(hash.data()), size});
}

std::optional<std::string> find_digest_hex(std::string_view digest) {
  constexpr std::string_view kPrefix = "sha256";
  constexpr std::size_t kHexDigits = 64;
  if (digest.size() != kPrefix.size() + 1 + kHexDigits || !digest.starts_with(kPrefix) ||
      (digest[kPrefix.size()] != ':' && digest[kPrefix.size()] != '-')) {
    return std::nullopt;
  }
  std::string hex = to_lower(digest.substr(kPrefix.size() + 1));
  const bool all_hex = std::all_of(hex.begin(), hex.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!all_hex) return std::nullopt;
  return hex;
}

std::optional<std::filesystem::path> find_blob_path(const std::filesystem::path& root,
                                                    std::string_view digest) {
  const auto hex = find_digest_hex(digest);
  if (!hex) return std::nullopt;
  return root / "blobs" / ("sha256-" + *hex);
}

}  // namespace hailstone::core
