// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hailstone::os {

/// How many threads one engine may use: the machine's physical cores that this process may run on,
/// but one, which stays free for everybody else. At least 1. Threads that share a core only get
/// into each other's way, and one thread too many on a busy machine makes all others wait for it.
int default_threads();

}  // namespace hailstone::os
