#!/bin/sh
# Runs the Python tests with another interpreter, or with other packages, or both:
# other_python.sh python3.13 [langgraph==1.2.20 ...]
set -eu
cd "$(dirname "$0")/../.."

python=$1
shift
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
environment=$PWD/.build-python/$version${1:+-with}
[ -x "$environment/bin/python" ] || "$python" -m venv "$environment"
install() {
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
install -r bindings/python/requirements-dev.txt
[ $# -eq 0 ] || install "$@"
echo "Python $version $*"
PYTHONPATH=$PWD/bindings/python/src "$environment/bin/python" -m pytest bindings/python/tests -q -rs \
  -p no:cacheprovider
