#!/usr/bin/env bash
# Installs what the tests need, runs them, and ends with "N passed, N failed".
#   infra/test.sh                  everything
#   infra/test.sh --quick          the inner loop: no Ceph RGW, no Azurite, no browser
#   infra/test.sh [--quick] AREA   one area: a test project's name without "Hybrid." and ".Tests", in lower case
#                                  (security, controlplane, storageagent, architecture, endtoend …) or workspace
set -uo pipefail
cd "$(dirname "$(realpath "$0")")/.."
quick=no; area=
for argument in "$@"; do
  case $argument in
    --quick) quick=yes ;;
    -h | --help) sed -n '2,6s/^# //p' "$0"; exit 0 ;;
    *) area=${argument,,} ;;
  esac
done
# Without dynamic profiles: a test runs so briefly that code is instrumented for nothing.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_TieredPGO=0

# 1. Which projects belong to the area.
projects=(); names=()
for file in tests/*/*.csproj; do
  grep -q xunit.v3\" "$file" || continue
  name=$(basename "$file" .csproj); short=${name#Hybrid.}; short=${short%.Tests}; short=$(tr -d . <<<"${short,,}")
  names+=("$short")
  true
  [ -z "$area" ] || [ "$area" = "$short" ] && projects+=("$file")
done
workspace=no
[ -f control-plane/workspace/package.json ] && { [ -z "$area" ] || [ "$area" = workspace ]; } && workspace=yes
if [ ${#projects[@]} = 0 ] && [ $workspace = no ]; then
  echo "There is no area '$area'. Areas: ${names[*]} workspace" >&2
  echo "0 passed, 1 failed"; exit 2
fi

# 2. What the machine lacks.
need=()
want() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || need+=("$2"); }
want curl curl; want openssl openssl; want setpriv util-linux; want /usr/lib/postgresql/15/bin/postgres postgresql-15; want redis-server redis-server; want /usr/sbin/pgbouncer pgbouncer
want node nodejs; want npm npm
if [ "$quick" = no ]; then
  want ceph-mon ceph-mon; want ceph-osd ceph-osd; want radosgw radosgw; want chromium chromium
fi
if [ ${#need[@]} -gt 0 ]; then
  echo "Installing ${need[*]} …"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=400 "${need[@]}"; } >/tmp/hybrid-apt.log 2>&1 ||
    { tail -n 20 /tmp/hybrid-apt.log >&2; echo "Packages could not be installed: ${need[*]}" >&2; echo "0 passed, 1 failed"; exit 1; }
fi

# 3. Build once. A warning is an error.
passed=0; failed=0; skipped=0
fail() { echo "✗ $1" >&2; failed=$((failed + 1)); }
total() { # a part's name, passed, failed, skipped
  printf '  %-40s %5d passed %3d failed %3d skipped\n' "$1" "$2" "$3" "$4"
  passed=$((passed + $2)); failed=$((failed + $3)); skipped=$((skipped + $4))
}
scratch=$(mktemp -d); chmod 755 "$scratch"
finish() {
  [ -d "$scratch/bouncer" ] && infra/servers/pgbouncer-down.sh "$scratch/bouncer"
  [ -d "$scratch/pg" ] && infra/servers/postgres-down.sh "$scratch/pg"
  [ -d "$scratch/redis" ] && infra/servers/redis-down.sh "$scratch/redis"
  [ -d "$scratch/azurite" ] && infra/servers/azurite-down.sh "$scratch/azurite"
  [ -d "$scratch/oidc" ] && infra/servers/oidc-down.sh "$scratch/oidc"
  [ -d "$scratch/rgw" ] && infra/servers/rgw-down.sh "$scratch/rgw" >/dev/null 2>&1
  rm -rf "$scratch"
}
trap finish EXIT

if [ $workspace = yes ]; then
  (
    cd control-plane/workspace &&
      { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent; } &&
      npm run --silent build && npm run --silent typecheck && npm run --silent lint
  ) >"$scratch/workspace.log" 2>&1 || { tail -n 40 "$scratch/workspace.log" >&2; fail "the workspace does not build, typecheck or lint"; }
  (cd control-plane/workspace && npx --no-install vitest run --reporter=json --outputFile="$scratch/vitest.json") >"$scratch/vitest.log" 2>&1
  if [ -s "$scratch/vitest.json" ]; then
    read -r p f s < <(node -e 'const r=require(process.argv[1]);console.log(r.numPassedTests,r.numFailedTests+r.numFailedTestSuites*(r.numFailedTests?0:1),r.numPendingTests+r.numTodoTests)' "$scratch/vitest.json")
    [ "$f" = 0 ] || tail -n 60 "$scratch/vitest.log" >&2
    total workspace "$p" "$f" "$s"
  else
    tail -n 40 "$scratch/vitest.log" >&2; fail "the workspace's tests printed no total"
  fi
fi

if [ "$area" = endtoend ] && [ "$quick" = no ]; then # its browsers open the built workspace
  (cd control-plane/workspace && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent; } && npm run --silent build) >"$scratch/workspace.log" 2>&1 ||
    { tail -n 40 "$scratch/workspace.log" >&2; fail "the workspace does not build"; }
fi

if [ ${#projects[@]} -gt 0 ]; then
  target=Hybrid.sln; [ -n "$area" ] && target=${projects[0]}
  if ! dotnet build "$target" -v q >"$scratch/build.log" 2>&1; then
    grep -E 'error|warning' "$scratch/build.log" | sort -u | head -n 40 >&2
    fail "the build"
    echo "$passed passed, $failed failed"; exit 1
  fi

  # 4. The servers, once for all projects; each test class has its own database or bucket.
  free() { local port=$1; while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 50)); done; echo "$port"; }
  port=$(free 15432)
  if infra/servers/postgres-up.sh "$scratch/pg" "$port"; then
    export HYBRID_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
    bouncer=$(free 16432)
    if infra/servers/pgbouncer-up.sh "$scratch/bouncer" "$bouncer" "$port"; then export HYBRID_TEST_PGBOUNCER="127.0.0.1:$bouncer"; else fail "PgBouncer"; fi
  else fail "PostgreSQL"; fi
  port=$(free 16379)
  if infra/servers/redis-up.sh "$scratch/redis" "$port"; then export HYBRID_TEST_REDIS="127.0.0.1:$port"; else fail "Redis"; fi
  port=$(free 17680)
  if infra/servers/oidc-up.sh "$scratch/oidc" "$port" >"$scratch/oidc.log" 2>&1; then export HYBRID_TEST_OIDC="http://localhost:$port"
  else tail -n 20 "$scratch/oidc.log" >&2; fail "the OpenID provider"; fi
  if [ "$quick" = no ]; then
    if infra/servers/rgw-up.sh "$scratch/rgw" "$(free 17480)" >"$scratch/rgw.log" 2>&1; then
      export HYBRID_TEST_RGW="$scratch/rgw/env"
    else tail -n 20 "$scratch/rgw.log" >&2; fail "Ceph RGW"; fi
    if infra/servers/azurite-up.sh "$scratch/azurite" "$(free 17580)" >"$scratch/azurite.log" 2>&1; then
      export HYBRID_TEST_AZURITE="$scratch/azurite/env"
    else tail -n 20 "$scratch/azurite.log" >&2; fail "Azurite"; fi
  fi

  # 5. Each project is a program of its own; its last lines hold its figures.
  for file in "${projects[@]}"; do
    name=$(basename "$file" .csproj); log=$scratch/$name.log
    dll=$(dirname "$file")/bin/Debug/net10.0/$name.dll
    timeout 1500 dotnet "$dll" --progress off --no-ansi >"$log" 2>&1; code=$?
    p=$(sed -nE 's/^ *succeeded: ([0-9]+).*/\1/p' "$log" | tail -n 1)
    f=$(sed -nE 's/^ *failed: ([0-9]+).*/\1/p' "$log" | tail -n 1)
    s=$(sed -nE 's/^ *skipped: ([0-9]+).*/\1/p' "$log" | tail -n 1)
    if [ -z "$p" ] || [ -z "$f" ]; then
      # Exit code 8: a project without a test yet; anything else without figures has failed.
      [ $code = 8 ] && continue
      tail -n 40 "$log" >&2; fail "$name printed no total (exit code $code)"; continue
    fi
    # A browser or a program that came too late on a busy machine gets one more chance, and is named; what fails twice has failed.
    if [ "$name" = Hybrid.EndToEnd ] && [ "$f" -gt 0 ] && [ "$f" -le 5 ]; then
      mapfile -t late < <(sed -nE 's/^failed ([A-Za-z0-9_.+]+).*/\1/p' "$log" | sort -u)
      again=(); for test in "${late[@]}"; do again+=(--filter-method "$test"); done
      if timeout 600 dotnet "$dll" --progress off --no-ansi "${again[@]}" >"$log.again" 2>&1; then
        sed -nE '/^failed /,/^ *at /p' "$log" >&2
        printf '  passed at the second try: %s\n' "${late[@]}"
        p=$((p + f)); f=0; code=0
      else
        cat "$log.again" >&2
      fi
    fi
    [ "$f" = 0 ] && [ $code != 0 ] && [ $code != 8 ] && { tail -n 40 "$log" >&2; fail "$name ended with code $code"; }
    [ "$f" = 0 ] || grep -vE '^ *(skipped|passed) ' "$log" | tail -n 120 >&2
    total "$name" "$p" "$f" "${s:-0}"
  done
fi

[ $skipped = 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
