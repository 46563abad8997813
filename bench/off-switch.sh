#!/bin/sh
# How long after a revoke is committed text still reaches consumers, beside the mere push of one message to as many connections.
#   bench/off-switch.sh [ENCLAVES [STREAMS [RUNS [WORDS_PER_SECOND [FOLDER]]]]]     words of each stream; FOLDER: on the disk to use
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
out=$root/bench/target/off-switch
modules=core,testkit,custodian,assembly,enclave,borrower
mkdir -p "$out/classes"
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl "$modules" -Dspotless.check.skip test-compile \
  dependency:build-classpath -Dmdep.outputFile=target/bench.classpath >&2
libraries=$root/testkit/target/classes:$root/core/target/classes
libraries=$libraries:$root/custodian/target/test-classes
for module in custodian enclave borrower; do
  libraries=$libraries:$root/$module/target/classes:$(cat "$root/$module/target/bench.classpath")
done
"$JAVA_HOME/bin/javac" -cp "$libraries" -d "$out/classes" "$root"/bench/off-switch/*.java "$root"/bench/shared/*.java
work=$(mktemp -d "${5:-$out}/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
# All machines but the custodian's are one process here: its collector must not stop 200 of them at once in the middle of a press.
"$JAVA_HOME/bin/java" -Xms6g -Xmx6g -Xmn4g --enable-native-access=ALL-UNNAMED -cp "$out/classes:$libraries" \
  dev.leasehold.custodian.OffSwitchBench "$work" "${1:-200}" "${2:-5}" "${3:-5}" "${4:-1}"
