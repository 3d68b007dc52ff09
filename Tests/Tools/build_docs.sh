#!/bin/sh
# Makes the DocC archive of the guide in .build-docs, from the symbols of the library that was built.
# A warning is an error: a link that leads nowhere, an article that hides a symbol.
set -eu
cd "$(dirname "$0")/../.."

built=$PWD/.build-dist/release
docc=$(command -v docc || echo "$(dirname "$(readlink -f "$(command -v swift)")")/docc")
[ -x "$docc" ] || {
  echo "docc is not in this Swift toolchain" >&2
  exit 1
}

rm -rf .build-docs
mkdir -p .build-docs/symbols
swift symbolgraph-extract -module-name Interlock -minimum-access-level public \
  -target "$(uname -m)-unknown-linux-gnu" -I "$built/Modules" \
  -Xcc "-fmodule-map-file=$built/CFork.build/module.modulemap" \
  -Xcc "-fmodule-map-file=$built/CFutex.build/module.modulemap" \
  -output-dir .build-docs/symbols
"$docc" convert Sources/Interlock/Interlock.docc \
  --additional-symbol-graph-dir .build-docs/symbols \
  --fallback-display-name Interlock --fallback-bundle-identifier interlock \
  --output-path .build-docs/Interlock.doccarchive --warnings-as-errors
echo "the guide is .build-docs/Interlock.doccarchive"
