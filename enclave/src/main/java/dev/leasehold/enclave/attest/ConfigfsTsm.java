package dev.leasehold.enclave.attest;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.CertTable;
import dev.leasehold.core.lease.Tee;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reports through the kernel's configfs-tsm interface, which AMD SEV-SNP and Intel TDX guests
 * share.
 *
 * <p>Anyone in the guest may write to the same entry between our write and our read. The generation
 * counter shows it: it must be exactly one higher after the read than before the write, otherwise
 * everything is done again.
 */
public final class ConfigfsTsm implements Attester {
  private static final int ATTEMPTS = 16;
  private static final long FIRST_PAUSE_MS = 10;
  private static final long LAST_PAUSE_MS = 500;

  private final TsmEntry entry;

  ConfigfsTsm(TsmEntry entry) {
    this.entry = entry;
  }

  /** The entry at this folder, made if absent. */
  public static ConfigfsTsm at(Path folder) throws IOException {
    return new ConfigfsTsm(TsmFolder.open(folder));
  }

  @Override
  public Quote quote(byte[] reportData) throws IOException, InterruptedException {
    if (reportData.length != REPORT_DATA_BYTES) {
      throw new IllegalArgumentException("report data: expected 64 bytes");
    }
    Tee tee = tee(entry.readProvider());
    IOException last = new IOException("configfs-tsm: no report");
    long pause = FIRST_PAUSE_MS;
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return attempt(tee, reportData);
      } catch (IOException e) {
        last = e; // busy, or someone else was faster
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LAST_PAUSE_MS);
    }
    throw new IOException("configfs-tsm: no report in " + ATTEMPTS + " attempts", last);
  }

  private Quote attempt(Tee tee, byte[] reportData) throws IOException {
    long before = generation();
    entry.writeInblob(reportData);
    byte[] report = entry.readOutblob();
    byte[] aux = entry.readAuxblob();
    long after = generation();
    if (after != before + 1) {
      throw new IOException(
          "generation: expected " + (before + 1) + ", found " + after + ": another writer");
    }
    if (report.length == 0) {
      throw new IOException("outblob: expected a report, found nothing");
    }
    return new Quote(tee, Bytes.of(report), certificates(tee, aux));
  }

  private long generation() throws IOException {
    String text = entry.readGeneration();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("generation: expected a number, found '" + text + "'", e);
    }
  }

  private static Tee tee(String provider) throws IOException {
    return switch (provider) {
      case "sev_guest" -> Tee.SEV_SNP;
      case "tdx_guest" -> Tee.TDX;
      default ->
          throw new IOException(
              "provider: expected sev_guest or tdx_guest, found '" + provider + "'");
    };
  }

  /** Certificates are a convenience: without usable ones the custodian uses its own. */
  private static List<Bytes> certificates(Tee tee, byte[] aux) {
    List<Bytes> out = new ArrayList<>();
    if (tee == Tee.SEV_SNP) {
      try {
        for (X509Certificate certificate : CertTable.parse(aux).certificates()) {
          out.add(Bytes.of(certificate.getEncoded()));
        }
      } catch (Malformed | CertificateEncodingException e) {
        return List.of();
      }
    }
    return List.copyOf(out);
  }
}
