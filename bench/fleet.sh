#!/bin/sh
# A fleet on one custodian: every enclave enrolled, each heard once a minute; answer times, missed deadlines, CPU, growth.
#   bench/fleet.sh [--postgres] [LEASES [ENCLAVES_PER_LEASE [MINUTES [FOLDER]]]]     FOLDER: on the disk to measure
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
database=SQLITE
if [ "${1:-}" = --postgres ]; then
  database=POSTGRES
  shift
fi
out=$root/bench/target/fleet
classpath=$out/classpath
mkdir -p "$out/classes"
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl core,testkit,custodian -Dspotless.check.skip test-compile \
  dependency:build-classpath -Dmdep.outputFile="$classpath" >&2
libraries=$root/custodian/target/test-classes:$root/custodian/target/classes:$root/testkit/target/classes:$root/core/target/classes:$(cat "$classpath")
"$JAVA_HOME/bin/javac" -cp "$libraries" -d "$out/classes" \
  "$root"/bench/fleet/*.java "$root"/bench/shared/*.java "$root/bench/heartbeats/Wire.java"
work=$(mktemp -d "${4:-$out}/run.XXXXXX")
mkdir "$work/custodian"
trap 'rm -rf "$work"' EXIT
cd "$work" # where the PostgreSQL server of the tests puts its data
"$JAVA_HOME/bin/java" -Xmx3g --enable-native-access=ALL-UNNAMED -cp "$out/classes:$libraries" \
  dev.leasehold.custodian.FleetBench "$work/custodian" "$database" "${1:-200}" "${2:-250}" "${3:-5}"
