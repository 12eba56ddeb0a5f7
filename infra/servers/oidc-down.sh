#!/usr/bin/env bash
# Ends the provider that oidc-up.sh started in DIR, and removes DIR.
set -uo pipefail
dir=$(realpath -m "${1:?DIR}")
[ -d "$dir" ] || exit 0
if pid=$(cat "$dir/pid" 2>/dev/null); then
  # never end a stranger that was given the same number later
  if tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF oidc-provider; then
    kill -TERM "$pid" 2>/dev/null
    for _ in $(seq 30); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
  fi
fi
rm -rf "$dir"
exit 0
