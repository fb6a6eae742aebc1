#!/usr/bin/env bash
# Builds Tenon and passes its tests: unit tests, passes, end-to-end tests and the official suites.
# Prints what was run, passed, failed as expected and skipped, each apart; the last line is the total.
#
#   tools/test.sh [LIT ARGUMENT...]           BUILD=DIR and JOBS=N are read from the environment
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build}
"$root/tools/build.sh"
echo "== testing"
status=0
# Debian's own python3 has the psutil that lit's timeouts need.
/usr/bin/python3 "$(llvm-config-22 --bindir)/lit" -j "${JOBS:-$(nproc)}" -sv --time-tests --timeout 900 \
  -o "$build/test-results.json" "$@" "$build/test" || status=$?
/usr/bin/python3 "$root/tools/totals.py" "$build/test-results.json"
exit $status
