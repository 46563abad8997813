package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingDekTest {
  private static final Hash INDEX = new Hash("aa".repeat(32));

  @TempDir Path root;
  private Path file;
  private PendingDek created;

  @BeforeEach
  void create() throws Exception {
    file = root.resolve("dek");
    created = PendingDek.create(file, INDEX, new SecureRandom());
  }

  @Test
  void whatIsStoredIsRead() throws Exception {
    try (PendingDek read = PendingDek.read(file)) {
      assertThat(read.packageId()).isEqualTo(created.packageId());
      assertThat(read.dekId()).isEqualTo(created.dekId()).isNotEqualTo(read.packageId());
      assertThat(read.index()).isEqualTo(INDEX);
      assertThat(read.dek().matches(created.dek())).isTrue();
    }
  }

  @Test
  void aFileThatOthersCanReadIsRefused() throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> PendingDek.read(file))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("expected rw-------, found rw-r-----");
  }

  @Test
  void anExistingKeyIsNeverOverwritten() {
    assertThatThrownBy(() -> PendingDek.create(file, INDEX, new SecureRandom()))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void damagedFilesAreRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    Fuzz.mutate(
        5,
        bytes,
        200,
        input -> {
          Files.write(file, input);
          try (PendingDek read = PendingDek.read(file)) {
            assertThat(input)
                .hasSameSizeAs(bytes)
                .startsWith("leasehold/1/pending-dek\0".getBytes(StandardCharsets.US_ASCII));
            assertThat(read.dek().length()).isEqualTo(32);
          } catch (Malformed expected) {
            assertThat(expected.field()).startsWith("pending-dek");
          }
        });
  }

  @Test
  void discardingRemovesFileAndKey() throws Exception {
    created.discard();
    assertThat(file).doesNotExist();
    assertThat(created.dek().isClosed()).isTrue();
  }
}
