package dev.leasehold.testkit.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchMeasurementTest {
  @TempDir private Path program;

  @BeforeEach
  void writeAProgram() throws IOException {
    Files.createDirectories(program.resolve("a"));
    Files.writeString(program.resolve("a/z.jar"), "one");
    Files.writeString(program.resolve("a.txt"), "");
    Files.writeString(program.resolve("enclave-config.json"), "{}");
    Files.write(program.resolve("~z"), new byte[] {0, 1});
  }

  @Test
  void isTheFormulaOfTheProtocol() throws IOException {
    // Computed from protocol §17 by a script of another language.
    assertThat(LaunchMeasurement.of(program).hex())
        .isEqualTo(
            "8a87db0094e52271e9f22af6631ad60a2e96d5331d72568dea290b115d4f513edc9ad1acac1e63603bb1c5c29e8a55e7");
  }

  @Tag("AR-16")
  @Test
  void everyChangeOfTheProgramChangesIt() throws IOException {
    String before = LaunchMeasurement.of(program).hex();
    Files.write(program.resolve("~z"), new byte[] {0, 0});
    String changed = LaunchMeasurement.of(program).hex();
    Files.write(program.resolve("~z"), new byte[] {0, 1});
    assertThat(LaunchMeasurement.of(program).hex()).isEqualTo(before);
    Files.move(program.resolve("a.txt"), program.resolve("b.txt"));
    String renamed = LaunchMeasurement.of(program).hex();
    Files.delete(program.resolve("b.txt"));
    String removed = LaunchMeasurement.of(program).hex();
    Files.writeString(program.resolve("added"), "x");
    String added = LaunchMeasurement.of(program).hex();
    assertThat(new String[] {before, changed, renamed, removed, added}).doesNotHaveDuplicates();
  }

  @Test
  void emptyDirectoriesAreNotMeasured() throws IOException {
    String before = LaunchMeasurement.of(program).hex();
    Files.createDirectories(program.resolve("empty/within"));
    assertThat(LaunchMeasurement.of(program).hex()).isEqualTo(before);
  }

  @Test
  void aLinkIsRefusedSinceItsTargetCouldChangeUnmeasured() throws IOException {
    Files.createSymbolicLink(program.resolve("link"), program.resolve("a.txt"));
    assertThatThrownBy(() -> LaunchMeasurement.of(program))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("link: expected a plain file");
  }
}
