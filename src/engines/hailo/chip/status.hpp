// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HailoRT's statuses as our errors: each says what the user can do. Pure.

#include <string>

#include "base/error.hpp"

namespace hailstone::engines::hailo {

/// hailo_status; only those that are told apart.
inline constexpr int kHailoTimeout = 4;
inline constexpr int kHailoInvalidOperation = 6;
inline constexpr int kHailoCommunicationClosed = 62;
inline constexpr int kHailoDeviceInUse = 73;
inline constexpr int kHailoOutOfDevices = 74;
inline constexpr int kHailoConnectionRefused = 89;

/// Whether the way to the chip is broken: whoever has it open has to open it anew, in a new
/// process.
bool means_lost(int status) noexcept;

/// Whether another program has the chip, or none is there.
bool means_taken(int status) noexcept;

/// doing: "loading yolox-tiny"; technical: what HailoRT said, for the log and the curious.
Error explain_status(int status, const std::string& doing, const std::string& technical);

/// What is said where the chip already holds a model that writes, of another program.
Error language_place_taken(const std::string& model);

}  // namespace hailstone::engines::hailo
