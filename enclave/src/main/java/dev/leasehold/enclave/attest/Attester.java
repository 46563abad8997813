package dev.leasehold.enclave.attest;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.lease.Tee;
import java.io.IOException;
import java.util.List;

/** Hardware that reports on the program it runs. */
public interface Attester {
  /** The length of the data that a report binds. */
  int REPORT_DATA_BYTES = 64;

  /**
   * A fresh report that binds the given 64 bytes.
   *
   * @throws IOException when the platform gives none, with what was tried
   */
  Quote quote(byte[] reportData) throws IOException, InterruptedException;

  /**
   * A report as the hardware made it.
   *
   * @param certs DER certificates the host offers with it; the custodian believes none of them
   *     before it has verified them up to a root of its own
   */
  record Quote(Tee tee, Bytes report, List<Bytes> certs) {}
}
