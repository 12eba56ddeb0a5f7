#!/usr/bin/env bash
# Ends the Redis that redis-up.sh started.   redis-down.sh DIR
set -euo pipefail
pid=$(cat "${1:?DIR}/pid" 2>/dev/null) || exit 0
kill "$pid" 2>/dev/null || true
for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done
