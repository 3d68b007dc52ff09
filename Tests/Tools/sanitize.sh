#!/bin/sh
# The Swift tests and the C client under AddressSanitizer and under ThreadSanitizer.
set -eu
cd "$(dirname "$0")/../.."
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
clang="$toolchain/bin/clang"
export SWIFT_BACKTRACE=enable=no

for sanitizer in address thread; do
  echo "=== Swift tests, $sanitizer sanitizer"
  # XCTest itself leaks a few hundred bytes at exit; the C client below is checked for leaks.
  log=$(mktemp)
  if ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 \
    swift test --sanitize=$sanitizer --scratch-path .build-$sanitizer >"$log" 2>&1; then
    grep -E '^(✘|✔ Test run)' "$log"
  else
    cat "$log"
    exit 1
  fi
  rm -f "$log"

  echo "=== C client, $sanitizer sanitizer"
  swift build --sanitize=$sanitizer --scratch-path .build-$sanitizer --product interlock
  library=.build-$sanitizer/debug/libinterlock.so
  for program in client threads race_threads; do
    sources="$(ls Tests/ABI/$program*.c) $(ls Tests/ABI/check*.c)"
    [ "$program" = race_threads ] && sources="$sources Tests/ABI/race.c"
    "$clang" -std=c99 -g -fsanitize=$sanitizer -Iinclude -ITests/ABI $sources -o ".build-$sanitizer/$program" \
      "$library" -L"$toolchain/lib/swift/linux" -Wl,--no-as-needed -ldispatch -lBlocksRuntime -lpthread \
      -Wl,-rpath,"$PWD/.build-$sanitizer/debug" -Wl,-rpath,"$toolchain/lib/swift/linux"
    ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=halt_on_error=1 ".build-$sanitizer/$program"
  done
done
echo "clean under both sanitizers"
