// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#ifdef HAILSTONE_HAS_NATS

#include "services/work/brokers/nats_link.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "log/log.hpp"
#include "services/work/brokers/secret.hpp"

namespace hailstone::jobs {
namespace {

constexpr std::int64_t kConnectMs = 3000;
constexpr std::int64_t kReconnectMs = 1000;
constexpr std::int64_t kFetchMs = 1000;
constexpr std::int64_t kAnswerMs = 5000;
constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::int64_t kDays = 7 * 24 * 3600 * kNanoseconds;
/// For senders and boxes that try again: the same message is stored once.
constexpr std::int64_t kDuplicates = 3600 * kNanoseconds;
constexpr int kAgain = 10071;  // JSStreamWrongLastSequenceErr: there is one under this subject

template <typename Thing, void (*destroy)(Thing*)>
struct Destroyer {
  void operator()(Thing* thing) const { destroy(thing); }
};
template <typename Thing, void (*destroy)(Thing*)>
using Owned = std::unique_ptr<Thing, Destroyer<Thing, destroy>>;

using Message = Owned<natsMsg, natsMsg_Destroy>;
using Options = Owned<natsOptions, natsOptions_Destroy>;

/// Of "tls://user@nats.example:4222"; empty for an address in numbers, which names nobody.
std::string host_of(std::string url) {
  if (const auto scheme = url.find("://"); scheme != std::string::npos) url.erase(0, scheme + 3);
  if (const auto user = url.rfind('@'); user != std::string::npos) url.erase(0, user + 1);
  url.resize(std::min(url.size(), url.find_first_of(":/")));
  return url.find_first_not_of("0123456789.") == std::string::npos || url.starts_with('[')
             ? std::string()
             : url;
}

NatsMessage read_message(natsMsg* raw) {
  NatsMessage message;
  message.reply = natsMsg_GetReply(raw);
  message.payload.assign(natsMsg_GetData(raw),
                         static_cast<std::size_t>(natsMsg_GetDataLength(raw)));
  const char* id = nullptr;
  if (natsMsgHeader_Get(raw, "Nats-Msg-Id", &id) == NATS_OK && id != nullptr) {
    message.message_id = id;
  }
  jsMsgMetaData* meta = nullptr;
  check_nats(natsMsg_GetMetaData(&meta, raw), "a message cannot be read");
  const Owned<jsMsgMetaData, jsMsgMetaData_Destroy> owned(meta);
  message.stream = meta->Stream;
  message.sequence = meta->Sequence.Stream;
  message.deliveries = meta->NumDelivered;
  return message;
}

}  // namespace

void check_nats(natsStatus status, const std::string& what) {
  if (status == NATS_OK) return;
  natsStatus last = NATS_OK;
  const char* why = nats_GetLastError(&last);
  const bool has_more = last == status && why != nullptr && *why != '\0';
  throw Error(ErrorCode::kEngineFailed,
              "NATS: " + what + ": " + (has_more ? why : natsStatus_GetText(status)));
}

NatsLink::NatsLink(const core::QueueFile& queue) : name_(queue.name) {
  natsOptions* raw = nullptr;
  check_nats(natsOptions_Create(&raw), "no options");
  const Options options(raw);
  configure(*options, queue);
  const auto status = natsConnection_Connect(&connection_, options.get());
  if (status != NATS_NOT_YET_CONNECTED) check_nats(status, "no connection");
  jsOptions more;
  jsOptions_Init(&more);
  more.Wait = kAnswerMs;
  check_nats(natsConnection_JetStream(&streams_, connection_, &more), "no streams");
  if (status == NATS_OK) tell_of("connected to NATS");
}

NatsLink::~NatsLink() {
  natsSubscription_Destroy(subscription_);
  jsCtx_Destroy(streams_);
  if (connection_ != nullptr) natsConnection_Close(connection_);
  natsConnection_Destroy(connection_);
}

void NatsLink::configure(natsOptions& options, const core::QueueFile& queue) {
  const auto& nats = std::get<core::NatsSubject>(queue.source);
  auto* out = &options;
  if (natsOptions_SetURL(out, nats.url.c_str()) != NATS_OK) {
    refuse_queue(queue, "url: '" + nats.url + "' is none; for example nats://127.0.0.1:4222");
  }
  natsOptions_SetName(out, ("hailstone " + queue.name).c_str());
  natsOptions_SetTimeout(out, kConnectMs);
  natsOptions_SetMaxReconnect(out, -1);
  natsOptions_SetReconnectWait(out, kReconnectMs);
  natsOptions_SetFailRequestsOnDisconnect(out, true);
  const std::string password = read_password(queue, nats.password_file);
  if (nats.user.empty() && !password.empty()) {
    natsOptions_SetToken(out, password.c_str());
  } else if (!nats.user.empty()) {
    natsOptions_SetUserInfo(out, nats.user.c_str(), password.c_str());
  }
  if (!nats.credentials_file.empty() &&
      natsOptions_SetUserCredentialsFromFiles(out, nats.credentials_file.c_str(), nullptr) !=
          NATS_OK) {
    refuse_queue(queue, "credentials_file: " + nats.credentials_file.string() + " cannot be used");
  }
  if (!nats.ca_file.empty()) {
    if (natsOptions_LoadCATrustedCertificates(out, nats.ca_file.c_str()) != NATS_OK) {
      refuse_queue(queue, "ca_file: " + nats.ca_file.string() + " has no certificates");
    }
    natsOptions_SetSecure(out, true);
  }
  if (const std::string host = host_of(nats.url); !host.empty()) {
    natsOptions_SetExpectedHostname(out, host.c_str());
  }
  const auto on_connect = [](natsConnection*, void* self) {
    static_cast<NatsLink*>(self)->tell_of("connected to NATS");
  };
  natsOptions_SetRetryOnFailedConnect(out, true, on_connect, this);
  natsOptions_SetReconnectedCB(out, on_connect, this);
  natsOptions_SetDisconnectedCB(
      out,
      [](natsConnection*, void* self) {
        static_cast<NatsLink*>(self)->tell_of("NATS is gone, and tried again");
      },
      this);
  // Without one the library writes to the standard error.
  natsOptions_SetErrorHandler(
      out, [](natsConnection*, natsSubscription*, natsStatus, void*) {}, nullptr);
}

void NatsLink::tell_of(const char* what) const {
  log::info("queues", what, {{"queue", name_}});
}

bool NatsLink::is_connected() const noexcept {
  return natsConnection_Status(connection_) == NATS_CONN_STATUS_CONNECTED;
}

bool NatsLink::is_closed() const noexcept {
  return natsConnection_IsClosed(connection_);
}

std::size_t NatsLink::max_payload() const noexcept {
  return static_cast<std::size_t>(natsConnection_GetMaxPayload(connection_));
}

std::string NatsLink::find_stream(const std::string& subject) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = kAnswerMs;
  options.Stream.Info.SubjectsFilter = subject.c_str();
  jsStreamNamesList* list = nullptr;
  const auto status = js_StreamNames(&list, streams_, &options, nullptr);
  if (status == NATS_NOT_FOUND) return {};
  check_nats(status, "its streams cannot be listed (is JetStream switched on?)");
  const Owned<jsStreamNamesList, jsStreamNamesList_Destroy> owned(list);
  return list->Count > 0 ? list->List[0] : std::string();
}

