// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work that several boxes share. It becomes jobs of this box, but only as many as can begin at
// once, and goes back to the broker where it cannot be done here.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/queues/queue_file.hpp"
#include "services/work/brokers/broker.hpp"
#include "services/work/ends/deliverer.hpp"
#include "services/work/jobs/service.hpp"
#include "services/work/sources/gauges.hpp"

namespace hailstone::jobs {

/// Works from construction to destruction, on threads of its own; what runs then goes back.
class SharedSource : private Sink {
 public:
  struct Limits {
    core::Sharing sharing;
    int threads = 4;  ///< that run jobs here
  };

  /// The service and the gauges outlive it; the service has its router. Throws Error(kBadRequest)
  /// for a task that there is not.
  SharedSource(JobService& service, core::QueueFile queue, Limits limits,
               std::unique_ptr<Broker> broker, QueueGauges& gauges);
  ~SharedSource() override;
  SharedSource(const SharedSource&) = delete;
  SharedSource& operator=(const SharedSource&) = delete;

 private:
  /// On lease.
  struct Held {
    std::string job;  ///< this box's; empty until it is submitted
    int attempt = 1;
    SteadyTime since{};
  };

  std::string webhooks() const override;
  void tell(const core::Job& job, const std::string& answer, const RunContext& run) override;

  bool takes_many() const override { return true; }
  void tell_many(const std::vector<EndedJob>& ends, const RunContext& run) override;

  void forget_unfinished();
  void work(const std::stop_token& stop);
  void look_after();
  void take(const RunContext& run);
  std::size_t find_room();
  bool is_at_home(const std::string& model) const;
  void accept(const LeasedWork& work);
  void submit(const LeasedWork& work);
  void refuse(const LeasedWork& work, const core::JobError& error);
  void give_back(const std::string& id, std::chrono::milliseconds delay, Begun begun,
                 const char* why);
  bool goes_back(const core::Job& job, const std::string& id);
  void rest(std::chrono::milliseconds time);
  bool may_pass_elsewhere(const core::Job& job, int attempt) const;
  int attempt_of(const std::string& id) const;
  void let_go(const std::string& id);
  std::map<std::string, Held> held() const;

  JobService& service_;
  const core::QueueFile queue_;
  const Limits limits_;
  const std::string target_;
  const std::unique_ptr<Broker> broker_;
  QueueGauges& gauges_;
  mutable std::mutex mutex_;
  std::map<std::string, Held> held_;  ///< guarded by mutex_; by the work's id
  // Of the working thread:
  SteadyTime next_keep_{};
  SteadyTime next_measure_{};
  SteadyTime rest_until_{};
  std::string missing_model_;  ///< that was told of last
  std::optional<Deliverer> deliverer_;
  std::jthread thread_;  // last: it uses what is above
};

}  // namespace hailstone::jobs
