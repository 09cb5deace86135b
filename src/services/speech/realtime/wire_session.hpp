// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Settings of a session, in both dialects. Pure.

#include <string>
#include <string_view>

#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

struct SessionStart {
  SessionKind kind = SessionKind::kRealtime;
  std::string model;         ///< of the URL; may be empty
  std::string settings;      ///< JSON of a client secret; may be empty
  std::int64_t expires = 0;  ///< in seconds since 1970
};

/// Throws Error(kBadRequest) for settings that cannot be.
Session make_session(const SessionStart& start);

/// The session with what a client's session.update says. Throws Error(kBadRequest) that names the
/// field, and changes nothing then.
Session update_session(const Session& session, std::string_view patch, Dialect dialect);

/// As a client of that dialect sees it.
std::string write_session(const Session& session, Dialect dialect);

/// What a response.create says, over the session's own; and its metadata. Of its input the items,
/// where references name those of the conversation.
voice::ReplyWish read_response(const Session& session, std::string_view response, Dialect dialect,
                               voice::Conversation& conversation);

/// A model of ours, or empty: the best one here. OpenAI's names stand for it.
std::string model_of(std::string_view name);

}  // namespace hailstone::realtime
