package dev.leasehold.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramDirectoryTest {
  private static final String PLAIN = "plain-1.jar";
  private static final String MIXED = "mixed-2.jar";

  @TempDir Path work;
  private Path program;
  private Sources sources;

  @BeforeEach
  void sources() throws IOException {
    program = work.resolve("program");
    Path own = jar("leasehold-enclave-1.jar", Map.of("E.class", "own"));
    Path plain = jar(PLAIN, Map.of("P.class", "plain"));
    Path mixed =
        jar(
            MIXED,
            Map.of(
                "M.class", "mixed",
                "META-INF/native/libm-linux-x86_64.so", "for the TEE",
                "x/linux-x64/libengine.so", "engine",
                "x/linux-aarch64/libengine.so", "other processor",
                "x/win-x64/engine.dll", "other system"));
    Path natives = Files.createDirectory(work.resolve("natives"));
    Files.writeString(natives.resolve("libengine.so"), "engine");
    Files.writeString(natives.resolve("libllama.so"), "llama");
    Path fixed = Files.createDirectory(work.resolve("fixed"));
    Files.writeString(fixed.resolve("launch"), "-Dx=y");
    sources = new Sources(List.of(own, plain, mixed), natives, "npm llama@1", fixed);
  }

  @Test
  void holdsWhatRunsInTheTeeAndNothingElse() throws IOException {
    assertThat(paths(ProgramDirectory.lay(sources, program)))
        .containsExactly(
            "OWN launch",
            "OWN lib/leasehold-enclave-1.jar",
            "JAR lib/mixed-2.jar",
            "JAR lib/plain-1.jar",
            "NATIVE lib/libm-linux-x86_64.so",
            "NATIVE natives/libengine.so",
            "NATIVE natives/libllama.so");
    try (ZipFile thin = new ZipFile(program.resolve("lib/" + MIXED).toFile())) {
      assertThat(thin.stream().map(ZipEntry::getName)).containsExactly("M.class");
    }
    assertThat(program.resolve("lib/" + PLAIN)).hasSameBinaryContentAs(work.resolve(PLAIN));
  }

  @Tag("D30")
  @Test
  void isTheSameTwice() throws IOException {
    SortedSet<Part> once = ProgramDirectory.lay(sources, program);
    Files.writeString(program.resolve("lib/stale.jar"), "left over");
    assertThat(ProgramDirectory.lay(sources, program)).isEqualTo(once);
    assertThat(program.resolve("lib/stale.jar")).doesNotExist();
  }

  @Test
  void refusesTwoSourcesOfOneFile() throws IOException {
    Path other = jar("other.jar", Map.of("y/linux-x64/libm-linux-x86_64.so", "different"));
    List<Path> jars = new ArrayList<>(sources.jars());
    jars.add(other);
    Sources both = new Sources(jars, sources.natives(), sources.nativesOrigin(), sources.fixed());
    assertThatThrownBy(() -> ProgramDirectory.lay(both, program))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("lib/libm-linux-x86_64.so")
        .hasMessageContaining("other.jar");
  }

  @Tag("D27")
  @Test
  void refusesTelemetryInALibrary() throws IOException {
    Files.writeString(
        sources.natives().resolve("libllama.so"), "code N9Microsoft12Applications6EventsE code");
    assertThatThrownBy(() -> ProgramDirectory.lay(sources, program))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("natives/libllama.so contains a telemetry client");
  }

  @Test
  void refusesToThinASignedJar() throws IOException {
    Map<String, String> entries = Map.of("META-INF/A.SF", "signature", "x/linux-x64/l.so", "code");
    Sources signed =
        new Sources(
            List.of(jar("signed.jar", entries)),
            sources.natives(),
            sources.nativesOrigin(),
            sources.fixed());
    assertThatThrownBy(() -> ProgramDirectory.lay(signed, program))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("signed.jar is signed");
  }

  @Test
  void listIsAcceptedUntilOneByteDiffers() throws IOException {
    String list = Tcb.text(ProgramDirectory.lay(sources, program));
    Tcb.require(list, ProgramDirectory.lay(sources, program));

    Files.writeString(sources.natives().resolve("libllama.so"), "lLama");
    SortedSet<Part> changed = ProgramDirectory.lay(sources, program);
    assertThatThrownBy(() -> Tcb.require(list, changed))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("expected  native  natives/libllama.so " + Sha256.of(bytes("llama")))
        .hasMessageContaining("found     native  natives/libllama.so " + Sha256.of(bytes("lLama")))
        .hasMessageContaining("-Dtcb.update");
  }

  @Test
  void listNamesWhatIsMissingAndWhatIsNew() throws IOException {
    String list = Tcb.text(ProgramDirectory.lay(sources, program));
    Files.delete(sources.natives().resolve("libllama.so"));
    Files.writeString(sources.fixed().resolve("extra"), "new");
    SortedSet<Part> changed = ProgramDirectory.lay(sources, program);
    assertThatThrownBy(() -> Tcb.require(list, changed))
        .hasMessageContaining("expected  native  natives/libllama.so")
        .hasMessageContaining("found     own     extra");
  }

  @Test
  void listNamesThePublishedFile() throws IOException {
    assertThat(Tcb.text(ProgramDirectory.lay(sources, program)))
        .contains("        <- " + MIXED + " " + Sha256.of(work.resolve(MIXED)))
        .contains("        <- npm llama@1");
  }

  private static List<String> paths(SortedSet<Part> parts) {
    return parts.stream().map(part -> part.kind() + " " + part.path()).toList();
  }

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Path jar = work.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(bytes(entry.getValue()));
        zip.closeEntry();
      }
    }
    return jar;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
