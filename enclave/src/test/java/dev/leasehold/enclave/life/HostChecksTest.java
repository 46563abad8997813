package dev.leasehold.enclave.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way to carry memory out, left open alone, is refused by name (protocol §2, §9.1). */
final class HostChecksTest {
  @TempDir private Path temporary;
  private List<String> mounts;
  private List<String> arguments = List.of("-XX:+DisableAttachMechanism");
  private final Map<String, String> flags =
      new HashMap<>(
          Map.of(
              "DisableAttachMechanism", "true",
              "EnableDynamicAgentLoading", "false",
              "HeapDumpOnOutOfMemoryError", "false",
              "CreateCoredumpOnCrash", "false",
              "UsePerfData", "false"));
  private Map<String, String> environment = Map.of("PATH", "/usr/bin");

  @BeforeEach
  void privateTmpfs() throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
    mounts = List.of("/dev/sda / ext4 rw 0 0", "tmpfs " + temporary.toRealPath() + " tmpfs rw 0 0");
  }

  @Test
  void aProcessAsTheLaunchFileMakesItPasses() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "DisableAttachMechanism,false",
    "EnableDynamicAgentLoading,true",
    "HeapDumpOnOutOfMemoryError,true",
    "CreateCoredumpOnCrash,true",
    "UsePerfData,true"
  })
  void aFlagThatIsNotSet(String flag, String value) {
    flags.put(flag, value);
    refused(flag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-javaagent:spy.jar",
        "-agentlib:jdwp=transport=dt_socket",
        "-agentpath:/tmp/spy.so",
        "-Dcom.sun.management.jmxremote.port=9010",
        "-XX:StartFlightRecording=filename=/tmp/x.jfr",
        "-XX:OnOutOfMemoryError=gcore %p"
      })
  void anAgentOrAManagementServer(String argument) {
    arguments = List.of(argument);
    refused("JVM arguments");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "LD_PRELOAD"})
  void anEnvironmentThatAddsToTheProgram(String name) {
    environment = Map.of(name, "x");
    refused(name);
  }

  @Test
  void aTemporaryFolderOthersMayRead() throws IOException {
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    refused("rwxr-xr-x");
  }

  @Test
  void aTemporaryFolderOnADisk() throws IOException {
    mounts = List.of("/dev/sda / ext4 rw 0 0", "tmpfs /other tmpfs rw 0 0");
    refused("ext4");
  }

  @Test
  void theNewestMountOfAPathCounts() throws IOException {
    String where = temporary.toRealPath().toString();
    mounts = List.of("tmpfs " + where + " tmpfs rw 0 0", "/dev/sdb " + where + " xfs rw 0 0");
    refused("xfs");
  }

  @Test
  void aFolderThatIsNotThere() {
    temporary = temporary.resolve("none");
    refused("none");
  }

  @Test
  void coreDumpsAreTurnedOffInThisVeryProcess() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    assumeTrue(Files.exists(limits), "no /proc: not Linux");
    assertThatExceptionOfType(HostRefused.class)
        .as("a test's JVM is not an enclave's")
        .isThrownBy(Host::secure);
    assertThat(Files.readAllLines(limits))
        .anyMatch(line -> line.matches("Max core file size +0 +0 .*"));
  }

  private void check() throws HostRefused {
    new HostChecks(temporary, mounts, arguments, flags::get, environment).require();
  }

  private void refused(String word) {
    assertThatExceptionOfType(HostRefused.class)
        .isThrownBy(this::check)
        .withMessageContaining(word);
  }
}
