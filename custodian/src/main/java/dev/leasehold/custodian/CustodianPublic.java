package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Roster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a roster must say about this server, and what clients pin: the file {@code
 * custodian-public.json} that {@code init} writes.
 *
 * @param importKey raw X-Wing public key that keys of packages are sealed to
 * @param tlsCertificate SHA-256 of the DER certificate
 * @param approverSet fixed at init; no roster with another is ever accepted
 */
public record CustodianPublic(
    KeyRecord grantKey, Roster.Log log, Bytes importKey, Hash tlsCertificate, Hash approverSet) {
  public static final String FILE = "custodian-public.json";
  private static final int MOST_BYTES = 16_384;

  public static CustodianPublic read(Path file) throws IOException, Malformed {
    return Bundle.parse(CustodianPublic.class, Files.readAllBytes(file), MOST_BYTES);
  }

  void write(Path file) throws IOException {
    Files.write(file, Bundle.write(CustodianPublic.class, this));
  }
}
