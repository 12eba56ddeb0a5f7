#!/usr/bin/env bash
# Ends the PostgreSQL that postgres-up.sh started in DIR, and removes DIR.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}")
[ -f "$dir/pid" ] || exit 0
pid=$(cat "$dir/pid")
kill -INT "$pid" 2>/dev/null || true
for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
rm -rf "$dir"
