package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build laid out, started as a user starts it. */
class DistributionIT {
  private static final Path DIST = Repository.root().resolve("cli/target/dist");

  /** How the jars of each component begin, and its line in NOTICE. */
  private static final Map<String, String> GROUPS =
      Map.ofEntries(
          Map.entry("leasehold-", "Leasehold"),
          Map.entry("bc", "org.bouncycastle"),
          Map.entry("conscrypt-", "org.conscrypt"),
          Map.entry("helidon-", "io.helidon"),
          Map.entry("jackson-core-", "tools.jackson.core"),
          Map.entry("jline-", "org.jline"),
          Map.entry("jspecify-", "org.jspecify"),
          Map.entry("langchain4j-embeddings-", "dev.langchain4j"),
          Map.entry("logback-", "ch.qos.logback"),
          Map.entry("picocli-", "info.picocli"),
          Map.entry("postgresql-", "org.postgresql"),
          Map.entry("progressbar-", "me.tongfei"),
          Map.entry("slf4j-", "org.slf4j"),
          Map.entry("sqlite-jdbc-", "org.xerial"));

  @TempDir Path work;

  @Tag("AR-12")
  @Tag("D23")
  @Test
  void productionClassPathHasNoTestkit() throws IOException {
    assertThat(entriesOf(DIST.resolve("lib")))
        .contains("dev/leasehold/cli/Leasehold.class")
        .noneMatch(name -> name.startsWith("dev/leasehold/testkit/"))
        .noneMatch(name -> name.startsWith("org/bouncycastle/"));
    assertThat(entriesOf(DIST.resolve("demo-lib")))
        .anyMatch(name -> name.startsWith("org/bouncycastle/"));
  }

  @Test
  void everyJarIsListedInNotice() throws IOException {
    String notice = Files.readString(Repository.root().resolve("NOTICE"));
    assertThat(GROUPS.entrySet())
        .allSatisfy(group -> assertThat(notice).contains(group.getValue()));
    for (String folder : List.of("lib", "demo-lib")) {
      try (Stream<Path> jars = Files.list(DIST.resolve(folder))) {
        assertThat(jars.map(jar -> jar.getFileName().toString()))
            .allSatisfy(
                jar -> assertThat(GROUPS.keySet()).anyMatch(prefix -> jar.startsWith(prefix)));
      }
    }
  }

  @Test
  void productionClassPathStarts() throws Exception {
    Script.Result result =
        java(DIST, "-cp", DIST.resolve("lib") + "/*", "dev.leasehold.cli.Leasehold", "--help");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("Usage: leasehold");
    assertThat(result.exit()).isZero();
  }

  @Test
  void launcherPassesArgumentsAndTheExitCode() throws Exception {
    assertThat(leasehold("--version").out()).matches("leasehold \\d+\\.\\d+\\.\\d+\\S*\n");
    Script.Result result = leasehold("no such verb");
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("'no such verb'");
    assertThat(result.exit()).isEqualTo(2);
  }

  private Script.Result leasehold(String argument) throws IOException, InterruptedException {
    Map<String, String> environment =
        Map.of(
            "PATH", Objects.requireNonNull(System.getenv("PATH")),
            "HOME", Objects.requireNonNull(System.getenv("HOME")),
            "JAVA_HOME", System.getProperty("java.home"));
    return Script.run(
        work,
        work,
        environment,
        List.of(Repository.root().resolve("leasehold").toString(), argument));
  }

  private Script.Result java(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return Script.run(work, folder, Map.of(), command);
  }

  private static List<String> entriesOf(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    try (Stream<Path> jars = Files.list(folder)) {
      for (Path jar : jars.toList()) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
          zip.stream().map(ZipEntry::getName).forEach(entries::add);
        }
      }
    }
    return entries;
  }
}
