#!/usr/bin/env bash
# Builds Tenon, compiles the link-time-virtualization example and runs it on real files.
#
# test/EndToEnd/link-time-virtualization/parent.wat gives child.wat a virtual wasi:filesystem, made by
# virtualize.wat. The child cannot tell, and cannot reach the real one.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build}
"$root/tools/build.sh"

example=$root/test/EndToEnd/link-time-virtualization
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p files/jail
echo 'the child must not see this' > files/outside.txt

echo
echo "== compiling parent.wat: the graph as written, as instantiated, what each instance can reach,"
echo "   and what became of each call between instances"
"$build/bin/tenon" "$example/parent.wat" --dir files::/ -o parent \
  --report=graph --report=reach --report=edges

echo
echo "== the files before"
find files -type f | LC_ALL=C sort
echo
echo "== running ./parent ($(stat -c %s parent) bytes, static)"
./parent
echo
echo "== the files after: all that the child wrote is where the virtualizer put it"
find files -type f | LC_ALL=C sort | while read -r file; do
  printf '%s: %s\n' "$file" "$(head -c 60 "$file" | tr '\n' ' ')"
done
