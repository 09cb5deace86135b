// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Threads carry a name, so that top -H and a debugger tell them apart.

namespace hailstone::os {

/// Names the calling thread; the kernel keeps the first 15 characters.
void set_thread_name(const char* name) noexcept;

}  // namespace hailstone::os
