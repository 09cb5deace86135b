// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/events.hpp"

#include "http/sse.hpp"
#include "services/work/jobs/wire.hpp"

namespace hailstone::jobs {
namespace {

/// Between two looks at a queue in which much happens.
constexpr std::chrono::milliseconds kPace{200};

}  // namespace

void follow(core::JobQueue& queue, const std::string& id, http::Reply& reply,
            const RunContext& run) {
  http::SseWriter events(reply);
  std::string last;
  for (std::uint64_t version = 0;;) {
    version = queue.wait_for_change(version, run);
    run.check();
    const auto job = queue.find(id);
    if (!job) return;
    std::string now = write_job(*job, queue.position(*job));
    if (now != last) events.send_named("job", now);
    last = std::move(now);
    if (core::is_final(job->state)) return;
    pause(kPace, run);
  }
}

}  // namespace hailstone::jobs
