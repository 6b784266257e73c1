#!/bin/sh
# Builds (once) and starts real object stores on loopback, runs a command with their addresses in the environment, stops them.
#   scripts/storage-servers.sh npx jest -c config/jest.config.cjs packages/runtime/test/storage/real-servers.test.ts
# Needs Go and npm. Everything lies in ISVC_STORAGE_SERVERS (default: a folder in the user's cache), never in the repository.
set -eu

cache=${ISVC_STORAGE_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/isvc-storage-servers}
mkdir -p "$cache/bin" "$cache/azurite"
data=$(mktemp -d)
pids=

stop() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$data"
}
trap stop EXIT INT TERM

# One module for each tool: together they would have to agree on their dependencies.
build() {
  [ -x "$cache/bin/$1" ] && return
  module=$(mktemp -d)
  (cd "$module" && go mod init x && go get -tool "$2@$3" && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$cache/bin/$1" "$2")
  rm -rf "$module"
}

# A port may be taken; the caller may choose others.
s3=${ISVC_S3_PORT:-17070} gcs=${ISVC_GCS_PORT:-17071} azure=${ISVC_AZURE_PORT:-17072}

build versitygw github.com/versity/versitygw/cmd/versitygw v1.8.0
build fake-gcs-server github.com/fsouza/fake-gcs-server v1.56.1
[ -d "$cache/azurite/node_modules/azurite" ] || (cd "$cache/azurite" && npm install --no-audit --no-fund --ignore-scripts azurite@3.37.0)

mkdir -p "$data/s3/models" "$data/gcs/models" "$data/azure"
ROOT_ACCESS_KEY=test-access-key ROOT_SECRET_KEY=test-secret-key "$cache/bin/versitygw" --port "127.0.0.1:$s3" posix "$data/s3" >"$data/s3.log" 2>&1 &
pids="$pids $!"
"$cache/bin/fake-gcs-server" -scheme http -host 127.0.0.1 -port "$gcs" -backend memory -data "$data/gcs" -public-host "127.0.0.1:$gcs" >"$data/gcs.log" 2>&1 &
pids="$pids $!"
node "$cache/azurite/node_modules/azurite/dist/src/blob/main.js" --silent --location "$data/azure" --blobPort "$azure" --skipApiVersionCheck >"$data/azure.log" 2>&1 &
pids="$pids $!"

for port in $s3 $gcs $azure; do
  tries=0
  until node -e "require('node:net').connect($port, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "nothing answers on port $port" >&2; cat "$data"/*.log >&2; exit 1; }
    sleep 0.2
  done
done

ISVC_TEST_S3="http://127.0.0.1:$s3" ISVC_TEST_GCS="http://127.0.0.1:$gcs" ISVC_TEST_AZURE="http://127.0.0.1:$azure/devstoreaccount1" "$@"
