// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The headers that are ours, and which headers of a reply a web page of another origin may read.
// tests/lint/tree_test.py keeps every such name in this file.

#include <array>

namespace hailstone::http {

/// Of requests: the lane that they queue in.
inline constexpr char kLaneHeader[] = "X-Hailstone-Lane";

/// Of replies: which engine ran.
inline constexpr char kEngineHeader[] = "X-Hailstone-Engine";
/// Which model answered.
inline constexpr char kModelHeader[] = "X-Hailstone-Model";
/// What the numbers of a depth map mean.
inline constexpr char kDepthHeader[] = "X-Hailstone-Depth";
/// Which keep_alive was granted, where that is not the one that was asked for.
inline constexpr char kKeepAliveHeader[] = "X-Hailstone-Keep-Alive";
/// The place that the request had in the queue.
inline constexpr char kQueuePositionHeader[] = "X-Hailstone-Queue-Position";
/// What was dropped to make the request fit.
inline constexpr char kTruncatedHeader[] = "X-Hailstone-Truncated";

/// The name under which a reply can be picked up again; of requests too.
inline constexpr char kStreamHeader[] = "X-Hailstone-Stream";
/// What the model that answered cannot do, and what would: of those that come with the program.
inline constexpr char kNoteHeader[] = "X-Hailstone-Note";
/// Who speaks, in which language, for how many seconds, and that it is another than was named.
inline constexpr char kVoiceHeader[] = "X-Hailstone-Voice";
inline constexpr char kLanguageHeader[] = "X-Hailstone-Language";
inline constexpr char kDurationHeader[] = "X-Hailstone-Duration";
inline constexpr char kSubstitutedHeader[] = "X-Hailstone-Voice-Substituted";
/// What was heard and what was answered, percent-encoded, where it is short enough for a header.
inline constexpr char kTranscriptHeader[] = "X-Hailstone-Transcript";
inline constexpr char kAnswerHeader[] = "X-Hailstone-Answer";

/// A browser shows a page of another origin only those headers, and a few that are always safe
/// (Fetch standard, "CORS-safelisted response-header name").
inline constexpr std::array kExposedHeaders = {
    "X-Request-Id",    "Retry-After",        "Server-Timing", kEngineHeader,   kKeepAliveHeader,
    kTruncatedHeader,  kQueuePositionHeader, kModelHeader,    kDepthHeader,    kStreamHeader,
    kNoteHeader,       kVoiceHeader,         kLanguageHeader, kDurationHeader, kSubstitutedHeader,
    kTranscriptHeader, kAnswerHeader,
};

}  // namespace hailstone::http
