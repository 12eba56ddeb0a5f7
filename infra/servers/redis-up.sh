#!/usr/bin/env bash
# Starts a throwaway Redis on the loopback address, without a disk.   redis-up.sh DIR PORT     End it by redis-down.sh DIR.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}"); port=${2:?PORT}
command -v redis-server >/dev/null || { echo "Redis is missing: apt-get install redis-server" >&2; exit 3; }
mkdir -p "$dir"
redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --daemonize yes --pidfile "$dir/pid" --dir "$dir" --logfile "$dir/redis.log" >/dev/null
for _ in $(seq 50); do
  redis-cli -p "$port" ping >/dev/null 2>&1 && exit 0
  sleep 0.1
done
echo "Redis did not start:" >&2; tail -n 20 "$dir/redis.log" >&2; exit 1
