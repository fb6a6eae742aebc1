#!/usr/bin/env bash
# Builds Tenon into build/ (programs in build/bin), after installing the Debian packages it misses.
# Works as root or with sudo. Quick when nothing is left to do.
#
#   tools/build.sh [CMAKE ARGUMENT...]        BUILD=DIR and JOBS=N are read from the environment
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build}
jobs=${JOBS:-$(nproc)}

missing=()
while read -r package; do
  case $package in '' | \#*) continue ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < "$root/tools/packages.txt"
if [ ${#missing[@]} -gt 0 ]; then
  echo "== installing ${missing[*]}"
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -q
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

launcher=()
if command -v ccache > /dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
llvm=$(llvm-config-22 --prefix)
if [ ! -f "$build/build.ninja" ] || [ $# -gt 0 ]; then
  echo "== configuring $build"
  cmake -G Ninja -S "$root" -B "$build" -DCMAKE_C_COMPILER="$llvm/bin/clang" \
    -DCMAKE_CXX_COMPILER="$llvm/bin/clang++" -DCMAKE_PREFIX_PATH="$llvm" \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld "${launcher[@]}" "$@" > "$build.configure.log" 2>&1 ||
    { cat "$build.configure.log"; exit 1; }
  rm -f "$build.configure.log"
fi
echo "== building with $jobs jobs"
ninja -C "$build" -j "$jobs"
