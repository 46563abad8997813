# Sourced by ./mvnw and ./leasehold: points JAVA_HOME at a JDK 25 or explains how to get one.
# JAVA_HOME wins when it is a JDK 25; then the javac on the PATH; then the usual JDK folders.
# LEASEHOLD_JDK_DIRS replaces the system-wide ones among them (the tests set it to nothing).

leasehold_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

leasehold_find_jdk25() {
  leasehold_javac=$(command -v javac || :)
  leasehold_javac=$(readlink -f "${leasehold_javac:-/nonexistent}" || :)
  for leasehold_dir in "${JAVA_HOME:-/nonexistent}" "${leasehold_javac%/bin/javac}" \
      ${LEASEHOLD_JDK_DIRS-/usr/lib/jvm/*25* /opt/*jdk*25* /opt/java/* /usr/local/*jdk*25*} \
      "${HOME:-/nonexistent}"/.sdkman/candidates/java/25* "${HOME:-/nonexistent}"/.jdks/*25* \
      /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if leasehold_is_jdk25 "$leasehold_dir"; then
      JAVA_HOME=$leasehold_dir
      return 0
    fi
  done
  return 1
}

if ! leasehold_find_jdk25; then
  cat >&2 <<MESSAGE
leasehold: no JDK 25 found.
  expected  JAVA_HOME to name a JDK 25, javac of a JDK 25 on the PATH, or a JDK 25 under
            /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks
  found     JAVA_HOME=${JAVA_HOME:-(unset)}, javac on the PATH: $(command -v javac || echo none)
  remedy    install a JDK 25 (Debian or Ubuntu: openjdk-25-jdk-headless or temurin-25-jdk; SDKMAN:
            sdk install java 25-tem) and, if it lives elsewhere, set JAVA_HOME to its folder
MESSAGE
  exit 1
fi
unset leasehold_dir leasehold_javac
export JAVA_HOME
