package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which programs and TCB levels are acceptable (protocol §6.1). */
public record Measurements(
    Id setId,
    long version,
    Optional<Hash> previous,
    long notBefore,
    List<Entry> entries,
    Policy policy,
    long issuedAt,
    List<Hash> approvals)
    implements Versioned {

  public Measurements {
    Rules.atLeastOne("version", version);
    Rules.require(!entries.isEmpty(), "entries: expected at least one", entries);
  }

  /**
   * One acceptable program.
   *
   * @param measurement launch measurement: 48 bytes for sev-snp and tdx
   * @param config SHA-256 of {@code enclave-config.json}
   * @param hostData expected HOST_DATA, or empty when it must be zero
   * @param tdx RTMR0..3 as 96 hex digits or {@code "*"}; empty for other kinds
   */
  public record Entry(
      Tee tee,
      HexBytes measurement,
      String program,
      Hash config,
      HexBytes hostData,
      List<String> tdx) {}

  /**
   * What the platform under the program must be.
   *
   * @param minTcb lowest component versions for each family, exactly one entry a family
   */
  public record Policy(
      List<String> families,
      Map<String, TcbFloor> minTcb,
      long minTcbEvaluation,
      List<String> tcbStatus,
      List<String> advisoriesAllowed,
      boolean smtAllowed,
      boolean ciphertextHiding,
      boolean aliasCheck,
      long maxCrlAgeMs) {
    public Policy {
      Rules.require(
          minTcb.keySet().equals(Set.copyOf(families)),
          "minTcb: expected exactly one entry for each of " + families,
          minTcb.keySet());
    }
  }

  /** The lowest acceptable version of each part of an AMD platform. */
  public record TcbFloor(long fmc, long bootloader, long tee, long snp, long microcode) {}
}
