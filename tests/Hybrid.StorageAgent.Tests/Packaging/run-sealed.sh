#!/usr/bin/env bash
# Runs a packaged agent as nobody in a root that holds the program, the libraries that it links and nothing else: no shell, read-only but
# for /data. For tests; needs root.
#   run-sealed.sh ROOT BIN DATA CONFIG FOLDER       FOLDER appears as /pictures, read-only
set -euo pipefail
root=$1 bin=$2 data=$3 config=$4 folder=$5
chmod 755 "$root"
mkdir -p "$root"/{opt/hybrid-agent,data,pictures,etc/hybrid-agent,proc,dev}
cp -r "$bin" "$root/opt/hybrid-agent/bin"
cp "$config" "$root/etc/hybrid-agent/agent.json"
libraries=$({ find "$bin" -name 'hybrid-agent' -o -name '*.so'; ldconfig -p | sed -n 's/.*\(libssl\.so\.3\|libcrypto\.so\.3\) .*=> //p'; } | xargs ldd 2>/dev/null |
  sed -n -E 's/.*=> (\/[^ ]+) .*/\1/p; s/^\s*(\/[^ ]*ld-linux[^ ]*) .*/\1/p' | grep -v "^$bin" | sort -u)
for library in $libraries $(ldconfig -p | sed -n 's/.*\(libssl\.so\.3\|libcrypto\.so\.3\) .*=> //p'); do install -D "$library" "$root$library"; done
for device in null zero random urandom; do : >"$root/dev/$device"; done
export root data folder DOTNET_EnableDiagnostics=0
exec unshare --mount --propagation private bash -c '
  set -e
  mount --bind "$root" "$root"
  mount --bind "$data" "$root/data"
  mount --bind "$folder" "$root/pictures"
  mount -o remount,bind,ro "$root/pictures"
  for device in null zero random urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done
  mount -t proc -o ro proc "$root/proc"
  mount -o remount,bind,ro "$root"
  exec setpriv --clear-groups --no-new-privs unshare --root="$root" --wd=/ --setgid=65532 --setuid=65532 /opt/hybrid-agent/bin/hybrid-agent run --config /etc/hybrid-agent/agent.json
'
