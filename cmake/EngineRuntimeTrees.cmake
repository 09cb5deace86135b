# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

# Sets trees: where the engine runtime (tools/engine-runtime) may be.
if(DEFINED ENV{HAILSTONE_ENGINE_RUNTIME})
  set(trees "$ENV{HAILSTONE_ENGINE_RUNTIME}")
else()
  if(DEFINED ENV{XDG_DATA_HOME} AND NOT "$ENV{XDG_DATA_HOME}" STREQUAL "")
    set(data "$ENV{XDG_DATA_HOME}")
  else()
    set(data "$ENV{HOME}/.local/share")
  endif()
  file(GLOB trees "${data}/hailstone/engine-runtime/*")
endif()
list(APPEND trees /usr/lib/hailstone/engine-runtime)
