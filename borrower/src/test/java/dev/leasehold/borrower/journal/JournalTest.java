package dev.leasehold.borrower.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.testkit.party.Parties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("journal.jsonl");
  }

  @Test
  void givesBackWhatItTook() throws Exception {
    write(3);
    assertThat(replay()).containsExactly(entry(0), entry(1), entry(2));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Tag("D29")
  @Test
  void aTornTailAtEveryByteIsForgottenAndOverwritten() throws Exception {
    write(2);
    byte[] whole = Files.readAllBytes(file);
    int first = whole.length / 2;
    for (int length = first; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(replay()).containsExactly(entry(0));
      try (Journal journal = Journal.open(file, e -> {})) {
        journal.append(entry(5));
      }
      assertThat(replay()).containsExactly(entry(0), entry(5));
    }
  }

  @Test
  void anAlteredLineIsRefusedAndSaysWhere() throws Exception {
    write(2);
    Files.writeString(file, Files.readString(file).replaceFirst("\"out\"", "\"up\""));
    assertThatThrownBy(this::replay)
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("journal.jsonl at byte 0");
  }

  @Test
  void hasOneWriter() throws Exception {
    try (Journal first = Journal.open(file, e -> {})) {
      assertThat(first.file()).isEqualTo(file);
      assertThatThrownBy(() -> Journal.open(file, e -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another relay");
    }
  }

  private void write(int entries) throws IOException, Malformed {
    try (Journal journal = Journal.open(file, e -> {})) {
      for (int i = 0; i < entries; i++) {
        journal.append(entry(i));
      }
    }
  }

  private List<Entry> replay() throws IOException, Malformed {
    List<Entry> out = new ArrayList<>();
    Journal.open(file, out::add).close();
    return out;
  }

  private static Entry entry(int n) {
    return new Entry(
        Parties.NOW,
        Entry.Direction.OUT,
        Entry.What.HEARTBEAT,
        Optional.of(Parties.INSTANCE_ID),
        Optional.of(Parties.hash(n)),
        0,
        Bytes.of(new byte[] {(byte) n, 1, 2}));
  }
}
