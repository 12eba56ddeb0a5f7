#!/usr/bin/env bash
# Starts a throwaway PgBouncer in transaction mode in front of a PostgreSQL on the loopback address, with fewer connections than a test
# asks for at once, so that transactions really share them.
#   pgbouncer-up.sh DIR PORT POSTGRES_PORT     DIR is made; writes DIR/pid. End it by pgbouncer-down.sh DIR.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}"); port=${2:?PORT}; postgres=${3:?POSTGRES_PORT}
[ -x /usr/sbin/pgbouncer ] || { echo "PgBouncer is missing: apt-get install pgbouncer" >&2; exit 3; }
mkdir -p "$dir"
cat >"$dir/pgbouncer.ini" <<INI
[databases]
* = host=127.0.0.1 port=$postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $dir/users.txt
pool_mode = transaction
default_pool_size = 3
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
INI
printf '"%s" ""\n' hybrid_app hybrid_reader >"$dir/users.txt"
as=()
if [ "$(id -u)" = 0 ]; then # PgBouncer refuses root
  chown -R postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
setsid "${as[@]}" /usr/sbin/pgbouncer "$dir/pgbouncer.ini" </dev/null >"$dir/pgbouncer.log" 2>&1 &
echo $! >"$dir/pid"
for _ in $(seq 50); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && exit 0
  kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
  sleep 0.1
done
echo "PgBouncer did not start:" >&2; tail -n 20 "$dir/pgbouncer.log" >&2; exit 1
