package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.json.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Writes an evidence bundle (docs/spec/audit-bundle.md); it is none before {@link #end}. */
public final class BundleWriter {
  private final OutputStream out;
  private final MessageDigest digest = Digests.newDigest("SHA-256");
  private long statements;

  /** Begins a bundle; the stream stays the caller's to close. */
  public BundleWriter(OutputStream out, BundleHeader header) throws IOException {
    this.out = out;
    line(BundleHeader.class, header);
  }

  public void add(BundleLine line) throws IOException {
    line(BundleLine.class, line);
    statements++;
  }

  /** Ends the bundle and returns how many statements it holds. */
  public long end() throws IOException {
    line(BundleEnd.class, new BundleEnd(statements, Hash.of(digest.digest())));
    out.flush();
    return statements;
  }

  private <R extends Record> void line(Class<R> type, R value) throws IOException {
    byte[] line = (Codec.of(type).encode(value).write() + "\n").getBytes(StandardCharsets.UTF_8);
    digest.update(line);
    out.write(line);
  }
}
