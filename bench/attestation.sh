#!/bin/sh
# Verifying evidence on one core: ours beside the npm packages of dcap-qvl, on the same TDX quote, in turns.
#   bench/attestation.sh [ROUNDS]
# Needs node, npm and the vectors of ../shared (or LEASEHOLD_SHARED=FOLDER).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/.mvn/find-jdk25.sh"
peers=$root/bench/target/attestation
classpath=$root/core/target/bench.classpath
mkdir -p "$peers"
cp "$root/bench/attestation/package.json" "$root/bench/attestation/peers.mjs" "$peers"
npm install --prefix "$peers" --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error >&2
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" -pl core compile dependency:build-classpath -Dmdep.outputFile="$classpath" >&2
libraries=$root/core/target/classes:$(cat "$classpath")
"$JAVA_HOME/bin/javac" -cp "$libraries" -d "$peers/classes" "$root/bench/attestation/AttestationBench.java"
core=$(taskset -pc $$ | sed 's/.*[ ,-]//')
exec taskset -c "$core" "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED -cp "$peers/classes:$libraries" \
  AttestationBench "${LEASEHOLD_SHARED:-$root/../shared}/vectors" "$peers" "${1:-20}"
