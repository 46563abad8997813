#!/bin/sh
# What the meter costs: tokens/s with the guard next to tokens/s without, in one run, in turns.
#   bench/metering.sh MODEL.gguf [TOKENS [ROUNDS]]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
if [ $# -eq 0 ]; then
  sed -n '2,3s/^# *//p' "$0" >&2
  exit 2
fi
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl bench -am -DskipTests -Dspotless.check.skip package >&2
program=$root/enclave/target/program
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Dleasehold.natives="$program/natives" \
  -cp "$root/bench/target/classes:$program/lib/*" dev.leasehold.bench.MeteringBench "$@"
