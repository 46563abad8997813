package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.pki.Window;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a genuine TPM says. It is no environment for a lease: a TPM isolates nothing, it only
 * reports what booted. Made by {@link TpmVerification} alone.
 */
public final class TpmClaims implements VerifiedClaims {
  private final TpmEvidence evidence;
  private final Optional<EventLog> log;
  private final String binding;
  private final List<Window> windows;

  TpmClaims(TpmEvidence evidence, Optional<EventLog> log, String binding, List<Window> windows) {
    this.evidence = evidence;
    this.log = log;
    this.binding = binding;
    this.windows = List.copyOf(windows);
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.TPM;
  }

  /** TPM makers publish no levels. */
  @Override
  public VendorTcb tcb() {
    return VendorTcb.UNWORDED;
  }

  @Override
  public Fields fields() {
    TpmAttest attest = evidence.quotes().getFirst().attest();
    Fields.Builder out = TpmFields.of(attest, signatureHash(), banks());
    out.text("akBinding", binding);
    evidence.area().ifPresent(a -> out.hex("akName", a.name()));
    log.ifPresent(l -> out.number("events", l.events().size()));
    return out.build();
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  /** The caller's bytes in every quote: a nonce, by which the quotes are known to be fresh. */
  public HexBytes extraData() {
    return evidence.quotes().getFirst().attest().extraData();
  }

  /** The weakest hash that a signature of these quotes rests on. */
  public TpmHash signatureHash() {
    return evidence.quotes().stream().map(q -> q.signature().hash()).min(TpmHash::compareTo).get();
  }

  /** Every register quoted, by bank. */
  public Map<TpmHash, SortedMap<Integer, HexBytes>> banks() {
    Map<TpmHash, SortedMap<Integer, HexBytes>> out = new EnumMap<>(TpmHash.class);
    for (TpmQuote quote : evidence.quotes()) {
      quote
          .pcrs()
          .forEach(
              (bank, values) -> out.computeIfAbsent(bank, b -> new TreeMap<>()).putAll(values));
    }
    return Collections.unmodifiableMap(out);
  }

  /** What the host says was measured; to be believed only as far as it replays to the registers. */
  public Optional<EventLog> log() {
    return log;
  }
}
