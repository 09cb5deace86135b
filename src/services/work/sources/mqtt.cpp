// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/mqtt.hpp"

#include "base/error.hpp"

#ifdef HAILSTONE_HAS_MOSQUITTO

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/encoding/base64.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "log/log.hpp"
#include "services/work/brokers/secret.hpp"
#include "services/work/ends/deliverer.hpp"
#include "services/work/ends/wire.hpp"
#include "services/work/sources/request.hpp"

namespace hailstone::jobs {
namespace {

constexpr int kKeepAlive = 30;  // seconds
constexpr std::uint32_t kKeepSession = 7U * 24 * 3600;
constexpr int kAtLeastOnce = 1;
constexpr std::chrono::seconds kAcknowledged{10};
constexpr std::size_t kMostTopic = 1024;
constexpr std::size_t kMostCorrelation = 1024;

using Properties = std::unique_ptr<mosquitto_property, void (*)(mosquitto_property*)>;

void free_properties(mosquitto_property* list) {
  mosquitto_property_free_all(&list);
}

void initialise() {
  static const int done = mosquitto_lib_init();
  (void)done;
}

/// Where an answer goes to.
struct ReturnAddress {
  std::string topic;
  std::string correlation;
};

ReturnAddress address_of(const mosquitto_property* properties, const std::string& otherwise) {
  ReturnAddress to{otherwise, {}};
  char* topic = nullptr;
  if (mosquitto_property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &topic, false) !=
      nullptr) {
    if (*topic != '\0') to.topic = topic;
    ::free(topic);
  }
  void* data = nullptr;
  std::uint16_t size = 0;
  if (mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &data, &size, false) !=
      nullptr) {
    to.correlation.assign(static_cast<const char*>(data), size);
    ::free(data);
  }
  return to;
}

}  // namespace

class MqttSource::Impl : private Sink {
 public:
  Impl(JobService& service, const core::QueueFile& queue, QueueGauges& gauges)
      : service_(service),
        gauges_(gauges),
        queue_(queue),
        mqtt_(std::get<core::MqttTopic>(queue.source)),
        target_(service.target_of(queue.task)),
        client_(nullptr, &mosquitto_destroy) {
    initialise();
    // The same name again after a restart, so that the broker keeps what comes meanwhile.
    client_.reset(
        mosquitto_new(("hailstone-" + queue_.name).c_str(), /*clean_session=*/false, this));
    if (!client_) throw Error(ErrorCode::kOutOfMemory, "no memory for an MQTT client");
    configure();
    connect();
    deliverer_.emplace(service_.queue(), static_cast<Sink&>(*this), local_delays());
  }

  ~Impl() override {
    deliverer_.reset();
    mosquitto_disconnect(client_.get());
    mosquitto_loop_stop(client_.get(), /*force=*/false);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

 private:
  static Impl& from(void* self) noexcept { return *static_cast<Impl*>(self); }

  void configure() {
    auto* client = client_.get();
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    // As many unanswered messages as are wanted here.
    mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, queue_.parallel);
    const std::string password = read_password(queue_, mqtt_.password_file);
    if (!mqtt_.user.empty()) {
      mosquitto_username_pw_set(client, mqtt_.user.c_str(),
                                password.empty() ? nullptr : password.c_str());
    }
    if (!mqtt_.ca_file.empty() && mosquitto_tls_set(client, mqtt_.ca_file.c_str(), nullptr, nullptr,
                                                    nullptr, nullptr) != MOSQ_ERR_SUCCESS) {
      refuse_queue(queue_, "ca_file: " + mqtt_.ca_file.string() + " has no certificates");
    }
    mosquitto_reconnect_delay_set(client, 1, 30, /*exponential=*/true);
    mosquitto_connect_v5_callback_set(
        client, [](mosquitto*, void* self, int code, int, const mosquitto_property*) {
          from(self).on_connect(code);
        });
    mosquitto_disconnect_callback_set(
        client, [](mosquitto*, void* self, int code) { from(self).on_disconnect(code); });
    mosquitto_message_v5_callback_set(
        client,
        [](mosquitto*, void* self, const mosquitto_message* message,
           const mosquitto_property* properties) { from(self).on_message(*message, properties); });
    mosquitto_publish_callback_set(
        client, [](mosquitto*, void* self, int id) { from(self).on_published(id); });
  }

  void connect() {
    mosquitto_property* list = nullptr;
    mosquitto_property_add_int32(&list, MQTT_PROP_SESSION_EXPIRY_INTERVAL, kKeepSession);
    const Properties properties(list, &free_properties);
    // A broker that is not there yet is tried again by the loop.
    mosquitto_connect_bind_v5(client_.get(), mqtt_.host.c_str(), mqtt_.port, kKeepAlive, nullptr,
                              properties.get());
    mosquitto_loop_start(client_.get());
  }

  // On the library's thread ---------------------------------------------------------------------

  void on_connect(int code) {
    if (code != 0) {
      log::warning("queues", "the MQTT broker refuses",
                   {{"queue", queue_.name}, {"why", mosquitto_reason_string(code)}});
      return;
    }
    mosquitto_subscribe(client_.get(), nullptr, mqtt_.topic.c_str(), kAtLeastOnce);
    log::info("queues", "connected to the MQTT broker",
              {{"queue", queue_.name}, {"topic", mqtt_.topic}});
    set_connected(true);
  }

