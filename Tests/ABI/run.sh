#!/bin/sh
# Builds and runs every test of the C interface against one shared library.
#
# run.sh LIBRARY=path/to/libinterlock.so [RACES=n]
#
# With RACES nothing but n races for reviews and n for runs, permits and tokens, between processes;
# 100000 take a long time. Of n races for runs an eighth is of each kind.
#
# Also from the environment: LIBRARY, RACES, BUILD (a folder for what is built, default a temporary
# one), CC (default cc), CLANG (reads the header, default the first on PATH), CFLAGS.
set -u

SHORT_RACES=1200
SHORT_RUN_RACES=1600

for argument in "$@"; do
  case $argument in
    LIBRARY=*) LIBRARY=${argument#LIBRARY=} ;;
    RACES=*) RACES=${argument#RACES=} ;;
    *)
      echo "run.sh: unknown argument $argument" >&2
      exit 2
      ;;
  esac
done
if [ ! -f "${LIBRARY:-}" ]; then
  echo "run.sh: LIBRARY must name the shared library" >&2
  exit 2
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
header=$root/include/interlock.h
library=$(readlink -f "$LIBRARY")
strict="-std=c99 -Wall -Wextra -Werror -pedantic -g ${CFLAGS:-}"
CC=${CC:-cc}
export CC

temporary=
if [ -z "${BUILD:-}" ]; then
  BUILD=$(mktemp -d) || exit 1
  temporary=$BUILD
fi
mkdir -p "$BUILD/lib" "$BUILD/tmp" || exit 1
build=$(CDPATH='' cd -- "$BUILD" && pwd)
trap '[ -z "$temporary" ] || rm -rf "$temporary"' EXIT
ln -sf "$library" "$build/lib/libinterlock.so.1"
ln -sf libinterlock.so.1 "$build/lib/libinterlock.so"
export TMPDIR="$build/tmp" LD_LIBRARY_PATH="$build/lib" PYTHONDONTWRITEBYTECODE=1

passed=0
failed=0
summary=

# part NAME COMMAND...: runs it and adds what its last line counts.
part() {
  name=$1
  shift
  echo "== $name"
  "$@" >"$build/$name.log" 2>&1
  code=$?
  cat "$build/$name.log"
  good=$(sed -n '$s/.*\(^\|[^0-9]\)\([0-9][0-9]*\) passed, [0-9]* failed$/\2/p' "$build/$name.log")
  bad=$(sed -n '$s/.*[0-9] passed, \([0-9][0-9]*\) failed$/\1/p' "$build/$name.log")
  # A part that dies without counting has failed.
  if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
  if [ -z "$good$bad" ]; then bad=1; fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + ${bad:-0}))
  summary="$summary$(printf '%-10s %6d passed, %d failed' "$name" "${good:-0}" "${bad:-0}")
"
}

summarize() {
  echo "== summary"
  printf '%s' "$summary"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

# one COMMAND...: a part that is a single check.
one() {
  if "$@"; then echo "1 passed, 0 failed"; else
    echo "0 passed, 1 failed"
    return 1
  fi
}

compile() { # OUTPUT SOURCES AND FLAGS...
  output=$1
  shift
  # shellcheck disable=SC2086
  "$CC" $strict -I"$root/include" -I"$build" "$@" -o "$build/$output"
}

with_library() { compile "$@" -L"$build/lib" -linterlock; }

build_races() {
  with_library race_reviews -pthread "$here/check_json.c" "$here/race.c" \
    "$here/race_reviews.c" "$here/race_verdict.c" &&
    with_library race_runs -pthread "$here/check_json.c" "$here/race.c" "$here/race_runs.c" \
      "$here/race_runs_verdict.c"
}

build_all() {
  python3 "$here/prototypes.py" table "$header" >"$build/prototypes.inc" &&
    with_library client -pthread "$here"/check*.c "$here"/client*.c &&
    with_library threads -pthread "$here/threads.c" &&
    with_library kills "$here"/kill_*.c -lsqlite3 &&
    with_library race_threads -pthread "$here/check_json.c" "$here/race.c" \
      "$here/race_threads.c" &&
    build_races &&
    with_library checkpoints "$root/bindings/c/examples/checkpoints.c" &&
    with_library approval "$root/bindings/c/examples/approval.c" &&
    with_library job "$root/bindings/c/examples/job.c" &&
    # shellcheck disable=SC2046
    compile ffi "$here/ffi.c" $(pkg-config --cflags --libs libffi) -ldl
}

# The header and every program, with each compiler there is.
compilers() {
  good=0
  bad=0
  for compiler in gcc "${CLANG:-clang}" g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    case $compiler in
      *++) set -- -std=c++11 -x c++ "$header" ;;
      *) set -- -std=c99 "$here"/*.c "$root"/Tests/Disk/*.c "$root"/bindings/c/examples/*.c ;;
    esac
    if "$compiler" -fsyntax-only -Wall -Wextra -Werror -pedantic -I"$root/include" -I"$build" "$@"
    then
      echo "compilers: $compiler has nothing to say"
      good=$((good + 1))
    else
      bad=$((bad + 1))
    fi
  done
  echo "$good passed, $bad failed"
  [ "$bad" -eq 0 ]
}

if [ -n "${RACES:-}" ]; then
  part build one build_races
  part races "$build/race_reviews" "$build/tmp" "$RACES"
  part run_races "$build/race_runs" "$build/tmp" "$RACES"
  summarize
  exit
fi

part build one build_all
part compilers compilers
part abi python3 "$here/prototypes.py" compare "$here/abi-0.1.txt" "$header"
part exports python3 "$here/exports.py" "$library"
part client "$build/client"
part threads "$build/threads"
part kills "$build/kills"
part race "$build/race_threads"
part races "$build/race_reviews" "$build/tmp" "$SHORT_RACES"
part run_races "$build/race_runs" "$build/tmp" "$SHORT_RUN_RACES"
part ffi "$build/ffi" "$library"
part example one "$build/checkpoints" "$build/tmp/example.db"
part toolchain "$here/hidden_toolchain.sh" "$library" "$build/checkpoints"
part install "$here/install_test.sh" "$library"

summarize
