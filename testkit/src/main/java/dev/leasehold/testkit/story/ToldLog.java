package dev.leasehold.testkit.story;

import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.LogSource;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.testkit.log.MemoryLog;
import dev.leasehold.testkit.party.Parties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A log of a told story, as its files are served; entries and checkpoints can be tampered with. */
public final class ToldLog implements LogSource {
  /** What is served; a test may change it behind the log's back. */
  public final List<Bytes> entries = new ArrayList<>();

  private final Ed25519Signer key;
  private MemoryLog published;

  public ToldLog(Ed25519Signer key) {
    this.key = key;
    this.published = new MemoryLog(Parties.LOG_ORIGIN, key);
  }

  /** Appends statements and publishes a checkpoint over everything. */
  public ToldLog publish(List<BundleLine> statements) {
    statements.forEach(s -> entries.add(utf8(s.statement().write())));
    return publish(key);
  }

  /** Publishes a checkpoint over what is there, signed by this key. */
  public ToldLog publish(Ed25519Signer signer) {
    published = new MemoryLog(Parties.LOG_ORIGIN, signer);
    entries.forEach(e -> published.add(new String(e.toArray(), StandardCharsets.UTF_8)));
    return this;
  }

  public static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] fetch(String path) throws IOException {
    if (path.equals("checkpoint")) {
      return published.note().getBytes(StandardCharsets.UTF_8);
    }
    if (path.startsWith("proof?")) {
      return consistency(path.split("[=&]", -1));
    }
    try {
      TilePath tile = TilePath.parse(path);
      int first = (int) tile.index() * TilePath.FULL;
      return new EntryBundle(entries.subList(first, first + tile.width())).write();
    } catch (Malformed m) {
      throw new IOException(m);
    }
  }

  /** The pieces of {@code proof?from=a&to=b}. */
  private byte[] consistency(String[] query) throws IOException {
    return published
        .consistency(Long.parseLong(query[1]), Long.parseLong(query[3]))
        .map(p -> Bundle.write(ConsistencyProof.class, p))
        .orElseThrow(() -> new IOException("no such sizes"));
  }
}
