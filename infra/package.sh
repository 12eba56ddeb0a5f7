#!/usr/bin/env bash
# Packages the storage agent: one archive with everything that it needs to run, a list of its parts, and their checksums.
#   infra/package.sh [--runtime linux-x64|linux-arm64] [--out DIR]      default: linux-x64, artifacts/packages
# DIR then holds hybrid-agent-VERSION-RUNTIME.tar.gz (the self-contained program, unit, README, TRUST, NOTICE), its SBOM
# (CycloneDX, JSON) and SHA256SUMS. The same source makes the same bytes.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
runtime=linux-x64; out=artifacts/packages
while [ $# -gt 0 ]; do
  case $1 in
    --runtime) runtime=${2:?--runtime RUNTIME}; shift 2 ;;
    --out) out=${2:?--out DIR}; shift 2 ;;
    -h | --help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
    *) echo "unknown option $1; see --help" >&2; exit 2 ;;
  esac
done
case $runtime in linux-x64 | linux-arm64) ;; *) echo "--runtime is $runtime; give linux-x64 or linux-arm64." >&2; exit 2 ;; esac
for tool in dotnet tar gzip sha256sum; do command -v $tool >/dev/null || { echo "missing $tool" >&2; exit 3; }; done
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
project=storage-agent/Hybrid.StorageAgent
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
quietly() { # what, command: its last lines when it fails
  local what=$1; shift
  echo "$what …" >&2
  "$@" >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log" >&2; echo "$what failed." >&2; exit 1; }
}

# 1. The program. A program carries the digest of its symbols, which know folders and the repository's revision: both are left out, so that a copy
#    of the source makes the same bytes. Intermediates and the lock file of a publish for one platform stay away from those of the build.
version=$(dotnet msbuild "$project" -getProperty:Version)
name=hybrid-agent-$version-$runtime
quietly "Publishing $name" dotnet publish "$project" -c Release -r "$runtime" --self-contained true -p:PublishReadyToRun=true -p:ContinuousIntegrationBuild=true \
  -p:DebugType=none -p:EnableSourceControlManagerQueries=false -p:EnableSourceLink=false -p:IncludeSourceRevisionInInformationalVersion=false \
  --artifacts-path "$scratch/artifacts" -p:NuGetLockFilePath=obj/publish.lock.json -o "$scratch/$name/bin" -v q
rm -f "$scratch/$name/bin/"*.pdb "$scratch/$name/bin/"*.xml
cp storage-agent/README.md storage-agent/TRUST.md NOTICE infra/systemd/hybrid-agent.service "$scratch/$name/"

# 2. What is in it.
quietly "Restoring the tools" dotnet tool restore
quietly "Restoring what is listed" dotnet restore "$project" --locked-mode
quietly "Listing its parts" dotnet tool run dotnet-CycloneDX -- "$project/Hybrid.StorageAgent.csproj" -o "$scratch/$name" -fn sbom.cdx.json -F Json --disable-package-restore --exclude-dev \
  --no-serial-number --include-project-references --set-name hybrid-agent --set-version "$version"
# The one entry that differs from run to run.
sed -i -E 's/("timestamp": )"[^"]*"/\1"1970-01-01T00:00:00Z"/' "$scratch/$name/sbom.cdx.json"

# 3. One archive: owners, times and order say nothing of the machine that made it.
mkdir -p "$out"
tar --create --directory "$scratch" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' "$name" | gzip -n -9 >"$out/$name.tar.gz"
cp "$scratch/$name/sbom.cdx.json" "$out/$name.cdx.json"
(cd "$out" && sha256sum "$name.tar.gz" "$name.cdx.json" >"$name.SHA256SUMS")
echo "$out/$name.tar.gz ($(du -h "$out/$name.tar.gz" | cut -f 1))"
