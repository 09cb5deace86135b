// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/thread_name.hpp"

#include <pthread.h>

#include <cstring>

namespace hailstone::os {

void set_thread_name(const char* name) noexcept {
  char short_name[16] = {};
  std::strncpy(short_name, name, sizeof(short_name) - 1);
  pthread_setname_np(pthread_self(), short_name);
}

}  // namespace hailstone::os
