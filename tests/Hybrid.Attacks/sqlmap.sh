#!/usr/bin/env bash
# sqlmap over every parameter of the control plane, on PostgreSQL, against 127.0.0.1 alone.
#   tests/Hybrid.Attacks/sqlmap.sh [SECONDS]   after so many seconds nothing more is begun (default 900)
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
command -v sqlmap >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends sqlmap >/dev/null; }
scratch=$(mktemp -d); chmod 755 "$scratch"
port=$((20000 + RANDOM % 10000))
finish() { infra/servers/postgres-down.sh "$scratch/pg" || true; rm -rf "$scratch"; }
trap finish EXIT
infra/servers/postgres-up.sh "$scratch/pg" "$port"
export HYBRID_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres" HYBRID_TEST_SQLMAP=${1:-900} HYBRID_TEST_SQLMAP_REPORT="$scratch/report"
dotnet build tests/Hybrid.Attacks -v q
outcome=0
tests/Hybrid.Attacks/bin/Debug/net10.0/Hybrid.Attacks --filter-class "*SqlmapTests" || outcome=$?
cat "$scratch/report" 2>/dev/null || true; echo
exit $outcome