void NatsLink::add_stream(const std::string& name, const std::string& subject, Keep keep) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {subject.c_str()};
  config.Name = name.c_str();
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Duplicates = kDuplicates;
  if (keep == Keep::kUntilAcknowledged) config.Retention = js_WorkQueuePolicy;
  if (keep == Keep::kDays) config.MaxAge = kDays;
  check_nats(js_AddStream(nullptr, streams_, &config, nullptr, nullptr),
             "the stream " + name + " cannot be made");
  log::info("queues", "made a stream", {{"queue", name_}, {"stream", name}, {"subject", subject}});
}

void NatsLink::subscribe(const std::string& stream, const core::NatsSubject& subject) {
  natsSubscription_Destroy(std::exchange(subscription_, nullptr));
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = subject.consumer.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = subject.sharing.lease.count() * kNanoseconds;
  config.FilterSubject = subject.subject.c_str();
  jsConsumerInfo* info = nullptr;
  const auto found =
      js_GetConsumerInfo(&info, streams_, stream.c_str(), config.Durable, nullptr, nullptr);
  const Owned<jsConsumerInfo, jsConsumerInfo_Destroy> owned(info);
  if (found == NATS_NOT_FOUND) {
    check_nats(js_AddConsumer(nullptr, streams_, stream.c_str(), &config, nullptr, nullptr),
               "the consumer " + subject.consumer + " cannot be made");
  } else {
    check_nats(found, "the consumer " + subject.consumer + " cannot be read");
    if (info->Config->AckWait != config.AckWait) {
      info->Config->AckWait = config.AckWait;
      check_nats(
          js_UpdateConsumer(nullptr, streams_, stream.c_str(), info->Config, nullptr, nullptr),
          "the consumer " + subject.consumer + " has another lease");
    }
  }
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = stream.c_str();
  options.Consumer = subject.consumer.c_str();
  check_nats(js_PullSubscribe(&subscription_, streams_, subject.subject.c_str(),
                              subject.consumer.c_str(), nullptr, &options, nullptr),
             "nothing can be taken from " + subject.subject);
}

