#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# Runs the conformance suite; installs the pinned clients where they are missing or outdated.
# Exit code 77 (skipped) where there is no Node.js.
set -euo pipefail
cd "$(dirname "$0")"
command -v node >/dev/null && command -v npm >/dev/null || { echo "no Node.js"; exit 77; }
if [[ ! -f node_modules/.installed || package-lock.json -nt node_modules/.installed ]]; then
  npm ci --no-progress --loglevel=error
  touch node_modules/.installed
fi
exec node --test
