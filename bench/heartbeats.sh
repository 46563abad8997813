#!/bin/sh
# Durable heartbeats a second beside the bare database's commits and the signatures alone, in one run.
#   bench/heartbeats.sh [sqlite|postgres [SECONDS [ROUNDS [FOLDER]]]]     FOLDER: on the disk to measure
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
out=$root/bench/target/heartbeats
classpath=$out/classpath
mkdir -p "$out/classes"
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl core,testkit,custodian -Dspotless.check.skip test-compile \
  dependency:build-classpath -Dmdep.outputFile="$classpath" >&2
libraries=$root/custodian/target/test-classes:$root/custodian/target/classes:$root/testkit/target/classes:$root/core/target/classes:$(cat "$classpath")
"$JAVA_HOME/bin/javac" -cp "$libraries" -d "$out/classes" "$root"/bench/heartbeats/*.java
work=$(mktemp -d "${4:-$out}/run.XXXXXX")
mkdir "$work/custodian"
trap 'rm -rf "$work"' EXIT
cd "$work" # where the PostgreSQL server of the tests puts its data
"$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$out/classes:$libraries" \
  dev.leasehold.custodian.HeartbeatBench "$work/custodian" "${2:-10}" "${3:-3}" "${1:-sqlite}"
