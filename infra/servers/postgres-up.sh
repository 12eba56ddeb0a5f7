#!/usr/bin/env bash
# Starts a throwaway PostgreSQL 15 on the loopback address: for tests (without durability) and measurements (durable).
#   postgres-up.sh DIR PORT [durable]     DIR is made; writes DIR/pid. End it by postgres-down.sh DIR.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}"); port=${2:?PORT}
fast=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off); [ "${3:-}" = durable ] && fast=()
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || { echo "PostgreSQL 15 is missing: apt-get install postgresql-15" >&2; exit 3; }
mkdir -p "$dir"
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses root
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
cd "$dir"
"${as[@]}" $bin/initdb -D "$dir/data" -U postgres -A trust --no-sync --encoding=UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1
setsid "${as[@]}" $bin/postgres -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
  -c max_connections=300 "${fast[@]}" </dev/null >"$dir/postgres.log" 2>&1 &
echo $! > "$dir/pid"
for _ in $(seq 100); do
  $bin/pg_isready -q -h 127.0.0.1 -p "$port" && exit 0
  kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
  sleep 0.1
done
echo "PostgreSQL did not start:" >&2; tail -n 20 "$dir/postgres.log" >&2; exit 1
