package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.KeyRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Who may borrow, and on which machines (protocol §6.1). */
public record Borrower(
    Id borrowerId,
    String name,
    KeyRecord bk,
    List<Platform> platforms,
    long issuedAt,
    List<Hash> approvals) {

  public Borrower {
    Rules.require(
        name.getBytes(StandardCharsets.UTF_8).length <= 200,
        "name: expected at most 200 bytes",
        name);
  }

  /**
   * One machine.
   *
   * @param platformId {@code sev-snp:<CHIP_ID hex>}, {@code tdx:<PPID hex>} and so on
   */
  public record Platform(String platformId, Tier tier) {}
}
