package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * How the JVM of a child custodian is started. To load its classes takes most children longer than
 * all that a test has them do, so one is trained once a test JVM: it leaves an archive (JEP 350) of
 * classes that are parsed, verified and linked, from which all later ones start. An archive wants a
 * class path without folders, and is written by a JVM that ends by itself.
 */
final class ChildJvm {
  private static final Path FOLDER = Path.of("target", "child-jvm").toAbsolutePath();
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final int TRAINING_BEATS = 20;

  private ChildJvm() {}

  /** A command that starts quickly and takes little from whoever else computes here. */
  static List<String> quick() {
    return Trained.COMMAND;
  }

  /** A command with this option and nothing else out of the ordinary, for what is measured. */
  static List<String> with(String option) {
    return command(CLASS_PATH, option);
  }

  private static final class Trained {
    static final List<String> COMMAND = trained();

    private Trained() {}
  }

  private static List<String> trained() {
    try {
      Shell.succeed(List.of("rm", "-rf", FOLDER.toString()));
      Files.createDirectories(FOLDER);
      List<String> command =
          command(
              jars(),
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              // Its own words would come before those of the custodian, or between them.
              "-Xlog:disable",
              "-Dorg.sqlite.lib.path=" + unpackedSqlite());
      Path archive = FOLDER.resolve("classes.jsa");
      train(plus(command, "-XX:ArchiveClassesAtExit=" + archive));
      assertThat(archive).exists();
      return plus(command, "-XX:SharedArchiveFile=" + archive);
    } catch (Exception e) {
      throw new AssertionError("no child custodian could be trained", e);
    }
  }

  private static void train(List<String> command) throws Exception {
    try (World world = new World(FOLDER.resolve("training")).lend()) {
      Enclave e = world.enclave().enrolled();
      world.stop();
      Process child = world.startChild(command);
      for (int i = 1; i <= TRAINING_BEATS; i++) {
        e.beat(i);
      }
      assertThat(world.get("/healthz").status()).isEqualTo(200);
      child.getOutputStream().close();
      assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).isZero();
    }
  }

  /** The class path, with the contents of its folders in jars. */
  private static String jars() {
    List<String> jars = new ArrayList<>();
    for (String entry : CLASS_PATH.split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar")) {
        jars.add(entry);
      } else if (!entry.isEmpty()) {
        jars.add(jar(entry, jars.size()));
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static String jar(String folder, int number) {
    String jar = FOLDER.resolve(number + ".jar").toString();
    int status =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--no-compress",
                "--file=" + jar,
                "-C",
                folder,
                ".");
    assertThat(status).isZero();
    return jar;
  }

  /** A child would unpack it each time, and one that is killed does not clean up after itself. */
  private static Path unpackedSqlite() throws IOException {
    String library = LibraryLoaderUtil.getNativeLibName();
    try (InputStream in =
        SQLiteJDBCLoader.class.getResourceAsStream(
            LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library)) {
      Files.copy(in, FOLDER.resolve(library));
    }
    return FOLDER;
  }

  private static List<String> command(String classPath, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath));
    return List.copyOf(command);
  }

  private static List<String> plus(List<String> command, String option) {
    List<String> longer = new ArrayList<>(command);
    longer.add(option);
    return List.copyOf(longer);
  }
}
