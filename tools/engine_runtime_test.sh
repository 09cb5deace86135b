#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
#
# Tests of tools/engine-runtime against a small signed Debian repository made here: no network, no
# root.
# Prints one line per test ("ok" or "not ok"); exit status 77 means skipped.
set -uo pipefail
export LC_ALL=C

tool=$(dirname "$(realpath "$0")")/engine-runtime
for need in apt-get dpkg-deb gpg flock; do
  command -v "$need" >/dev/null || { echo "skipped: $need is not installed"; exit 77; }
done

work=$(mktemp -d /tmp/hailstone-ert.XXXXXX)
export GNUPGHOME=$work/gnupg
cleanup() { gpgconf --kill all 2>/dev/null; rm -rf "$work"; }
trap cleanup EXIT

case $(uname -m) in
  x86_64) arch=amd64 triplet=x86_64-linux-gnu loader=usr/lib64/ld-linux-x86-64.so.2 ;;
  aarch64) arch=arm64 triplet=aarch64-linux-gnu loader=usr/lib/ld-linux-aarch64.so.1 ;;
  *) echo "skipped: no engine runtime for $(uname -m)"; exit 77 ;;
esac

# ---- the repository ------------------------------------------------------------------------------

make_keys() {
  mkdir -m 700 "$GNUPGHOME"
  local name
  for name in debian stranger; do
    gpg --batch -q --passphrase '' --quick-gen-key "$name@example.org" ed25519 sign never \
      2>/dev/null || return 1
  done
  gpg -q --export debian@example.org >"$work/keys.gpg"
}

put() { mkdir -p "$(dirname "$1")" && printf '%s\n' "$2" >"$1"; }

# package FOLDER NAME VERSION: builds a package of what stands in FOLDER
package() {
  put "$1/DEBIAN/control" "Package: $2
Version: $3
Architecture: $arch
Maintainer: Nobody <nobody@example.org>
Description: stand-in"
  dpkg-deb --root-owner-group -Znone -b "$1" "$repo/$2_$3_$arch.deb" >/dev/null
}

# The loader of this tree is a script, so that starting llama-server through it works.
build_packages() {
  local version=$1 files=$work/files lib=usr/lib/$triplet
  rm -rf "$files"
  put "$files/tools/usr/bin/llama-server" program
  put "$files/tools/$loader" '#!/bin/sh
echo "version: stand-in"'
  chmod 755 "$files/tools/usr/bin/llama-server" "$files/tools/$loader"
  put "$files/tools/$lib/libc.so.6" libc
  put "$files/tools/$lib/ggml/backends0/libggml-cpu-x64.so" backend
  put "$files/tools/usr/share/doc/llama/copyright" licence
  put "$files/tools/usr/share/man/man1/llama-server.1" manual
  put "$files/tools/usr/lib/$triplet/only-in-$version" "$version"
  put "$files/onnx/$lib/libonnxruntime.so" onnx
  put "$files/onnx/usr/include/onnxruntime/onnxruntime_c_api.h" header
  put "$files/whisper/$lib/libwhisper.so" whisper
  put "$files/whisper/usr/include/whisper.h" header
  package "$files/tools" llama.cpp-tools "$version"
  package "$files/onnx" libonnxruntime-dev "$version"
  package "$files/whisper" libwhisper-dev "$version"
}

