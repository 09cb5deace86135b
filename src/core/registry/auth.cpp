// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/auth.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "core/registry/url.hpp"
#include "core/store/blobs/digest.hpp"
#include "core/store/blobs/files.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

constexpr std::size_t kKeySize = 32;
constexpr std::string_view kSshType = "ssh-ed25519";

KeyPtr no_key() {
  return {nullptr, &EVP_PKEY_free};
}

Error bad_key(const fs::path& file) {
  return Error(ErrorCode::kEngineFailed, "no usable ed25519 key in " + file.string(),
               "it has to be PEM, or OpenSSH's format without a passphrase; when the file is "
               "removed, a new one is made");
}

/// SSH's strings: a length of four bytes, then the bytes.
std::string ssh_string(std::string_view bytes) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(bytes.size() >> shift);
  return out.append(bytes);
}

std::string cut_ssh_string(std::string_view& bytes) {
  if (bytes.size() < 4) return {};
  std::size_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(4);
  size = std::min(size, bytes.size());
  std::string out(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return out;
}

/// The private key in OpenSSH's format: magic, cipher, kdf, kdf options, number of keys, public
/// key, and a section with check bytes, type, public key, private key and public key once more.
KeyPtr read_openssh(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";
  constexpr std::string_view kMagic = "openssh-key-v1";
  const auto begin = text.find(kBegin);
  if (begin == std::string_view::npos) return no_key();
  text.remove_prefix(begin + kBegin.size());
  const auto end = text.find('-');
  if (end == std::string_view::npos) return no_key();  // cut short
  const auto decoded = find_base64(text.substr(0, end)).value_or("");
  std::string_view bytes = decoded;
  if (!bytes.starts_with(kMagic)) return no_key();
  bytes.remove_prefix(std::min(bytes.size(), kMagic.size() + 1));
  if (cut_ssh_string(bytes) != "none") return no_key();
  cut_ssh_string(bytes);
  cut_ssh_string(bytes);
  bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 4));
  cut_ssh_string(bytes);
  const std::string section = cut_ssh_string(bytes);
  std::string_view rest = section;
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 8));
  if (cut_ssh_string(rest) != kSshType) return no_key();
  cut_ssh_string(rest);
  const std::string pair = cut_ssh_string(rest);
  if (pair.size() < kKeySize) return no_key();
  return {
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                   reinterpret_cast<const unsigned char*>(pair.data()), kKeySize),
      &EVP_PKEY_free};
}

KeyPtr read_pem(const std::string& text) {
  const BioPtr bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  // A passphrase is never asked for: there may be nobody to ask.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  return {PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free};
}

KeyPtr make_key(const fs::path& file) {
  KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  const BioPtr bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!key || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) != 1) {
    throw Error(ErrorCode::kInternal, "ed25519 is not available");
  }
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  ensure_folder(file.parent_path());
  replace_file(file, {text, static_cast<std::size_t>(size)}, file.parent_path() / make_id(".key-"),
               FileAccess::kOwner);
  return key;
}

}  // namespace

std::optional<Challenge> find_challenge(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (!equals_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  Challenge challenge;
  while (!header.empty()) {
    const auto equals = header.find("=\"");
    if (equals == std::string_view::npos) break;
    const auto close = header.find('"', equals + 2);
    if (close == std::string_view::npos) break;
    const std::string name = to_lower(trim(header.substr(0, equals)));
    const std::string value(header.substr(equals + 2, close - equals - 2));
    if (name == "realm") challenge.realm = value;
    if (name == "service") challenge.service = value;
    if (name == "scope") challenge.scope = value;
    header.remove_prefix(close + 1);
    header.remove_prefix(std::min(header.find_first_not_of(", "), header.size()));
  }
  if (challenge.realm.empty()) return std::nullopt;
  return challenge;
}

std::string token_url(const Challenge& challenge, long long unix_seconds,
                      const std::string& nonce) {
  std::string url = challenge.realm;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "nonce=" + encode(nonce);
  for (const auto& scope : split(challenge.scope, ' ')) {
    if (!scope.empty()) url += "&scope=" + encode(scope);
  }
  return url + "&service=" + encode(challenge.service) + "&ts=" + std::to_string(unix_seconds);
}

struct SigningKey::Key {
  KeyPtr evp;
};

SigningKey::SigningKey(const fs::path& file) : key_(new Key{no_key()}) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    key_->evp = make_key(file);
    return;
  }
  const std::string text = read_small_file(file);
  key_->evp = read_openssh(text);
  if (!key_->evp) key_->evp = read_pem(text);
  if (!key_->evp || EVP_PKEY_get_id(key_->evp.get()) != EVP_PKEY_ED25519) throw bad_key(file);
}

SigningKey::~SigningKey() = default;

std::string SigningKey::public_key() const {
  std::array<unsigned char, kKeySize> raw{};
  std::size_t size = raw.size();
  EVP_PKEY_get_raw_public_key(key_->evp.get(), raw.data(), &size);
  return std::string(kSshType) + " " +
         to_base64(ssh_string(kSshType) +
                   ssh_string({reinterpret_cast<const char*>(raw.data()), size}));
}

std::string SigningKey::sign(const std::string& text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::array<unsigned char, 64> signature{};
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->evp.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1) {
    throw Error(ErrorCode::kInternal, "ed25519 is not available");
  }
  const std::string key = public_key();
  return key.substr(key.find(' ') + 1) + ":" +
         to_base64({reinterpret_cast<const char*>(signature.data()), size});
}

std::string sign_request(const SigningKey& key, const std::string& url) {
  return key.sign("GET," + url + "," + to_base64(sha256_hex("")));
}

}  // namespace hailstone::core