std::vector<NatsMessage> NatsLink::fetch(int most) {
  natsMsgList list{};
  const auto status = natsSubscription_Fetch(&list, subscription_, most, kFetchMs, nullptr);
  const std::unique_ptr<natsMsgList, decltype(&natsMsgList_Destroy)> owned(&list,
                                                                           natsMsgList_Destroy);
  if (status == NATS_TIMEOUT) return {};
  if (status != NATS_OK) natsSubscription_Destroy(std::exchange(subscription_, nullptr));
  check_nats(status, "nothing can be taken");
  std::vector<NatsMessage> messages;
  for (int i = 0; i < list.Count; ++i) messages.push_back(read_message(list.Msgs[i]));
  return messages;
}

void NatsLink::send(const std::string& subject, const std::string& payload) {
  check_nats(natsConnection_Publish(connection_, subject.c_str(), payload.data(),
                                    static_cast<int>(payload.size())),
             "nothing can be sent");
}

void NatsLink::request(const std::string& subject, const std::string& payload) {
  natsMsg* raw = nullptr;
  const auto status = natsConnection_Request(&raw, connection_, subject.c_str(), payload.data(),
                                             static_cast<int>(payload.size()), kAnswerMs);
  const Message owned(raw);
  check_nats(status, "no answer");
}

void NatsLink::flush() {
  check_nats(natsConnection_FlushTimeout(connection_, kAnswerMs), "no answer");
}

NatsLink::Stored NatsLink::publish(const std::string& subject, const std::string& payload,
                                   const NatsHeaders& headers) {
  natsMsg* raw = nullptr;
  check_nats(natsMsg_Create(&raw, subject.c_str(), nullptr, payload.data(),
                            static_cast<int>(payload.size())),
             "no message");
  const Message message(raw);
  for (const auto& [name, value] : headers) {
    check_nats(natsMsgHeader_Set(raw, name.c_str(), value.c_str()), "no header " + name);
  }
  jsPubAck* ack = nullptr;
  auto code = static_cast<jsErrCode>(0);
  const auto status = js_PublishMsg(&ack, streams_, raw, nullptr, &code);
  const Owned<jsPubAck, jsPubAck_Destroy> owned(ack);
  if (static_cast<int>(code) == kAgain) return Stored::kBefore;
  check_nats(status, "nothing can be stored under " + subject);
  return ack != nullptr && ack->Duplicate ? Stored::kBefore : Stored::kNow;
}

bool NatsLink::has_message(const std::string& stream, const std::string& subject) {
  natsMsg* raw = nullptr;
  const auto status =
      js_GetLastMsg(&raw, streams_, stream.c_str(), subject.c_str(), nullptr, nullptr);
  const Message owned(raw);
  if (status == NATS_NOT_FOUND) return false;
  check_nats(status, subject + " cannot be read");
  return true;
}

NatsState NatsLink::state(const std::string& stream, const std::string& consumer) {
  jsConsumerInfo* info = nullptr;
  check_nats(
      js_GetConsumerInfo(&info, streams_, stream.c_str(), consumer.c_str(), nullptr, nullptr),
      "the consumer " + consumer + " cannot be read");
  const Owned<jsConsumerInfo, jsConsumerInfo_Destroy> owned(info);
  NatsState state{info->NumPending, static_cast<std::uint64_t>(info->NumAckPending), {}};
  jsStreamInfo* more = nullptr;
  check_nats(js_GetStreamInfo(&more, streams_, stream.c_str(), nullptr, nullptr),
             "the stream " + stream + " cannot be read");
  const Owned<jsStreamInfo, jsStreamInfo_Destroy> owned_too(more);
  // Elsewhere the oldest message may be done, or somebody else's.
  const bool is_ours = state.pending + state.unacknowledged > 0 &&
                       more->Config->Retention == js_WorkQueuePolicy &&
                       more->Config->SubjectsLen == 1;
  if (is_ours && more->State.Msgs > 0) {
    const auto first = WallTime(std::chrono::duration_cast<WallTime::duration>(
        std::chrono::nanoseconds(more->State.FirstTime)));
    state.oldest = std::chrono::duration_cast<std::chrono::seconds>(system_clock().wall() - first);
  }
  return state;
}

std::uint64_t NatsLink::count(const std::string& stream, const std::string& subject) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = kAnswerMs;
  options.Stream.Info.SubjectsFilter = subject.c_str();
  jsStreamInfo* info = nullptr;
  check_nats(js_GetStreamInfo(&info, streams_, stream.c_str(), &options, nullptr),
             "the stream " + stream + " cannot be read");
  const Owned<jsStreamInfo, jsStreamInfo_Destroy> owned(info);
  std::uint64_t count = 0;
  const auto* subjects = info->State.Subjects;
  for (int i = 0; subjects != nullptr && i < subjects->Count; ++i) count += subjects->List[i].Msgs;
  return count;
}

}  // namespace hailstone::jobs

#endif
