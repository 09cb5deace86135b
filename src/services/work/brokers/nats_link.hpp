// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection to NATS with its streams: what the library gives, as values and errors of ours.
// Only for programs with libnats.

#include <nats/nats.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/queues/queue_file.hpp"

namespace hailstone::jobs {

/// Throws Error(kEngineFailed) that says what could not be done, and why.
void check_nats(natsStatus status, const std::string& what);

/// As it came.
struct NatsMessage {
  std::string reply;  ///< where it is acknowledged
  std::string payload;
  std::string message_id;  ///< of its sender; may be empty
  std::string stream;
  std::uint64_t sequence = 0;
  std::uint64_t deliveries = 1;
};

using NatsHeaders = std::vector<std::pair<std::string, std::string>>;

struct NatsState {
  std::uint64_t pending = 0;
  std::uint64_t unacknowledged = 0;
  std::optional<std::chrono::seconds> oldest;
};

/// Thread-safe but for fetch(), which belongs to one thread. Everything but the constructor throws
/// Error(kEngineFailed) where the server does not answer in time.
class NatsLink {
 public:
  /// Returns before it is connected. Throws Error(kBadRequest) for files that cannot be read.
  explicit NatsLink(const core::QueueFile& queue);
  ~NatsLink();
  NatsLink(const NatsLink&) = delete;
  NatsLink& operator=(const NatsLink&) = delete;

  bool is_connected() const noexcept;
  /// For good: another link is needed.
  bool is_closed() const noexcept;
  std::size_t max_payload() const noexcept;

  /// The stream that has the subject, which may hold "*"; empty: none.
  std::string find_stream(const std::string& subject);
  enum class Keep : std::uint8_t { kUntilAcknowledged, kDays, kForever };
  void add_stream(const std::string& name, const std::string& subject, Keep keep);

  /// Takes part in the durable consumer, which is made where there is none.
  void subscribe(const std::string& stream, const core::NatsSubject& subject);
  bool is_subscribed() const noexcept { return subscription_ != nullptr; }
  /// Waits for a second; nothing where nothing has come.
  std::vector<NatsMessage> fetch(int most);

  /// Without an answer; what is sent while the server is away is sent later.
  void send(const std::string& subject, const std::string& payload);
  /// Waits for the server's answer.
  void request(const std::string& subject, const std::string& payload);
  /// All that was sent has arrived.
  void flush();
  enum class Stored : std::uint8_t { kNow, kBefore };
  Stored publish(const std::string& subject, const std::string& payload,
                 const NatsHeaders& headers);
  bool has_message(const std::string& stream, const std::string& subject);

  NatsState state(const std::string& stream, const std::string& consumer);
  std::uint64_t count(const std::string& stream, const std::string& subject);

 private:
  void configure(natsOptions& options, const core::QueueFile& queue);
  void tell_of(const char* what) const;

  const std::string name_;
  natsConnection* connection_ = nullptr;
  jsCtx* streams_ = nullptr;
  natsSubscription* subscription_ = nullptr;
};

}  // namespace hailstone::jobs