  void on_disconnect(int code) {
    set_connected(false);
    if (code != 0) {
      log::warning("queues", "the MQTT broker is gone, and tried again",
                   {{"queue", queue_.name}, {"why", mosquitto_strerror(code)}});
    }
  }

  /// It is acknowledged when this returns: then the job is on the disk.
  void on_message(const mosquitto_message& message, const mosquitto_property* properties) {
    const auto to = address_of(properties, mqtt_.result_topic);
    const std::string_view payload(static_cast<const char*>(message.payload),
                                   static_cast<std::size_t>(message.payloadlen));
    core::Job refused;
    try {
      if (to.topic.size() > kMostTopic || to.correlation.size() > kMostCorrelation) {
        throw Error(ErrorCode::kBadRequest, "response topic or correlation data are too long",
                    "at most 1024 bytes each");
      }
      core::NewJob job;
      job.task = make_task(queue_, target_, {}, payload);
      job.priority = -queue_.priority;
      job.label = queue_.name;
      job.webhook = webhooks() + to_base64(to.topic) + "," + to_base64(to.correlation);
      service_.submit(job);
      gauges_.note_taken(/*is_again=*/false);
      return;
    } catch (const Error& error) {
      refused.error = {std::string(to_string(error.code())), error.what(), error.detail()};
    } catch (const std::exception& error) {  // the library is written in C
      refused.error = {"internal", error.what(), {}};
    }
    refused.state = core::JobState::kFailed;
    gauges_.note_finished(false);
    publish(to, write_job_failure(refused), "application/json");
  }

  void on_published(int id) {
    {
      const std::lock_guard lock(mutex_);
      published_.insert(id);
    }
    changed_.notify_all();
  }

  void set_connected(bool is_connected) {
    {
      const std::lock_guard lock(mutex_);
      is_connected_ = is_connected;
    }
    changed_.notify_all();
  }

  // On the deliverer's thread -------------------------------------------------------------------

  std::string webhooks() const override { return "mqtt:" + queue_.name + "/"; }

  void tell(const core::Job& job, const std::string& answer, const RunContext& run) override {
    const auto parts = split(job.webhook.substr(webhooks().size()), ',');
    const ReturnAddress to{find_base64(parts.front()).value_or(mqtt_.result_topic),
                           find_base64(parts.back()).value_or("")};
    const bool is_good = job.state == core::JobState::kSucceeded;
    const std::string type = is_good && job.answer ? job.answer->content_type : "application/json";
    {
      std::unique_lock lock(mutex_);
      if (!is_connected_) throw Error(ErrorCode::kEngineFailed, "the MQTT broker is not connected");
      published_.clear();
    }
    const auto id = publish(to, is_good ? answer : write_job_failure(job), type);
    if (!id) throw Error(ErrorCode::kEngineFailed, "the MQTT broker takes no message");
    std::unique_lock lock(mutex_);
    const bool is_there =
        changed_.wait_for(lock, run.stop, kAcknowledged, [&] { return published_.contains(*id); });
    if (!is_there) throw Error(ErrorCode::kTimeout, "the MQTT broker does not acknowledge");
    gauges_.note_finished(is_good);
  }

  /// The message's number, once it is on its way.
  std::optional<int> publish(const ReturnAddress& to, const std::string& payload,
                             const std::string& type) {
    mosquitto_property* list = nullptr;
    mosquitto_property_add_string(&list, MQTT_PROP_CONTENT_TYPE, type.c_str());
    if (!to.correlation.empty()) {
      mosquitto_property_add_binary(&list, MQTT_PROP_CORRELATION_DATA, to.correlation.data(),
                                    static_cast<std::uint16_t>(to.correlation.size()));
    }
    const Properties properties(list, &free_properties);
    int id = 0;
    const int code =
        mosquitto_publish_v5(client_.get(), &id, to.topic.c_str(), static_cast<int>(payload.size()),
                             payload.data(), kAtLeastOnce, /*retain=*/false, properties.get());
    if (code == MOSQ_ERR_SUCCESS) return id;
    log::warning("queues", "an answer could not be sent",
                 {{"queue", queue_.name}, {"topic", to.topic}, {"why", mosquitto_strerror(code)}});
    return std::nullopt;
  }

  JobService& service_;
  QueueGauges& gauges_;
  const core::QueueFile queue_;
  const core::MqttTopic mqtt_;
  const std::string target_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_connected_ = false;  ///< guarded by mutex_
  std::set<int> published_;    ///< guarded by mutex_; acknowledged since the last one was sent
  std::unique_ptr<mosquitto, decltype(&mosquitto_destroy)> client_;
  std::optional<Deliverer> deliverer_;  // last: it uses what is above
};

MqttSource::MqttSource(JobService& service, const core::QueueFile& queue, QueueGauges& gauges)
    : impl_(std::make_unique<Impl>(service, queue, gauges)) {}

}  // namespace hailstone::jobs

#else

namespace hailstone::jobs {

class MqttSource::Impl {};

MqttSource::MqttSource(JobService&, const core::QueueFile& queue, QueueGauges&) {
  throw Error(
      ErrorCode::kUnsupported,
      "the queue " + queue.name + " is of the kind mqtt, which this program was built without",
      "build it with libmosquitto-dev");
}

}  // namespace hailstone::jobs

#endif

namespace hailstone::jobs {

MqttSource::~MqttSource() = default;

}  // namespace hailstone::jobs
