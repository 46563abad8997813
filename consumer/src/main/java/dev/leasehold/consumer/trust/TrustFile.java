package dev.leasehold.consumer.trust;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.json.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a consumer decided to trust, learned from the custodian by a way of its own (protocol
 * §11.1). Everything else the proxy believes follows from this and from the vendors' pinned roots.
 *
 * @param approverSet whose signatures count: {@code D("leasehold/1/approver-set", …)}
 * @param leaseId the lease that must answer, if the consumer cares which
 * @param borrowerId the borrower whose enclave must answer; this or {@code leaseId} is there
 * @param modelPackage H(package) that must be loaded, if the consumer cares
 * @param modelDigest digest of the model that must be loaded, if the consumer cares
 */
public record TrustFile(
    Hash approverSet,
    Optional<Id> leaseId,
    Optional<Id> borrowerId,
    @Wire("package") Optional<Hash> modelPackage,
    Optional<Hash> modelDigest) {
  private static final int MAX_BYTES = 65_536;

  public TrustFile {
    if (leaseId.isEmpty() && borrowerId.isEmpty()) {
      throw new IllegalArgumentException(
          "leaseId or borrowerId: expected at least one of them, found neither:"
              + " any borrower's enclave could answer");
    }
  }

  /** Reads a file in which every field is present; {@code ""} leaves an optional one open. */
  public static TrustFile read(Path file) throws IOException, Malformed {
    String name = String.valueOf(file.getFileName());
    return Codec.of(TrustFile.class)
        .decode(name, StrictJson.parse(name, Files.readAllBytes(file), MAX_BYTES));
  }

  public void write(Path file) throws IOException {
    String json = Codec.of(TrustFile.class).encode(this).write() + "\n";
    Files.write(file, json.getBytes(StandardCharsets.UTF_8));
  }
}
