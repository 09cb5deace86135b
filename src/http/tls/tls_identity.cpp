// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/tls/tls_identity.hpp"

#include <openssl/ssl.h>

#include <string>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"

namespace hailstone::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

void check(const error_code& error, const std::filesystem::path& file, const char* what) {
  if (!error) return;
  throw Error(
      ErrorCode::kBadRequest,
      "HTTPS: cannot use " + file.string() + " as " + what + ": " + error.message(),
      "tls_cert is a chain of certificates in PEM, the server's own first; tls_key its key, "
      "in PEM and without a password");
}

// Versions apart everything is as the library's makers choose it.
std::shared_ptr<ssl::context> make_context(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  // Else OpenSSL would ask the terminal, and we would wait for it.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  error_code error;
  context->use_certificate_chain_file(files.certificate.string(), error);
  check(error, files.certificate, "a certificate");
  context->use_private_key_file(files.key.string(), ssl::context::pem, error);
  check(error, files.key, "its key");
  return context;
}

}  // namespace

TlsIdentity::TlsIdentity(TlsFiles files)
    : files_(std::move(files)), seen_(times()), context_(make_context(files_)) {}

TlsIdentity::Times TlsIdentity::times() const {
  std::error_code ignored;  // what is not there has no time
  return {std::filesystem::last_write_time(files_.certificate, ignored),
          std::filesystem::last_write_time(files_.key, ignored)};
}

std::shared_ptr<ssl::context> TlsIdentity::context() {
  const auto now = times();
  if (now == seen_) return context_;
  seen_ = now;
  try {
    context_ = make_context(files_);
    log::info("http", "the certificate has been read anew",
              {{"file", files_.certificate.string()}});
  } catch (const Error& error) {  // between two files being replaced, too: it is tried again
    log::warning("http", "the new certificate cannot be used", {{"reason", error.what()}});
  }
  return context_;
}

}  // namespace hailstone::http
