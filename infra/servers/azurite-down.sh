#!/usr/bin/env bash
# Ends the Azurite that azurite-up.sh started in DIR, and removes DIR.
set -uo pipefail
dir=$(realpath -m "${1:?DIR}")
[ -d "$dir" ] || exit 0
for name in http https; do
  pid=$(cat "$dir/$name.pid" 2>/dev/null) || continue
  # never end a stranger that was given the same number later
  tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF azurite || continue
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 30); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
done
rm -rf "$dir"
exit 0
