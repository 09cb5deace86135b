# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What ./run and ./check have in common: steps with a progress line, and how to get the build going.
# Sourced from the root of the repository, with bash's errexit on;
# functions that may be called where it is off ("build || ...") return explicitly.

# shellcheck disable=SC2034  # for those who source this
readonly kLogs=build/logs

# Progress goes to stderr: what the started program prints on stdout stays its own.
say() { printf '[%3d s] %s\n' "$SECONDS" "$*" >&2; }

fail_step() {
  say "$1 failed; the whole log is in $2"
  # Neither what was built nor the tests that passed.
  grep -vE '^ *(\[[0-9]+/[0-9]+\] |Start +[0-9]+:|[0-9]+/[0-9]+ .* Passed )' "$2" | tail -n 80 >&2
}

# step NAME COMMAND...: runs an external command. What it prints goes to build/logs/NAME.log, and
# every 20 seconds its last line says how far it is. A command with a progress display of its own
# (SHOW=yes) is seen as it runs if there is a terminal.
step() {
  local name=$1 log=$kLogs/$1.log status='' output
  shift
  mkdir -p "$kLogs"
  if [[ -n ${SHOW:-} && -t 2 ]]; then
    "$@" >&2
    return
  fi
  # Background jobs of a script ignore Ctrl-C unless told otherwise.
  exec {output}< <(env --default-signal=INT,QUIT "$@" >"$log" 2>&1 </dev/null && echo 0 || echo $?)
  until IFS= read -r -t 20 -u "$output" status; do
    say "$name: $(tail -n 1 "$log" | cut -c 1-100)"
  done
  exec {output}<&-
  [[ $status == 0 ]] || { fail_step "$name" "$log"; return "$status"; }
}

# Boost.Beast needs up to 1.2 GB for one compiler; a small board has more cores than that.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1200000) + 1 }' /proc/meminfo)
  echo $((memory < cores ? memory : cores))
}

# Whether the engine runtime has come since the build was configured without its headers.
has_new_headers() {
  grep -q '^OnnxRuntime_INCLUDE_DIR:.*NOTFOUND' "$1/CMakeCache.txt" &&
    tools/engine-runtime check >/dev/null 2>&1
}

# configure PRESET FOLDER TESTS: TESTS are the values of HAILSTONE_TESTS that will do ("ON|OFF").
# ninja notices changes of the CMake files by itself, only not of the presets.
configure() {
  local preset=$1 folder=$2 tests=$3
  if [[ -f $folder/build.ninja && ! CMakePresets.json -nt $folder/build.ninja ]] &&
    grep -qE "^HAILSTONE_TESTS:BOOL=($tests)$" "$folder/CMakeCache.txt" &&
    ! has_new_headers "$folder"; then
    return
  fi
  say "configuring ($preset)"
  step configure cmake --preset "$preset" || return
  touch "$folder/build.ninja"
}

# build FOLDER TARGET
build() {
  local jobs
  jobs=$(build_jobs)
  say "building with $jobs jobs (nothing to do if nothing changed)"
  SHOW=yes step build ninja -C "$1" -j "$jobs" "$2"
}

# The engine runtime is downloaded while packages are installed; the build needs its headers. Sets
# engine_pid.
start_engine_runtime() {
  mkdir -p "$kLogs"
  tools/engine-runtime make >"$kLogs/engine-runtime.log" 2>&1 &
  engine_pid=$!
  trap 'kill "$engine_pid" 2>/dev/null; wait "$engine_pid" || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Ends with the tool's status; its last line says what happened either way.
finish_engine_runtime() {
  local status=0
  kill -0 "$engine_pid" 2>/dev/null && say "waiting for the engine runtime"
  wait "$engine_pid" || status=$?
  trap - EXIT INT TERM
  say "$(tail -n 1 "$kLogs/engine-runtime.log")"
  return "$status"
}
