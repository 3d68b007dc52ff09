#!/bin/sh
# Installs into an empty prefix and builds the examples from nothing but the installed files.
#
# install_test.sh LIBRARY
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$here/../..
library=$1
examples=$root/bindings/c/examples
folder=$(mktemp -d) || exit 1
prefix=$folder/prefix
passed=0
failed=0

check() {
  name=$1
  shift
  if "$@" >"$folder/output" 2>&1; then
    passed=$((passed + 1))
    echo "install: $name"
  else
    failed=$((failed + 1))
    echo "install: $name: FAILED"
    sed 's/^/  /' "$folder/output"
  fi
}

installs() { LIBRARY=$1 PREFIX=$2 DESTDIR=$3 "$root/bindings/c/install"; }
refuses() { ! installs "$@"; }
soname_is() { readelf -dW "$1" | grep -q "SONAME.*\[$2\]"; }
links_to() { [ "$(readlink "$1")" = "$2" ]; }
package() { PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@" interlock; }
header_version() {
  sed -n 's/^#define INTERLOCK_VERSION "\(.*\)"$/\1/p' "$prefix/include/interlock.h"
}
version_agrees() { [ "$(package --modversion)" = "$(header_version)" ]; }

builds() {
  # The flags are words on purpose.
  # shellcheck disable=SC2046
  "${CC:-cc}" -std=c99 -Wall -Wextra -Werror -pedantic "$examples/$1.c" \
    $(package --cflags --libs) -o "$folder/$1"
}

runs() { LD_LIBRARY_PATH=$prefix/lib "$1" "$folder/$(basename "$1").db"; }

# One process asks and waits, the other answers when the question is there.
approves() {
  export LD_LIBRARY_PATH="$prefix/lib"
  "$1" "$2" ask >"$folder/asker" &
  asker=$!
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.25
    if grep -q 'waiting for an answer' "$folder/asker"; then break; fi
  done
  "$1" "$2" answer "$3"
  answered=$?
  wait "$asker" && cat "$folder/asker" && [ "$answered" -eq 0 ] &&
    grep -q "the answer is $4" "$folder/asker"
}
# The question is answered: whoever asks again is told so, whoever answers otherwise is refused.
stays_approved() {
  export LD_LIBRARY_PATH="$prefix/lib"
  "$1" "$2" ask | grep -q 'deleting report.txt' && ! "$1" "$2" answer reject &&
    "$1" "$2" answer approve
}

# Three processes do one job: the first asks, the second is killed in the last step, the third goes on.
survives() {
  export LD_LIBRARY_PATH="$prefix/lib"
  "$1" "$2" work >"$folder/first"
  [ $? -eq 3 ] && grep -q 'collect: done' "$folder/first" && "$1" "$2" answer yes || return 1
  "$1" "$2" work >"$folder/second" &
  second=$!
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    if grep -q 'tell: doing' "$folder/second"; then break; fi
    sleep 0.2
  done
  kill -9 "$second"
  wait "$second"
  "$1" "$2" work >"$folder/third" || return 1
  cat "$folder/first" "$folder/second" "$folder/third"
  grep -q 'collect: was done before' "$folder/second" && grep -q 'pay: done' "$folder/second" &&
    ! grep -q 'tell: done' "$folder/second" && grep -q 'taking over' "$folder/third" &&
    [ "$(grep -c 'was done before' "$folder/third")" -eq 2 ] &&
    grep -q 'tell: done' "$folder/third" && grep -q 'the job is done' "$folder/third"
}
# Nobody asks any more.
is_over() { ! LD_LIBRARY_PATH=$prefix/lib "$1" "$2" answer no; }

builds_by_cmake() {
  mkdir -p "$folder/project"
  cp "$examples/checkpoints.c" "$examples/approval.c" "$examples/job.c" "$folder/project"
  cat >"$folder/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(example C)
set(CMAKE_C_STANDARD 99)
find_package(Interlock 0.1 REQUIRED)
foreach(example checkpoints approval job)
  add_executable(${example}_cmake ${example}.c)
  target_link_libraries(${example}_cmake PRIVATE Interlock::interlock)
endforeach()
find_package(Interlock 99 QUIET)
if(Interlock_FOUND)
  message(FATAL_ERROR "version 99 must not be found")
endif()
END
  cmake -S "$folder/project" -B "$folder/project/build" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$folder/project/build"
}

check "into an empty prefix" installs "$library" "$prefix" ""
check "over itself" installs "$library" "$prefix" ""
check "the SONAME stays" soname_is "$prefix/lib/libinterlock.so.1" libinterlock.so.1
check "libinterlock.so is a link" links_to "$prefix/lib/libinterlock.so" libinterlock.so.1
check "pkg-config tells the version of the header" version_agrees
check "cc and pkg-config build an example" builds checkpoints
check "it runs" runs "$folder/checkpoints"
check "and the example of an approval" builds approval
check "one process approves what another asks" \
  approves "$folder/approval" "$folder/yes.db" approve approved
check "the answer stays" stays_approved "$folder/approval" "$folder/yes.db"
check "one process rejects what another asks" \
  approves "$folder/approval" "$folder/no.db" reject rejected
check "and the example of a job" builds job
check "a killed job is continued by another process" survives "$folder/job" "$folder/job.db"
check "and ends once" is_over "$folder/job" "$folder/job.db"
if command -v cmake >/dev/null; then
  check "cmake builds the examples" builds_by_cmake
  check "they run too" runs "$folder/project/build/checkpoints_cmake"
else
  echo "install: cmake is not on PATH, its files are not tried"
fi
check "into a DESTDIR" installs "$library" /usr/local "$folder/stage"
check "the DESTDIR stays out of the files" \
  grep -qx 'prefix=/usr/local' "$folder/stage/usr/local/lib/pkgconfig/interlock.pc"
check "every @NAME@ is filled in" \
  sh -c '! grep -rE "@[A-Z]+@" "$1"' sh "$folder/stage/usr/local/lib/cmake"
check "a relative PREFIX is refused" refuses "$library" relative ""
check "a missing LIBRARY is refused" refuses "$folder/none" "$prefix" ""

rm -rf "$folder"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
