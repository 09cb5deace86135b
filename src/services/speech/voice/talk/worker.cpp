// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/worker.hpp"

#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::voice {

Worker::Worker(const char* name, const RunContext& talk,
               std::function<void(const RunContext&)> body)
    : on_talk_(talk.stop, Forward{stop_}), thread_([this, name, talk, body = std::move(body)] {
        os::set_thread_name(name);
        RunContext run = talk;
        run.stop = stop_.get_token();
        body(run);
        is_done_ = true;
      }) {}

}  // namespace hailstone::voice
