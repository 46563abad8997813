#!/bin/sh
# What the transparency log takes: entries/s from recorded to published beside bare SQLite inserts of the same rows, and proofs.
#   bench/log.sh [ENTRIES [ROUNDS]]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
target=$root/bench/target/log
classpath=$root/custodian/target/bench.classpath
mkdir -p "$target"
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl core,testkit,custodian -Dspotless.check.skip test-compile \
  dependency:build-classpath -Dmdep.outputFile="$classpath" >&2
libraries=$root/custodian/target/test-classes:$root/custodian/target/classes:$root/core/target/classes:$(cat "$classpath")
"$JAVA_HOME/bin/javac" -cp "$libraries" -d "$target/classes" "$root/bench/log/LogBench.java"
folder=$(mktemp -d "$target/run.XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$target/classes:$libraries" LogBench "$folder" "${1:-20000}" "${2:-3}"
