# Sourced by ./mvnw and ./leasehold: points JAVA_HOME at a JDK 25 or explains how to get one.
# An existing JAVA_HOME wins when it is a JDK 25; otherwise the usual JDK folders are searched.

leasehold_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

if ! leasehold_is_jdk25 "${JAVA_HOME:-/nonexistent}"; then
  leasehold_found=
  for leasehold_dir in /usr/lib/jvm/*25* /opt/*jdk*25* /opt/java/* "$HOME"/.sdkman/candidates/java/25* \
      "$HOME"/.jdks/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if leasehold_is_jdk25 "$leasehold_dir"; then
      leasehold_found=$leasehold_dir
      break
    fi
  done
  if [ -z "$leasehold_found" ]; then
    {
      echo "leasehold: no JDK 25 found."
      echo "  expected  JAVA_HOME to name a JDK 25, or one under /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks"
      echo "  found     JAVA_HOME=${JAVA_HOME:-(unset)}"
      echo "  remedy    install a JDK 25 (Debian: apt-get install temurin-25-jdk or openjdk-25-jdk) and, if it"
      echo "            lives elsewhere, set JAVA_HOME to its folder"
    } >&2
    exit 1
  fi
  JAVA_HOME=$leasehold_found
  unset leasehold_found leasehold_dir
fi
export JAVA_HOME
