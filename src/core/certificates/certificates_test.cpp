// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/certificates/certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

constexpr std::chrono::days kYear{365};

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

X509Pointer read(const std::string& text) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free};
}

/// As a browser does: the chain, what it is for, and the name.
bool is_trusted(const std::string& server, const std::string& authority, const char* name) {
  const auto leaf = read(server);
  const auto root = read(authority);
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(),
                                                                      &X509_STORE_free);
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(
      X509_STORE_CTX_new(), &X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  const bool has_name = X509_check_host(leaf.get(), name, 0, 0, nullptr) == 1 ||
                        X509_check_ip_asc(leaf.get(), name, 0) == 1;
  return X509_verify_cert(context.get()) == 1 && has_name;
}

TEST(Certificates, AreTrustedForTheirNamesByWhoTrustsTheAuthority) {
  const auto authority = make_authority("Hailstone on pi", kYear);
  const auto server = make_server_certificate(
      authority, {"pi.local", "*.example.org", "192.168.1.20", "fd00::20"}, kYear);
  for (const char* name : {"pi.local", "a.example.org", "192.168.1.20", "fd00::20"}) {
    EXPECT_TRUE(is_trusted(server.certificate, authority.certificate, name)) << name;
  }
  EXPECT_FALSE(is_trusted(server.certificate, authority.certificate, "other.local"));
  const auto stranger = make_authority("Hailstone on pi", kYear);
  EXPECT_FALSE(is_trusted(server.certificate, stranger.certificate, "pi.local"));
}

TEST(Certificates, OfAServerCannotSignOthers) {
  const auto authority = make_authority("a", kYear);
  const auto server = make_server_certificate(authority, {"pi.local"}, kYear);
  const auto forged = make_server_certificate(server, {"bank.example"}, kYear);
  EXPECT_FALSE(is_trusted(forged.certificate, authority.certificate, "bank.example"));
  EXPECT_FALSE(is_trusted(forged.certificate, server.certificate, "bank.example"));
}

TEST(Certificates, TakeOnlyNamesThatAreSome) {
  for (const char* name : {"pi", "pi.local", "*.lan", "127.0.0.1", "::1"}) {
    EXPECT_TRUE(is_certificate_name(name)) << name;
  }
  for (const char* name : {"", "a b", "-a", "a..b", "DNS:x,IP:1.2.3.4", "a,DNS:b", "*", "a.*.b"}) {
    EXPECT_FALSE(is_certificate_name(name)) << name;
  }
  const auto authority = make_authority("a", kYear);
  EXPECT_THROW(make_server_certificate(authority, {"a,DNS:b"}, kYear), Error);
  EXPECT_THROW(make_server_certificate(authority, {}, kYear), Error);
  EXPECT_THROW(make_server_certificate({"nothing", "nothing"}, {"a"}, kYear), Error);
}

TEST(Certificates, HaveAFingerprintToCompare) {
  const auto print = fingerprint(make_authority("a", kYear).certificate);
  EXPECT_EQ(print.size(), 32U * 3 - 1);
  EXPECT_NE(print, fingerprint(make_authority("a", kYear).certificate));
}

}  // namespace
}  // namespace hailstone::core
