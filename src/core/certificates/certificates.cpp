// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/certificates/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::core {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* what) const noexcept {
    Free(what);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Pointer = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_vfree>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

[[noreturn]] void fail(const char* what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw Error(ErrorCode::kInternal, std::string("OpenSSL cannot ") + what + ": " + text.data());
}

void require(bool truth, const char* what) {
  if (!truth) fail(what);
}

Bio memory_of(const std::string& text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  require(bio != nullptr, "read a text");
  return bio;
}

std::string text_of(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string write(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(bio && PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return text_of(bio.get());
}

std::string write(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const bool is_written =
      bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  require(is_written, "write a key");
  return text_of(bio.get());
}

X509Pointer read_certificate(const std::string& text) {
  X509Pointer certificate(PEM_read_bio_X509(memory_of(text).get(), nullptr, nullptr, nullptr));
  if (certificate) return certificate;
  throw Error(ErrorCode::kBadRequest, "there is no certificate in PEM");
}

Key read_key(const std::string& text) {
  Key key(PEM_read_bio_PrivateKey(memory_of(text).get(), nullptr, nullptr, nullptr));
  if (key) return key;
  throw Error(ErrorCode::kBadRequest, "there is no key in PEM");
}

/// What every client of today takes.
Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1,
          "add to a certificate what it is for");
}

/// Random: two authorities of one name must not give the same.
void set_serial(X509* certificate) {
  constexpr int kBits = 127;
  const Number number(BN_new());
  const bool is_set = number && BN_rand(number.get(), kBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
                      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
  require(is_set, "number a certificate");
}

/// From yesterday on: clocks of small machines are not exact.
X509Pointer begin(EVP_PKEY* key, const std::string& name, std::chrono::days valid) {
  constexpr long kDay = 24 * 3600;
  constexpr std::size_t kLongestName = 64;
  X509Pointer certificate(X509_new());
  require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1,
          "make a certificate");
  set_serial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), static_cast<int>(valid.count()), 0,
                   nullptr);
  const std::string common = name.substr(0, kLongestName);
  const auto* bytes = reinterpret_cast<const unsigned char*>(common.c_str());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const bool is_named =
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1;
  require(is_named && X509_set_pubkey(certificate.get(), key) == 1, "name a certificate");
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) {
  require(X509_sign(certificate, key, EVP_sha256()) > 0, "sign a certificate");
}

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names) parts.push_back((is_address(name) ? "IP:" : "DNS:") + name);
  return join(parts, ",");
}

}  // namespace

bool is_certificate_name(const std::string& name) {
  if (is_address(name)) return true;
  constexpr std::size_t kLongest = 253;
  const std::string host = name.starts_with("*.") ? name.substr(2) : name;
  const auto is_part = [](const std::string& part) {
    constexpr std::size_t kLongestPart = 63;
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !part.empty() && part.size() <= kLongestPart && part.front() != '-' &&
           part.back() != '-' && std::all_of(part.begin(), part.end(), is_letter);
  };
  const auto parts = split(host, '.');
  return name.size() <= kLongest && std::all_of(parts.begin(), parts.end(), is_part);
}

Certificate make_authority(const std::string& name, std::chrono::days valid) {
  const Key key = make_key();
  const auto certificate = begin(key.get(), name, valid);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  X509* self = certificate.get();
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, self, NID_subject_key_identifier, "hash");
  sign(self, key.get());
  return {write(self), write(key.get())};
}

Certificate make_server_certificate(const Certificate& authority,
                                    const std::vector<std::string>& names,
                                    std::chrono::days valid) {
  for (const auto& name : names) {
    if (is_certificate_name(name)) continue;
    throw Error(ErrorCode::kBadRequest, "'" + name + "' is neither a host name nor an address",
                "Forms that work: pi.local, *.example.org, 192.168.1.20, fd00::20");
  }
  if (names.empty()) throw Error(ErrorCode::kBadRequest, "a certificate needs a name");
  const auto issuer = read_certificate(authority.certificate);
  const auto issuer_key = read_key(authority.key);
  const Key key = make_key();
  const auto certificate = begin(key.get(), names.front(), valid);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  X509* own = certificate.get();
  add_extension(own, issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(own, issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(own, issuer.get(), NID_ext_key_usage, "serverAuth");
  add_extension(own, issuer.get(), NID_subject_alt_name, alternative_names(names));
  add_extension(own, issuer.get(), NID_subject_key_identifier, "hash");
  add_extension(own, issuer.get(), NID_authority_key_identifier, "keyid");
  sign(own, issuer_key.get());
  return {write(own) + authority.certificate, write(key.get())};
}

std::string fingerprint(const std::string& certificate) {
  const auto read = read_certificate(certificate);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  require(X509_digest(read.get(), EVP_sha256(), digest.data(), &size) == 1, "hash a certificate");
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) out += ':';
    out += kDigits[digest[i] >> 4];
    out += kDigits[digest[i] & 15];
  }
  return out;
}

}  // namespace hailstone::core
