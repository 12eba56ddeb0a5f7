#!/usr/bin/env bash
# Starts a throwaway Azurite, Azure's own blob emulator, on the loopback address: for tests only.
#   azurite-up.sh DIR PORT     DIR is made; http on PORT (account key), https with a CA of its own on PORT+1 (OAuth). End it by azurite-down.sh DIR.
# Writes DIR/env (endpoints, account, key, DIR/ca.crt). Packages: tests/azurite, installed here by npm ci when they are not yet.
set -euo pipefail
dir=$(realpath -m "${1:?DIR}"); port=${2:?PORT}
here=$(dirname "$(realpath "$0")")
packages=$(realpath "$here/../../tests/azurite")
for tool in node npm openssl; do command -v $tool >/dev/null || { echo "missing $tool" >&2; exit 3; }; done
[ -e "$dir/env" ] && { echo "$dir already holds an Azurite; run azurite-down.sh $dir first" >&2; exit 4; }
for p in "$port" $((port + 1)); do
  (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null && { echo "port $p is in use" >&2; exit 5; }
done
mkdir -p "$dir"
[ "$packages/node_modules/.package-lock.json" -nt "$packages/package-lock.json" ] || (cd "$packages" && npm ci --silent --ignore-scripts) >"$dir/npm.log" 2>&1 ||
  { echo "Azurite could not be installed:" >&2; tail -n 20 "$dir/npm.log" >&2; exit 3; }

# A CA and a certificate by it: the connection's caFile must be what makes it trusted.
cd "$dir"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Hybrid test CA" -keyout ca.key -out ca.crt 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout tls.key -out tls.csr 2>/dev/null
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out tls.crt -extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') 2>/dev/null

account=hybridtest; key=$(head -c 64 /dev/urandom | base64 -w 0)
export AZURITE_ACCOUNTS="$account:$key"
start() { # name, port, further options
  local name=$1 at=$2; shift 2
  setsid node "$packages/node_modules/azurite/dist/src/blob/main.js" --silent --disableTelemetry --skipApiVersionCheck --blobHost 127.0.0.1 --blobPort "$at" \
    --inMemoryPersistence "$@" </dev/null >"$dir/$name.log" 2>&1 &
  echo $! > "$dir/$name.pid"
  for _ in $(seq 200); do
    (exec 3<>"/dev/tcp/127.0.0.1/$at") 2>/dev/null && return 0
    kill -0 "$(cat "$dir/$name.pid")" 2>/dev/null || break
    sleep 0.1
  done
  echo "Azurite did not start:" >&2; tail -n 20 "$dir/$name.log" >&2; "$here/azurite-down.sh" "$dir"; exit 1
}
start http "$port"
start https $((port + 1)) --oauth basic --cert tls.crt --key tls.key
cat > env <<ENV
AZURE_ENDPOINT=http://127.0.0.1:$port/$account
AZURE_ENDPOINT_TLS=https://127.0.0.1:$((port + 1))/$account
AZURE_ACCOUNT=$account
AZURE_ACCOUNT_KEY=$key
AZURE_CA=$dir/ca.crt
ENV
chmod 600 env
