package dev.leasehold.enclave.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Checks made before any secret exists: nothing may carry this process' memory out (protocol §2,
 * §9.1). The launch file sets all of it; this refuses to run when someone started the program in
 * another way.
 */
public final class HostChecks {
  private static final List<String> INJECTING =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LD_PRELOAD");
  private static final List<String> FORBIDDEN_ARGUMENTS =
      List.of(
          "-javaagent",
          "-agentlib",
          "-agentpath",
          "-Dcom.sun.management",
          "-XX:StartFlightRecording",
          "-Xrunjdwp",
          "-XX:OnError",
          "-XX:OnOutOfMemoryError");
  private static final Map<String, String> FLAGS =
      Map.of(
          "DisableAttachMechanism", "true",
          "EnableDynamicAgentLoading", "false",
          "HeapDumpOnOutOfMemoryError", "false",
          "CreateCoredumpOnCrash", "false",
          "UsePerfData", "false");
  private static final String LAUNCH = "start the program with: java @launch";

  private final Path temporary;
  private final List<String> mounts;
  private final List<String> jvmArguments;
  private final UnaryOperator<String> flag;
  private final Map<String, String> environment;

  /**
   * Checks of a process described by its parts.
   *
   * @param temporary {@code java.io.tmpdir}
   * @param mounts the lines of {@code /proc/self/mounts}
   * @param flag the value of a HotSpot flag
   */
  HostChecks(
      Path temporary,
      List<String> mounts,
      List<String> jvmArguments,
      UnaryOperator<String> flag,
      Map<String, String> environment) {
    this.temporary = temporary;
    this.mounts = mounts;
    this.jvmArguments = jvmArguments;
    this.flag = flag;
    this.environment = environment;
  }

  /** Throws with the first thing that is not as it must be. */
  void require() throws HostRefused {
    environment();
    arguments();
    flags();
    temporary();
  }

  private void environment() throws HostRefused {
    for (String name : INJECTING) {
      if (environment.containsKey(name)) {
        throw new HostRefused(
            "environment", "no " + name, "one", "start the program with an empty environment");
      }
    }
  }

  private void arguments() throws HostRefused {
    for (String argument : jvmArguments) {
      for (String forbidden : FORBIDDEN_ARGUMENTS) {
        if (argument.startsWith(forbidden)) {
          throw new HostRefused("JVM arguments", "no " + forbidden, argument, LAUNCH);
        }
      }
    }
  }

  private void flags() throws HostRefused {
    for (Map.Entry<String, String> e : FLAGS.entrySet()) {
      String found = flag.apply(e.getKey());
      if (!found.equals(e.getValue())) {
        throw new HostRefused("JVM flag " + e.getKey(), e.getValue(), found, LAUNCH);
      }
    }
  }

  private void temporary() throws HostRefused {
    String what = "java.io.tmpdir " + temporary;
    String remedy = "mount a tmpfs there with mode 0700, or name another folder";
    try {
      Path real = temporary.toRealPath();
      if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new HostRefused(what, "a folder", "none", remedy);
      }
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(real));
      if (!mode.equals("rwx------")) {
        throw new HostRefused(what, "mode rwx------", mode, remedy);
      }
      String type = fileSystem(real).orElse("none");
      if (!type.equals("tmpfs")) {
        throw new HostRefused(what, "a tmpfs", type, remedy);
      }
    } catch (IOException e) {
      throw new HostRefused(what, "a folder", "none that can be read", remedy);
    }
  }

  /** The type of the mount that holds a path: the last of those with the longest prefix. */
  private Optional<String> fileSystem(Path path) {
    Optional<String> type = Optional.empty();
    int longest = -1;
    for (String line : mounts) {
      String[] fields = line.split(" ", -1);
      if (fields.length < 3) {
        continue;
      }
      Path mount = Path.of(fields[1].replace("\\040", " "));
      if (path.startsWith(mount) && mount.getNameCount() >= longest) {
        longest = mount.getNameCount();
        type = Optional.of(fields[2]);
      }
    }
    return type;
  }
}
