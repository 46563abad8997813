package dev.leasehold.borrower.evidence;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.borrower.journal.Journal;
import dev.leasehold.core.audit.BundleHeader;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.BundleWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * Turns a relay's journal into an evidence bundle (protocol §9.6(8)), whether the relay runs or
 * not: what was whole on disk when the export began is in it, each statement once.
 */
public final class EvidenceExport {
  private final Set<Hash> written = new HashSet<>();
  private final BundleWriter bundle;

  private EvidenceExport(BundleWriter bundle) {
    this.bundle = bundle;
  }

  /**
   * Writes the bundle to {@code out}, whole or not at all.
   *
   * @return how many statements it holds
   * @throws Malformed when the journal holds an entry that the relay cannot have written
   */
  public static long write(Path journal, Id leaseId, InstantSource clock, Path out)
      throws IOException, Malformed {
    Path target = out.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      long statements = writeThrough(journal, leaseId, clock, part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return statements;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static long writeThrough(Path journal, Id leaseId, InstantSource clock, Path part)
      throws IOException, Malformed {
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      BundleWriter bundle = new BundleWriter(out, BundleHeader.of(leaseId, clock.millis()));
      EvidenceExport export = new EvidenceExport(bundle);
      Journal.read(journal, export::take);
      long statements = bundle.end();
      channel.force(true);
      return statements;
    }
  }

  private void take(Entry entry) throws IOException, Malformed {
    for (Envelope e : SignedStatements.in(entry)) {
      if (written.add(e.hash())) {
        bundle.add(new BundleLine(entry.at(), e));
      }
    }
  }
}
