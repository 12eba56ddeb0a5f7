#!/usr/bin/env bash
# Ends the PgBouncer that pgbouncer-up.sh started.   pgbouncer-down.sh DIR
set -euo pipefail
pid=$(cat "${1:?DIR}/pid" 2>/dev/null) || exit 0
kill -INT "$pid" 2>/dev/null || true
for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done
kill "$pid" 2>/dev/null || true
