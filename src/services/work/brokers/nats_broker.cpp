// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/brokers/nats_broker.hpp"

#include "base/error.hpp"

#ifdef HAILSTONE_HAS_NATS

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>
#include <utility>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "services/work/brokers/nats_link.hpp"
#include "services/work/brokers/wire.hpp"

namespace hailstone::jobs {
namespace {

constexpr std::string_view kPlace = "{id}";
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kForHeaders = 4 << 10;
constexpr std::size_t kLongestReason = 500;

std::string with(std::string subject, const std::string& id) {
  const auto place = subject.find(kPlace);
  return place == std::string::npos ? subject : subject.replace(place, kPlace.size(), id);
}

bool is_word(const std::string& id) {
  return !id.empty() && id.size() <= kLongestId &&
         std::all_of(id.begin(), id.end(), [](unsigned char letter) {
           return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
         });
}

/// The sender's name for it, else its place in the stream.
std::string id_of(const NatsMessage& message) {
  if (is_word(message.message_id)) return message.message_id;
  return message.stream + "-" + std::to_string(message.sequence);
}

/// A header is one line.
std::string one_line(std::string text) {
  text.resize(std::min(text.size(), kLongestReason));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

class NatsBroker : public Broker {
 public:
  explicit NatsBroker(const core::QueueFile& queue)
      : queue_(queue),
        nats_(std::get<core::NatsSubject>(queue.source)),
        link_(std::make_shared<NatsLink>(queue)) {}

  std::vector<LeasedWork> take(std::size_t most, const RunContext&) override {
    const auto link = ready();
    std::vector<LeasedWork> taken;
    for (auto& message : link->fetch(static_cast<int>(most))) {
      LeasedWork work{id_of(message), message.payload, static_cast<int>(message.deliveries)};
      // A box that died after it had told the result, and before it could say so.
      if (message.deliveries > 1 && has_result(*link, work.id)) {
        link->send(message.reply, "+ACK");
        continue;
      }
      const std::lock_guard lock(mutex_);
      held_[work.id] = {std::move(message), system_clock().now() + nats_.sharing.lease};
      taken.push_back(std::move(work));
    }
    return taken;
  }

  void keep() override {
    const auto link = connected();
    const auto now = system_clock().now();
    std::vector<std::string> replies;
    {
      const std::lock_guard lock(mutex_);
      // Somebody else may have it by now.
      std::erase_if(held_, [&](const auto& entry) { return entry.second.until < now; });
      for (const auto& [id, held] : held_) replies.push_back(held.message.reply);
    }
    if (replies.empty()) return;
    for (const auto& reply : replies) link->send(reply, "+WPI");
    link->flush();
    const std::lock_guard lock(mutex_);
    for (auto& [id, held] : held_) {
      if (std::find(replies.begin(), replies.end(), held.message.reply) != replies.end()) {
        held.until = now + nats_.sharing.lease;
      }
    }
  }

  bool holds(const std::string& id) const override {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(id);
    return found != held_.end() && found->second.until > system_clock().now();
  }

  void finish(const std::vector<FinishedWork>& works) override {
    for (const auto& work : works) finish(work.id, work.end);
  }

  void give_back(const std::string& id, std::chrono::milliseconds delay, Begun) override {
    const auto message = find(id);
    if (!message) return;
    const auto wait = std::chrono::nanoseconds(delay).count();
    const auto link = connected();
    link->send(message->reply,
               wait > 0 ? R"(-NAK {"delay": )" + std::to_string(wait) + "}" : "-NAK");
    link->flush();
    forget(id);
  }
  Backlog measure() override {
    const auto link = ready();
    const auto state = link->state(stream_, nats_.consumer);
    return {state.pending, state.unacknowledged,
            link->count(dead_stream_, with(nats_.dead_subject, "*")), state.oldest};
  }

 private:
  struct Held {
    NatsMessage message;
    SteadyTime until{};
  };

  void finish(const std::string& id, const WorkEnd& end) {
    const auto link = connected();
    const auto message = find(id);
    const WorkEnd told = fitting(*link, id, end);
    if (!told.is_good && message) {
      link->publish(with(nats_.dead_subject, id), message->payload,
                    {{"Nats-Msg-Id", id + ".dead"},
                     {"Hailstone-Job", id},
                     {"Hailstone-Reason", one_line(told.reason)}});
    }
    NatsHeaders headers = {{"Nats-Msg-Id", id},
                           {"Hailstone-Job", id},
                           {"Hailstone-Status", told.is_good ? "succeeded" : "failed"},
                           {"Content-Type", told.content_type}};
    // However late another box's result comes: there is one for a job.
    if (is_own_subject()) headers.emplace_back("Nats-Expected-Last-Subject-Sequence", "0");
    link->publish(with(nats_.result_subject, id), told.body, headers);
    if (!message) return;
    link->request(message->reply, "+ACK");
    forget(id);
  }

  bool is_own_subject() const { return nats_.result_subject.find(kPlace) != std::string::npos; }

  /// Shared: another thread may still use it when it is replaced.
  std::shared_ptr<NatsLink> connected() {
    const std::lock_guard lock(mutex_);
    if (link_->is_closed()) link_ = std::make_shared<NatsLink>(queue_);
    if (!link_->is_connected()) throw Error(ErrorCode::kEngineFailed, "NATS is not connected");
    return link_;
  }

  /// With streams and consumer. On the thread that takes.
  std::shared_ptr<NatsLink> ready() {
    auto link = connected();
    if (link->is_subscribed()) return link;
    const std::string base = dashed(nats_.subject);
    using Keep = NatsLink::Keep;
    stream_ = ensure(*link, nats_.subject, nats_.stream.empty() ? base : nats_.stream,
                     Keep::kUntilAcknowledged);
    result_stream_ = ensure(*link, with(nats_.result_subject, "*"), base + "-results", Keep::kDays);
    dead_stream_ = ensure(*link, with(nats_.dead_subject, "*"), base + "-dead", Keep::kForever);
    link->subscribe(stream_, nats_);
    return link;
  }

  static std::string ensure(NatsLink& link, const std::string& subject, const std::string& name,
                            NatsLink::Keep keep) {
    const std::string found = link.find_stream(subject);
    if (!found.empty()) return found;
    link.add_stream(name, subject, keep);
    return name;
  }

  static std::string dashed(std::string text) {
    std::replace(text.begin(), text.end(), '.', '-');
    return text;
  }

  bool has_result(NatsLink& link, const std::string& id) const {
    return is_own_subject() && link.has_message(result_stream_, with(nats_.result_subject, id));
  }

  WorkEnd fitting(const NatsLink& link, const std::string& id, const WorkEnd& end) const {
    const std::size_t most = link.max_payload();
    if (end.body.size() + kForHeaders <= most) return end;
    return too_large(id, end, ByteSize::bytes(most));
  }

  std::optional<NatsMessage> find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(id);
    if (found == held_.end()) return std::nullopt;
    return found->second.message;
  }

  void forget(const std::string& id) {
    const std::lock_guard lock(mutex_);
    held_.erase(id);
  }

  const core::QueueFile queue_;
  const core::NatsSubject nats_;
  mutable std::mutex mutex_;
  std::shared_ptr<NatsLink> link_;    ///< guarded by mutex_
  std::map<std::string, Held> held_;  ///< guarded by mutex_
  // Of the thread that takes:
  std::string stream_;
  std::string result_stream_;
  std::string dead_stream_;
};

}  // namespace

std::unique_ptr<Broker> make_nats_broker(const core::QueueFile& queue) {
  return std::make_unique<NatsBroker>(queue);
}

}  // namespace hailstone::jobs

#else

namespace hailstone::jobs {

std::unique_ptr<Broker> make_nats_broker(const core::QueueFile& queue) {
  throw Error(
      ErrorCode::kUnsupported,
      "the queue " + queue.name + " is of the kind nats, which this program was built without",
      "build it with libnats-dev");
}

}  // namespace hailstone::jobs

#endif
