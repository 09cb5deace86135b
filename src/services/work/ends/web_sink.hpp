// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Webhooks, signed as Standard Webhooks says (version 1 of its specification: headers webhook-id,
// webhook-timestamp, webhook-signature; HMAC-SHA256 over "id.timestamp.body").

#include <filesystem>
#include <string>
#include <string_view>

#include "core/registry/allowed_fetch.hpp"
#include "services/work/ends/sink.hpp"

namespace hailstone::jobs {

/// The bytes of a secret "whsec_<base64>" from a file, which is made where there is none, for its
/// owner alone. Throws Error(kBadRequest) for a file with something else, and as
/// core::replace_file.
std::string load_webhook_key(const std::filesystem::path& file);

/// "v1,<base64>".
std::string sign_webhook(std::string_view key, std::string_view id, std::string_view timestamp,
                         std::string_view body);

/// A POST to the webhook's URL: {"type":"job.succeeded","timestamp":...,"data":{the job}}.
class WebSink : public Sink {
 public:
  /// The key is made with the first message.
  WebSink(core::AllowedFetch hosts, std::filesystem::path key_file)
      : hosts_(std::move(hosts)), key_file_(std::move(key_file)) {}

  std::string webhooks() const override { return "http"; }
  void tell(const core::Job& job, const std::string& answer, const RunContext& run) override;

 private:
  const core::AllowedFetch hosts_;
  const std::filesystem::path key_file_;
};

}  // namespace hailstone::jobs
