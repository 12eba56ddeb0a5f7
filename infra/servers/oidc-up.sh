#!/usr/bin/env bash
# Starts a throwaway OpenID provider (npm oidc-provider) on the loopback address: for tests only.
#   oidc-up.sh DIR PORT     DIR is made; its issuer is http://localhost:PORT. End it by oidc-down.sh DIR.
# Packages: tests/oidc-provider, installed here by npm ci when they are not yet.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}"); port=${2:?PORT}
here=$(dirname "$(realpath "$0")")
packages=$(realpath "$here/../../tests/oidc-provider")
for tool in node npm; do command -v $tool >/dev/null || { echo "missing $tool" >&2; exit 3; }; done
[ -e "$dir/pid" ] && { echo "$dir already holds a provider; run oidc-down.sh $dir first" >&2; exit 4; }
(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && { echo "port $port is in use" >&2; exit 5; }
mkdir -p "$dir"
[ "$packages/node_modules/.package-lock.json" -nt "$packages/package-lock.json" ] || (cd "$packages" && npm ci --silent --ignore-scripts) >"$dir/npm.log" 2>&1 ||
  { echo "oidc-provider could not be installed:" >&2; tail -n 20 "$dir/npm.log" >&2; exit 3; }
setsid node "$packages/provider.mjs" "$port" </dev/null >"$dir/log" 2>&1 &
echo $! > "$dir/pid"
for _ in $(seq 200); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && exit 0
  kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
  sleep 0.1
done
echo "The OpenID provider did not start:" >&2; tail -n 20 "$dir/log" >&2; "$here/oidc-down.sh" "$dir"; exit 1
