#!/bin/sh
# Runs the Python tests with another interpreter: other_python.sh python3.13
set -eu
cd "$(dirname "$0")/../.."

version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
environment=$PWD/.build-python/$version
[ -x "$environment/bin/python" ] || "$1" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
  -r bindings/python/requirements-dev.txt
echo "Python $version"
PYTHONPATH=$PWD/bindings/python/src "$environment/bin/python" -m pytest bindings/python/tests -q -rs \
  -p no:cacheprovider
