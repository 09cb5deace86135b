// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/ends/web_sink.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <chrono>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/files.hpp"
#include "services/work/ends/wire.hpp"

namespace hailstone::jobs {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kKeyBytes = 32;

void make_key(const fs::path& file) {
  std::string key(kKeyBytes, '\0');
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) !=
      1) {
    throw Error(ErrorCode::kInternal, "no random bytes for the secret of webhooks");
  }
  core::replace_file(file, std::string(kPrefix) + to_base64(key) + "\n",
                     file.parent_path() / make_id(".webhook-"), core::FileAccess::kOwner);
}

std::string now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

std::string load_webhook_key(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) make_key(file);
  const std::string text = core::read_small_file(file);
  std::string_view secret = trim(text);
  if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
  auto key = find_base64(secret);
  if (key && key->size() >= 16) return *std::move(key);
  throw Error(ErrorCode::kBadRequest, file.string() + " has no secret for webhooks",
              "whsec_ and at least 16 bytes in base64; without the file a new one is made");
}

std::string sign_webhook(std::string_view key, std::string_view id, std::string_view timestamp,
                         std::string_view body) {
  std::string text(id);
  text.append(".").append(timestamp).append(".").append(body);
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return "v1," + to_base64(digest);
}

void WebSink::tell(const core::Job& job, const std::string&, const RunContext& run) {
  const std::string id = "msg_" + job.id;  // the same at every attempt
  const std::string time = now_in_seconds();
  std::string body = write_job_end(job);
  const std::string signature = sign_webhook(load_webhook_key(key_file_), id, time, body);
  hosts_.post(job.webhook,
              {"Content-Type: application/json", "webhook-id: " + id, "webhook-timestamp: " + time,
               "webhook-signature: " + signature},
              std::move(body), run);
}

}  // namespace hailstone::jobs
