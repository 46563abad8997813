package dev.leasehold.consumer.trust;

import dev.leasehold.consumer.KeptFile;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.log.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The newest checkpoint of the custodian's log that the proxy believed: a file with the signed note
 * itself, so that a log which is cut back while no proxy runs is noticed by the next one, and the
 * two notes can be shown. Not safe for concurrent use.
 */
public final class SeenCheckpoint {
  private static final String CHECK = "checkpoint-store";

  private final Path file;
  private Optional<String> note;

  private SeenCheckpoint(Path file, Optional<String> note) {
    this.file = file;
    this.note = note;
  }

  /**
   * What a folder remembers.
   *
   * @throws IOException when the file cannot be read or holds no checkpoint
   */
  public static SeenCheckpoint in(Path folder) throws IOException {
    Path file = folder.resolve("checkpoint");
    if (Files.notExists(file)) {
      return new SeenCheckpoint(file, Optional.empty());
    }
    String note = Files.readString(file);
    try {
      Checkpoint.claimed(note);
    } catch (Malformed e) {
      throw new IOException(file + ": " + e.getMessage() + "; " + remedy(file), e);
    }
    return new SeenCheckpoint(file, Optional.of(note));
  }

  /** The newest one; empty before the first. */
  Optional<Checkpoint> newest(Roster.Log log) throws CheckFailed {
    if (note.isEmpty()) {
      return Optional.empty();
    }
    String kept = note.get();
    return Optional.of(
        CheckFailed.opening(
            CHECK, remedy(file), () -> Checkpoint.parse(kept, log.origin(), log.key())));
  }

  /** Returns once it is on disk. */
  void keep(String newer) throws CheckFailed {
    try {
      KeptFile.write(file, newer);
    } catch (IOException e) {
      throw new CheckFailed(
          CHECK,
          "to keep the newest checkpoint in " + file,
          e.toString(),
          "make room there, or make the folder writable");
    }
    note = Optional.of(newer);
  }

  private static String remedy(Path file) {
    return "put back a good copy of "
        + file
        + "; only if there is none, or the custodian's log is another one now, delete it:"
        + " a log that was cut back in between is then not noticed";
  }
}
