#!/usr/bin/env bash
# Takes the OpenAPI documents that the build made over into the repository, where a test compares them with the build.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
for host in control-plane/Hybrid.ControlPlane storage-agent/Hybrid.StorageAgent; do
  dotnet build "$host" -v q
  cp "$host/obj/openapi/openapi.json" "$host/openapi.json"
done
