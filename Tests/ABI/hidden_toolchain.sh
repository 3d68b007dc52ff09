#!/bin/sh
# Proves that the library loads where no Swift is installed: hides the toolchain behind an empty
# file system, in a mount namespace of its own, and runs the C example and a Python program there.
#
# hidden_toolchain.sh LIBRARY EXAMPLE      EXAMPLE is bindings/c/examples/checkpoints.c, compiled
set -u

library=$1
example=$2
passed=0
failed=0

count() {
  if [ "$1" -eq 0 ]; then
    passed=$((passed + 1))
    echo "toolchain: $2"
  else
    failed=$((failed + 1))
    echo "toolchain: $2: FAILED"
  fi
}

finish() {
  rm -rf "$folder"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

folder=$(mktemp -d) || exit 1
load='
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.interlock_library_version.restype = ctypes.c_char_p
engine = ctypes.c_void_p()
status = library.interlock_engine_open(
    b":memory:", ctypes.c_size_t(8), None, ctypes.byref(engine), None)
assert status == 0, status
assert library.interlock_engine_close(engine, None) == 0
print("  ctypes loaded", library.interlock_library_version().decode())
'

swift=$(command -v swift) || swift=
toolchain=
if [ -n "$swift" ]; then
  toolchain=$(dirname "$(dirname "$(readlink -f "$swift")")")
  # A distribution's own Swift shares /usr with everything else.
  if [ "$toolchain" = /usr ]; then toolchain=/usr/lib/swift; fi
fi

# inside COMMAND...: runs it without the toolchain.
inside() { "$@"; }

if [ -z "$toolchain" ]; then
  echo "toolchain: no swift on PATH, so there is nothing to hide"
else
  for way in "unshare -m" "unshare -r -m"; do
    # $way is split on purpose.
    if reason=$($way mount -t tmpfs none "$toolchain" 2>&1); then break; fi
    way=
  done
  if [ -n "$way" ]; then
    inside() {
      $way sh -c 'mount -t tmpfs none "$1" && shift && exec "$@"' sh "$toolchain" "$@"
    }
    inside sh -c '! ls -A "$1" | grep -q .' sh "$toolchain"
    count $? "its folder is empty"
  else
    echo "toolchain: cannot be hidden here ($reason); looking at the resolved libraries instead"
    ldd "$library" | grep -F "$toolchain/"
    [ $? -eq 1 ]
    count $? "no library is resolved to it"
    finish
  fi
fi

inside "$example" "$folder/example.db" >"$folder/output"
count $? "the C example runs"
grep -q '^latest$' "$folder/output"
count $? "it prints the latest checkpoint"
inside python3 -c "$load" "$library"
count $? "Python loads the library"
finish
