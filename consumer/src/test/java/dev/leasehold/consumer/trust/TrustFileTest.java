package dev.leasehold.consumer.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustFileTest {
  private static final String ALL =
      "{\"approverSet\":\"%s\",\"leaseId\":\"%s\",\"borrowerId\":\"\",\"package\":\"\",\"modelDigest\":\"\"}"
          .formatted("ab".repeat(32), "3f".repeat(16));

  @TempDir Path folder;

  @Test
  void isReadAsItWasWritten() throws Exception {
    TrustFile trust =
        new TrustFile(
            new Hash("ab".repeat(32)),
            Optional.of(new Id("3f".repeat(16))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Path file = folder.resolve("trust.json");
    trust.write(file);
    assertThat(file).hasContent(ALL);
    assertThat(TrustFile.read(file)).isEqualTo(trust);
  }

  @ParameterizedTest
  @ValueSource(strings = {"approverSet", "leaseId", "borrowerId", "package", "modelDigest"})
  void anAbsentFieldIsNamed(String field) throws Exception {
    String without = ALL.replaceAll("\"" + field + "\":\"[^\"]*\",?", "").replace(",}", "}");
    assertThatThrownBy(() -> read(without))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("trust.json." + field);
  }

  @Test
  void someLeaseOrBorrowerMustBeNamed() {
    assertThatThrownBy(() -> read(ALL.replace("3f".repeat(16), "")))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("leaseId or borrowerId");
  }

  @Test
  void nothingElseMayStandInIt() {
    assertThatThrownBy(() -> read(ALL.replace("{", "{\"insecure\":true,")))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("insecure");
    assertThatThrownBy(() -> read(ALL.replace("ab", "AB"))).isInstanceOf(Malformed.class);
  }

  private TrustFile read(String text) throws Exception {
    return TrustFile.read(Files.writeString(folder.resolve("trust.json"), text));
  }
}
