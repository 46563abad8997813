package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A quote's fields by name, in the order of TPMS_ATTEST, then the registers. */
public final class TpmFields {
  /** Reference values are published for SHA-256 first. */
  private static final List<TpmHash> PREFERRED =
      List.of(TpmHash.SHA256, TpmHash.SHA384, TpmHash.SHA512, TpmHash.SHA1);

  private TpmFields() {}

  /** Registers are named {@code pcr0} and so on, of the bank that {@code pcrBank} names. */
  public static Fields.Builder of(
      TpmAttest attest,
      TpmHash signatureHash,
      Map<TpmHash, ? extends SortedMap<Integer, HexBytes>> banks) {
    TpmHash bank = bank(banks);
    Fields.Builder out =
        Fields.builder()
            .hex("qualifiedSigner", attest.qualifiedSigner())
            .hex("nonce", attest.extraData())
            .number("clock", attest.clock())
            .number("resetCount", attest.resetCount())
            .number("restartCount", attest.restartCount())
            .flag("clockSafe", attest.safe())
            .hex("firmwareVersion", attest.firmwareVersion())
            .hex("pcrDigest", attest.pcrDigest())
            .text("signatureHash", signatureHash.word())
            .text("pcrBank", bank.word())
            .texts("pcrBanks", banks.keySet().stream().map(TpmHash::word).toList());
    Optional.ofNullable(banks.get(bank))
        .ifPresent(pcrs -> pcrs.forEach((i, value) -> out.hex("pcr" + i, value)));
    return out;
  }

  /** The bank whose values stand for the machine where several were quoted. */
  public static TpmHash bank(Map<TpmHash, ?> banks) {
    return PREFERRED.stream().filter(banks::containsKey).findFirst().orElseThrow();
  }
}
