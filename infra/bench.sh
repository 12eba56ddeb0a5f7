#!/usr/bin/env bash
# Measures, each figure with its floor in the same run, and prints Markdown for tests/Hybrid.Benchmarks/RESULTS.md.
#   infra/bench.sh            lists the areas, then runs all of them
#   infra/bench.sh AREA       one area: presign, claim, submit, queue, agent (agent-sign, agent-proxy), import, picture, people, quality
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
area=${1:-}
case $area in -h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;; esac
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
scratch=$(mktemp -d); chmod 755 "$scratch"
finish() {
  [ -d "$scratch/pg" ] && infra/servers/postgres-down.sh "$scratch/pg"
  [ -d "$scratch/rgw" ] && infra/servers/rgw-down.sh "$scratch/rgw" >/dev/null 2>&1
  rm -rf "$scratch"
}
trap finish EXIT
run() { dotnet tests/Hybrid.Benchmarks/bin/Release/net10.0/Hybrid.Benchmarks.dll "$@"; }
quietly() { # what, command: its last lines when it fails
  local what=$1; shift
  echo "$what …" >&2
  "$@" >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" >&2; echo "$what failed." >&2; exit 1; }
}
# An area's parts have its name before theirs: agent is all of agent, agent-sign, agent-proxy.
wants() { [ -z "$area" ] || [ "$area" = "$1" ] || [ "$area" = "${1%%-*}" ]; }
free() { local port=$1; while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 50)); done; echo "$port"; }

# 1. What the area needs.
quietly "Building" dotnet build tests/Hybrid.Benchmarks -c Release -v q
areas=$(run --list)
if [ -n "$area" ] && ! grep -q "^$area " <<<"$areas"; then run "$area"; exit 2; fi
[ -n "$area" ] || echo "$areas" >&2
if wants claim || wants submit || wants queue || wants import || wants people; then
  [ -x /usr/lib/postgresql/15/bin/postgres ] || quietly "Installing PostgreSQL" apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=400 postgresql-15
  port=$(free 15800)
  quietly "Starting PostgreSQL, durable" infra/servers/postgres-up.sh "$scratch/pg" "$port" durable
  export HYBRID_BENCH_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
fi
if wants import; then
  # As they are delivered: what the runtime compiles in the first minutes is not the import's.
  for host in control-plane/Hybrid.ControlPlane:hybrid-control-plane storage-agent/Hybrid.StorageAgent:hybrid-agent; do
    quietly "Publishing ${host#*:}" dotnet publish "${host%:*}" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true \
      --artifacts-path "$scratch/artifacts" -p:NuGetLockFilePath=obj/publish.lock.json -o "$scratch/published/${host#*:}" -v q
  done
fi
if wants agent-proxy && ! [ -x /usr/sbin/nginx ]; then
  quietly "Installing nginx" apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=400 nginx-light
fi
if wants picture; then
  command -v chromium >/dev/null || quietly "Installing Chromium" apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=400 chromium
  [ -d infra/Hybrid.Demo/pictures/node_modules/three-globe ] || quietly "Fetching the photograph" npm --prefix infra/Hybrid.Demo/pictures ci --legacy-peer-deps --silent
  cd control-plane/workspace
  [ node_modules/.package-lock.json -nt package-lock.json ] || quietly "Installing the workspace's packages" npm ci --silent
  quietly "Building the workspace" npm run --silent build
  cd ../..
  # A gateway that is up already is used; otherwise one of our own, where Ceph is installed.
  if [ -z "${HYBRID_TEST_RGW:-}" ] && command -v radosgw >/dev/null; then
    quietly "Starting Ceph RGW" infra/servers/rgw-up.sh "$scratch/rgw" "$(free 17480)"
    export HYBRID_TEST_RGW="$scratch/rgw/env"
  fi
fi

# 2. The machine and the commit that the figures belong to.
echo "Machine: $(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(free_memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo); echo $((free_memory / 1048576))) GiB, $(. /etc/os-release; echo "$PRETTY_NAME"), .NET $(dotnet --version)"
echo "Commit: $(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo ' with changes'), $(date -u +%Y-%m-%dT%H:%MZ), load $(cut -d ' ' -f 1 /proc/loadavg)"
for one in $(cut -d ' ' -f 1 <<<"$areas"); do
  wants "$one" || continue
  published=; [ "$one" = import ] && published=$scratch/published
  HYBRID_BENCH_PUBLISHED=$published run "$one"
done