write_index() {
  local index=$repo/dists/forky/main/binary-$arch/Packages deb
  mkdir -p "$(dirname "$index")"
  for deb in "$repo"/*.deb; do
    dpkg-deb -f "$deb"
    printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$(basename "$deb")" "$(stat -c %s "$deb")" \
      "$(sha256sum <"$deb" | cut -d ' ' -f 1)"
  done >"$index"
  cat >"$repo/dists/forky/Release" <<RELEASE
Origin: Test
Suite: forky
Codename: forky
Date: $(date -Ru)
Architectures: $arch
Components: main
SHA256:
 $(sha256sum <"$index" | cut -d ' ' -f 1) $(stat -c %s "$index") main/binary-$arch/Packages
RELEASE
}

sign() {
  local release=$repo/dists/forky
  gpg --batch -q --yes -u "$1@example.org" --clearsign -o "$release/InRelease" "$release/Release"
}

# repository NAME VERSION: a signed repository, and the one that the tool uses from now on
repository() {
  repo=$work/$1
  mkdir -p "$repo"
  build_packages "$2"
  write_index
  sign debian
  export HAILSTONE_DEBIAN_MIRROR=copy:$repo
}

# ---- helpers -------------------------------------------------------------------------------------

# tool WANTED-STATUS ARGUMENT...: runs the tool on $tree, keeps its words in $output
tool() {
  local wanted=$1 status; shift
  output=$("$tool" "$@" --force --dir "$tree" 2>&1); status=$?
  [[ $status -eq $wanted ]] && return
  echo "# $*: exit status $status instead of $wanted: $output"
  return 1
}

says() { [[ $output == *"$1"* ]] || { echo "# '$1' is not in: $output"; return 1; }; }
nothing_beside() {
  [[ -z $(compgen -G "$tree.part.*") && ! -e $tree.old ]] && return
  echo "# left behind: $(ls -d "$tree".*)"
  return 1
}
has() { [[ -e $tree/$1 ]] || { echo "# $1 is not in the tree"; return 1; }; }
lacks() { [[ ! -e $tree/$1 ]] || { echo "# $1 is in the tree"; return 1; }; }

# A dpkg-deb that stops at its first package until it is told to go on, so that a test can act in
# the middle.
install_brake() {
  mkdir -p "$work/brake"
  cat >"$work/brake/dpkg-deb" <<BRAKE
#!/bin/sh
if [ "\$1" = -x ] && mkdir "$work/reached" 2>/dev/null; then
  i=0; while [ ! -e "$work/go" ] && [ \$i -lt 600 ]; do sleep 0.05; i=\$((i + 1)); done
fi
PATH=\${PATH#*:} exec dpkg-deb "\$@"
BRAKE
  chmod 755 "$work/brake/dpkg-deb"
}

# Starts "make --renew" in a process group of its own and waits until it is unpacking.
start_make_and_wait() {
  rm -rf "$work/reached" "$work/go"
  PATH=$work/brake:$PATH setsid "$tool" make --renew --force --dir "$tree" >"$work/brake.log" 2>&1 &
  pid=$!
  local i
  for ((i = 0; i < 600; i++)); do
    [[ -d $work/reached ]] && return 0
    sleep 0.05
  done
  echo "# never reached unpacking: $(<"$work/brake.log")"
  return 1
}

kill_group() { kill -KILL -- "-$pid" 2>/dev/null; wait "$pid" 2>/dev/null; return 0; }
stop_in_the_middle() { start_make_and_wait || { kill_group; return 1; }; }

# ---- tests ---------------------------------------------------------------------------------------

test_makes_a_whole_tree_from_a_signed_repository() {
  tool 0 make && says 'ready in' && tool 0 check && has usr/bin/llama-server &&
    [[ $(wc -l <"$tree/VERSIONS") == 3 ]] && has usr/share/doc/llama/copyright &&
    lacks usr/share/man && nothing_beside
}

test_a_second_make_needs_no_network() {
  tool 0 make && HAILSTONE_DEBIAN_MIRROR=$unreachable tool 0 make && says 'ready in'
}

test_env_prints_paths_that_exist() {
  local LOADER LIBRARY_PATH BIN GGML_BACKENDS
  tool 0 make && tool 0 env && eval "$output" &&
    [[ -x $LOADER && -x $BIN/llama-server && -d ${LIBRARY_PATH%%:*} && -d $GGML_BACKENDS ]]
}

test_without_a_network_the_tree_stays() {
  tool 0 make && HAILSTONE_DEBIAN_MIRROR=$unreachable tool 4 make --renew &&
    says 'cannot reach the Debian mirror' && tool 0 check && nothing_beside
}

test_without_a_network_and_a_tree_nothing_is_left() {
  HAILSTONE_DEBIAN_MIRROR=$unreachable tool 4 make && [[ ! -e $tree ]] && nothing_beside &&
    tool 3 check
}

test_an_unsigned_repository_is_refused() {
  repository unsigned 1.0
  rm "$repo/dists/forky/InRelease"
  tool 5 make && says 'not signed' && [[ ! -e $tree ]]
}

test_a_signature_of_a_stranger_is_refused() {
  repository strange 1.0
  sign stranger
  tool 5 make && says 'not signed by a key' && [[ ! -e $tree ]]
}

test_a_package_changed_after_signing_is_refused() {
  repository changed 1.0
  printf x | dd of="$repo/libwhisper-dev_1.0_$arch.deb" bs=1 seek=200 conv=notrunc status=none
  tool 5 make && [[ ! -e $tree ]] && nothing_beside
}

test_an_index_changed_after_signing_is_refused() {
  repository reindexed 1.0
  sed -i 's/^Size: \(.\)/Size: 9/' "$repo/dists/forky/main/binary-$arch/Packages"
  tool 5 make && [[ ! -e $tree ]]
}

test_a_mirror_that_lacks_a_package_is_named() {
  repository lacking 1.0
  rm "$repo"/libwhisper-dev_*
  write_index
  sign debian
  tool 6 make && says libwhisper-dev && [[ ! -e $tree ]]
}

test_packages_without_the_needed_parts_do_not_become_a_tree() {
  repository hollow 1.0
  rm -r "$work/files/onnx/usr/lib"
  package "$work/files/onnx" libonnxruntime-dev 1.0
  write_index
  sign debian
  tool 3 make && says libonnxruntime.so && [[ ! -e $tree ]] && nothing_beside
}

test_check_names_a_missing_and_a_changed_file() {
  tool 0 make && rm "$tree/usr/bin/llama-server" &&
    echo other >"$tree/usr/lib/$triplet/libc.so.6" && tool 3 check && says usr/bin/llama-server &&
    says libc.so.6 && tool 0 make --renew && tool 0 check
}

test_a_tree_without_its_seal_is_incomplete() {
  tool 0 make && rm "$tree/COMPLETE" && tool 3 check && says incomplete && tool 3 env &&
    tool 0 make && tool 0 check
}

test_a_kill_in_the_middle_keeps_the_old_tree() {
  tool 0 make || return 1
  stop_in_the_middle || return 1
  kill_group
  tool 0 check && [[ -n $(compgen -G "$tree.part.*") ]] && tool 0 make --renew && nothing_beside
}

test_a_kill_in_the_middle_of_the_first_make_leaves_no_tree() {
  stop_in_the_middle || return 1
  kill_group
  tool 3 check && tool 0 make && tool 0 check && nothing_beside
}

test_a_polite_end_cleans_up() {
  stop_in_the_middle || return 1
  kill -TERM -- "-$pid"
  wait "$pid"
  nothing_beside && [[ ! -e $tree ]]
}

test_an_end_between_the_two_renames_is_healed() {
  tool 0 make && mv "$tree" "$tree.old" && HAILSTONE_DEBIAN_MIRROR=$unreachable tool 0 make &&
    tool 0 check && nothing_beside
}

test_two_makes_at_once_take_turns() {
  stop_in_the_middle || return 1
  "$tool" make --force --dir "$tree" >"$work/second.log" 2>&1 &
  local second=$! i
  for ((i = 0; i < 600; i++)); do grep -qs waiting "$work/second.log" && break; sleep 0.05; done
  touch "$work/go"
  wait "$pid" && wait "$second" && grep -q waiting "$work/second.log" &&
    ! grep -q downloading "$work/second.log" && tool 0 check
}

test_a_newer_version_replaces_the_tree() {
  tool 0 make || return 1
  has "usr/lib/$triplet/only-in-1.0" || return 1
  repository newer 2.0
  tool 0 make --renew && has "usr/lib/$triplet/only-in-2.0" &&
    lacks "usr/lib/$triplet/only-in-1.0" && tool 0 show && says 2.0
}

test_remove_removes_only_what_is_ours() {
  tool 0 make && tool 0 remove && [[ ! -e $tree ]] && mkdir "$tree" && touch "$tree/letter" &&
    tool 2 remove && tool 2 make && has letter
}

test_a_path_with_spaces_works() {
  tree="$work/a tree/with spaces"
  tool 0 make && tool 0 check && tool 0 remove
}

test_the_mirror_is_the_one_that_apt_uses() {
  mkdir -p "$work/sources.d"
  printf '%s\n' 'deb http://archive.raspberrypi.com/debian/ trixie main' \
    'deb http://127.0.0.1:9/debian-security bookworm-security main' \
    'deb http://127.0.0.1:9/of-this-host/debian bookworm main' >"$work/sources.d/test.list"
  printf 'Dir::Etc { SourceParts "%s"; SourceList "/dev/null"; };\n' "$work/sources.d" \
    >"$work/apt.conf"
  HAILSTONE_DEBIAN_MIRROR='' APT_CONFIG=$work/apt.conf tool 4 make &&
    says 'http://127.0.0.1:9/of-this-host/debian'
}

test_wrong_arguments_are_refused() {
  local status
  for arguments in '' 'paint' 'make --arch mips' 'make --dir'; do
    # shellcheck disable=SC2086  # several words
    "$tool" $arguments >/dev/null 2>&1; status=$?
    [[ $status -eq 2 ]] || { echo "# '$arguments': exit status $status"; return 1; }
  done
}

# ---- main ----------------------------------------------------------------------------------------

make_keys || { echo "skipped: gpg cannot make keys here"; exit 77; }
install_brake
export HAILSTONE_DEBIAN_KEYRING=$work/keys.gpg
readonly unreachable=http://127.0.0.1:9/debian
unset HAILSTONE_DEBIAN_SUITE
repository standard 1.0
readonly standard=$HAILSTONE_DEBIAN_MIRROR
number=0 failed=0
for name in $(declare -F | awk '$3 ~ /^test_/ { print $3 }'); do
  [[ ${1:-$name} == "$name" ]] || continue
  number=$((number + 1)) tree=$work/tree$number output=''
  export HAILSTONE_DEBIAN_MIRROR=$standard
  title=${name#test_}
  if "$name"; then result=ok; else result='not ok' failed=$((failed + 1)); fi
  echo "$result $number - ${title//_/ }"
done
echo "1..$number"
[[ $failed -eq 0 ]]
