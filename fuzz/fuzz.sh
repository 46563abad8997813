#!/bin/sh
# Fuzzes parsers under Jazzer, guided by coverage: fuzz/fuzz.sh TARGET|all SECONDS [JOBS]
# Without arguments it lists the targets. A finding ends the run with 1 and lies in fuzz/target/fuzz/TARGET.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
classpath=$root/fuzz/target/fuzz.classpath
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl core,testkit,fuzz -Dspotless.check.skip compile \
  dependency:build-classpath -Dmdep.outputFile="$classpath" >&2
exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Dleasehold.root="$root" \
  -Dleasehold.shared="${LEASEHOLD_SHARED:-$root/../shared}" \
  -cp "$root/fuzz/target/classes:$(cat "$classpath")" dev.leasehold.fuzz.FuzzRun "$@"
