package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.evidence.tpm.TpmFields;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.evidence.tpm.TpmQuote;
import dev.leasehold.core.pki.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/** What a genuine Azure confidential VM says. Made by {@link AzureVerification} alone. */
public final class AzureClaims implements EnvironmentClaims {
  /**
   * The registers that tell what runs: firmware, boot loader, kernel, their command lines and keys.
   * Not among them: settings of the host and the partition table (1, 3, 5, 6), and what the running
   * kernel goes on to measure (10).
   */
  public static final List<Integer> PROGRAM_PCRS = List.of(0, 2, 4, 7, 8, 9, 11, 12, 13, 14, 15);

  /** Bytes of the report data that a quote's extraData carries (protocol §4.3). */
  private static final int BOUND_BYTES = 32;

  private static final String MEASUREMENT_LABEL = "leasehold/1/azure-measurement";

  private final AzureEvidence evidence;
  private final EnvironmentClaims hardware;
  private final Optional<EventLog> log;

  AzureClaims(AzureEvidence evidence, EnvironmentClaims hardware, Optional<EventLog> log) {
    this.evidence = evidence;
    this.hardware = hardware;
    this.log = log;
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.AZURE;
  }

  @Override
  public VendorTcb tcb() {
    return hardware.tcb();
  }

  /** The hardware's fields, what the paravisor says, and the quote's. */
  @Override
  public Fields fields() {
    RuntimeData runtime = evidence.hcl().runtime();
    Fields.Builder out =
        Fields.builder()
            .text("hardware", hardware.kind().word())
            .all(hardware.fields())
            .hex("userData", runtime.userData());
    runtime.secureBoot().ifPresent(b -> out.flag("secureBoot", b));
    runtime.console().ifPresent(b -> out.flag("console", b));
    runtime.vmId().ifPresent(id -> out.text("vmUniqueId", id));
    TpmQuote quote = evidence.quote();
    return out.all(TpmFields.of(quote.attest(), quote.signature().hash(), quote.pcrs()).build())
        .hex("environmentMeasurement", measurement())
        .build();
  }

  @Override
  public List<Window> windows() {
    return hardware.windows();
  }

  @Override
  public String platformId() {
    return hardware.platformId();
  }

  /**
   * The launch measurement is of the paravisor alone; which program booted stands in the TPM's
   * registers. Both together are what an owner approves: {@code SHA-384(label ‖ 00 ‖ launch
   * measurement ‖ RTMR0 to RTMR3 on TDX ‖ }{@link #PROGRAM_PCRS}{@code )}.
   */
  @Override
  public HexBytes measurement() {
    ByteWriter registers = new ByteWriter();
    PROGRAM_PCRS.forEach(i -> registers.bytes(pcr(i).bytes()));
    return HexBytes.of(
        Digests.domain384(MEASUREMENT_LABEL, launch().bytes(), registers.toByteArray()));
  }

  /** All that the hardware measured: on TDX the RTMRs, too. */
  private HexBytes launch() {
    StringBuilder hex = new StringBuilder(hardware.measurement().hex());
    if (hardware instanceof TdxClaims tdx) {
      tdx.report().rtmr().forEach(register -> hex.append(register.hex()));
    }
    return new HexBytes(hex.toString());
  }

  /** The quote's extraData; the hardware's own report data is taken by the paravisor. */
  @Override
  public HexBytes reportData() {
    return extraData();
  }

  /** A quote has room for the first 32 bytes only (protocol §4.3). */
  @Override
  public boolean binds(ReportData expected) {
    byte[] first = Arrays.copyOf(expected.bytes(), BOUND_BYTES);
    return extraData().equals(HexBytes.of(first));
  }

  /** What the hardware below says. */
  public EnvironmentClaims hardware() {
    return hardware;
  }

  /** What the host says the TPM measured; believed as far as it replays to the registers. */
  public Optional<EventLog> log() {
    return log;
  }

  /** The registers quoted, by bank. */
  public Map<TpmHash, SortedMap<Integer, HexBytes>> banks() {
    return evidence.quote().pcrs();
  }

  public HexBytes extraData() {
    return evidence.quote().attest().extraData();
  }

  /** The hash that the quote's signature rests on. */
  public TpmHash signatureHash() {
    return evidence.quote().signature().hash();
  }

  /** A register of the SHA-256 bank. */
  private HexBytes pcr(int index) {
    SortedMap<Integer, HexBytes> bank =
        Objects.requireNonNull(evidence.quote().pcrs().get(TpmHash.SHA256));
    return Objects.requireNonNull(bank.get(index));
  }
}
