// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/store/blobs/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"

namespace hailstone::core {
namespace {

constexpr std::string_view kPrefix = "sha256";
constexpr std::size_t kHexDigits = 64;
constexpr std::string_view kBad = ".bad";
constexpr std::string_view kIncoming = "incoming-";
constexpr std::size_t kDigestSize = kPrefix.size() + 1 + kHexDigits;

Error no_sha256() {
  return Error(ErrorCode::kInternal, "SHA-256 is not available");
}

}  // namespace

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> evp{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr) != 1) throw no_sha256();
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) != 1) throw no_sha256();
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context_->evp.get(), hash.data(), &size) != 1) throw no_sha256();
  return to_hex({reinterpret_cast<const char*>(hash.data()), size});
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::optional<std::string> find_digest_hex(std::string_view digest) {
  if (digest.size() != kDigestSize || !digest.starts_with(kPrefix) ||
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

std::vector<std::string> digests_in(std::string_view text) {
  std::vector<std::string> out;
  for (auto at = text.find(kPrefix); at != std::string_view::npos;
       at = text.find(kPrefix, at + 1)) {
    if (auto hex = find_digest_hex(text.substr(at, kDigestSize))) out.push_back(*std::move(hex));
  }
  return out;
}

std::optional<std::filesystem::path> find_blob_path(const std::filesystem::path& root,
                                                    std::string_view digest) {
  const auto hex = find_digest_hex(digest);
  if (!hex) return std::nullopt;
  return blobs_folder(root) / ("sha256-" + *hex);
}

BlobFileName read_blob_file_name(std::string_view name) {
  if (name.starts_with(kIncoming)) return {BlobFileName::Kind::kIncoming, {}};
  const auto hex = find_digest_hex(name.substr(0, kDigestSize));
  if (!hex || name[kPrefix.size()] != '-') return {};
  const std::string_view rest = name.substr(kDigestSize);
  if (rest.empty()) return {BlobFileName::Kind::kBlob, *hex};
  if (rest.starts_with("-partial")) return {BlobFileName::Kind::kPartial, *hex};
  if (rest == kBad) return {BlobFileName::Kind::kBad, *hex};
  return {};
}

std::filesystem::path bad_blob_path(const std::filesystem::path& blob) {
  std::filesystem::path path = blob;
  return path += kBad;
}

std::filesystem::path incoming_blob_path(const std::filesystem::path& root) {
  return blobs_folder(root) / make_id(kIncoming);
}

std::filesystem::path blobs_folder(const std::filesystem::path& root) {
  return root / "blobs";
}

}  // namespace hailstone::core
