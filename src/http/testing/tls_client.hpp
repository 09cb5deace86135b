// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certificate for tests, and a client that speaks TLS and takes any.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "http/testing/raw_client.hpp"

namespace hailstone::http::testing {

/// Writes a new one for that name. As whoever renews certificates does: beside the old one first.
inline void write_certificate(const TlsFiles& files, const std::string& name) {
  const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &::EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::X509_new(), &::X509_free);
  auto* cert = certificate.get();
  ::X509_set_version(cert, 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(cert), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(cert), 0);
  ::X509_gmtime_adj(::X509_getm_notAfter(cert), 86400);
  ::X509_set_pubkey(cert, key.get());
  auto* subject = ::X509_get_subject_name(cert);
  ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  ::X509_set_issuer_name(cert, subject);
  ::X509_sign(cert, key.get(), ::EVP_sha256());
  const auto write = [](const std::filesystem::path& path, const auto& print) {
    const auto beside = path.string() + ".new";
    auto* file = std::fopen(beside.c_str(), "w");
    print(file);
    std::fclose(file);
    std::filesystem::rename(beside, path);
  };
  write(files.key, [&](std::FILE* file) {
    ::PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  write(files.certificate, [&](std::FILE* file) { ::PEM_write_X509(file, cert); });
}

/// To 127.0.0.1. Every wait ends after 20 seconds.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port)
      : raw_(port),
        context_(::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free),
        ssl_(::SSL_new(context_.get()), &::SSL_free) {
    ::SSL_set_fd(ssl_.get(), raw_.descriptor());
    is_connected = ::SSL_connect(ssl_.get()) == 1;
  }

  bool send(std::string_view bytes) {
    return ::SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  /// Until so much has come, or the other side has ended.
  std::string read(std::size_t size) {
    std::string got;
    char buffer[16384];
    while (got.size() < size) {
      const auto more = ::SSL_read(ssl_.get(), buffer, sizeof(buffer));
      if (more <= 0) break;
      got.append(buffer, static_cast<std::size_t>(more));
    }
    return got;
  }
  /// All until what has come contains that.
  std::string read_until(std::string_view end) {
    std::string got;
    while (got.find(end) == std::string::npos) {
      const auto more = read(1);
      if (more.empty()) break;
      got += more;
    }
    return got;
  }
  /// Whether the server has said goodbye, and not just hung up.
  bool is_ended_well() const {
    return (::SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  void close() { raw_.close(); }
  /// Of the server's certificate.
  std::string name() const {
    const std::unique_ptr<X509, decltype(&::X509_free)> cert(
        ::SSL_get1_peer_certificate(ssl_.get()), &::X509_free);
    char text[256] = "";
    if (cert) {
      ::X509_NAME_get_text_by_NID(::X509_get_subject_name(cert.get()), NID_commonName, text,
                                  sizeof(text));
    }
    return text;
  }

  bool is_connected = false;

 private:
  RawClient raw_;
  std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_;
};

}  // namespace hailstone::http::testing
