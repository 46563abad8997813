package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ./mvnw says on a machine that lacks something. */
class MvnwTest {
  private static final String JDK_17 = "JAVA_VERSION=\"17.0.15\"\n";
  private static final String JDK_25 = "JAVA_VERSION=\"25.0.3\"\n";

  @TempDir Path work;
  private Path bin;
  private Map<String, String> environment;

  /** A machine with a shell and its tools, an empty home, and neither JDK nor Maven. */
  @BeforeEach
  void emptyMachine() throws IOException {
    bin = Files.createDirectory(work.resolve("bin"));
    for (String tool : tools().toList()) {
      executable(bin.resolve(tool), "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
    }
    environment = new HashMap<>();
    environment.put("PATH", bin.toString());
    environment.put("HOME", work.toString());
    environment.put("LEASEHOLD_JDK_DIRS", "");
  }

  private static Stream<String> tools() {
    return Stream.of(
        "sh",
        "cat",
        "cut",
        "dirname",
        "grep",
        "head",
        "mkdir",
        "mktemp",
        "mv",
        "readlink",
        "rm",
        "sed",
        "sha256sum",
        "tar");
  }

  @Test
  void withoutJdk25NamesWhatItLookedForAndTheRemedy() throws Exception {
    environment.put("JAVA_HOME", jdk("java-17", JDK_17).toString());
    Script.Result result = mvnw();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("no JDK 25 found", "found     JAVA_HOME=" + environment.get("JAVA_HOME"))
        .contains("remedy    install a JDK 25");
  }

  @Test
  void takesTheJavacOnThePathWhenJavaHomeIsOlder() throws Exception {
    environment.put("JAVA_HOME", jdk("java-17", JDK_17).toString());
    Path jdk = jdk("somewhere", JDK_25);
    Files.createSymbolicLink(bin.resolve("javac"), jdk.resolve("bin/javac"));
    mvn("echo Apache Maven 3.9.9; echo JAVA_HOME=$JAVA_HOME");
    assertThat(mvnw().out()).contains("JAVA_HOME=" + jdk);
  }

  @Test
  void withoutMavenSaysSo() throws Exception {
    environment.put("JAVA_HOME", jdk("java-25", JDK_25).toString());
    Script.Result result = mvnw();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("no mvn on the PATH", "remedy    install Maven");
  }

  @Test
  void withoutNetworkSaysWhatCouldNotBeFetchedAndLeavesNothing() throws Exception {
    environment.put("JAVA_HOME", jdk("java-25", JDK_25).toString());
    mvn(
        "case $1 in --version) echo Apache Maven 3.8.7 ;; *) echo Unknown host >&2; exit 1 ;; esac");
    Script.Result result = mvnw();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("fetching Apache Maven", "found: Apache Maven 3.8.7", "Unknown host")
        .contains("could not be fetched", "remedy    connect to a Maven repository");
    assertThat(work.resolve(".cache/leasehold")).isEmptyDirectory();
  }

  @Test
  void refusesAMavenWithAnotherHash() throws Exception {
    environment.put("JAVA_HOME", jdk("java-25", JDK_25).toString());
    mvn(
        """
        for argument; do
          case $argument in
            --version) echo Apache Maven 3.6.3; exit ;;
            -DoutputDirectory=*) echo forged >"${argument#*=}/apache-maven-3.10.0-bin.tar.gz" ;;
          esac
        done\
        """);
    Script.Result result = mvnw();
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("does not have the expected SHA-256");
    assertThat(work.resolve(".cache/leasehold")).isEmptyDirectory();
  }

  @Test
  void runsAnInstalledMavenThatIsNewEnough() throws Exception {
    environment.put("JAVA_HOME", jdk("java-25", JDK_25).toString());
    mvn("echo Apache Maven 3.9.11; echo \"ran $*\"; [ \"$1\" = --version ] || exit 7");
    Script.Result result = mvnw();
    assertThat(result.out()).contains("ran verify");
    assertThat(result.exit()).isEqualTo(7);
  }

  private Script.Result mvnw() throws IOException, InterruptedException {
    return Script.run(
        work,
        work,
        environment,
        List.of("/bin/sh", Repository.root().resolve("mvnw").toString(), "verify"));
  }

  private Path jdk(String name, String release) throws IOException {
    Path jdk = Files.createDirectory(work.resolve(name));
    Files.writeString(jdk.resolve("release"), release);
    executable(Files.createDirectory(jdk.resolve("bin")).resolve("javac"), "exit 0");
    return jdk;
  }

  private void mvn(String body) throws IOException {
    executable(bin.resolve("mvn"), body);
  }

  private static void executable(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
