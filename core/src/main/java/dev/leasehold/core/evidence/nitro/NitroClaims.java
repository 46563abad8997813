package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Fields;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.pki.Window;
import java.util.List;
import java.util.stream.IntStream;

/** What a genuine Nitro Enclave says. Made by {@link NitroVerification} alone. */
public final class NitroClaims implements EnvironmentClaims {
  private static final HexBytes ZEROS = new HexBytes("00".repeat(48));
  private static final int IMAGE = 0;
  private static final int APPLICATION = 2;

  private final NitroDocument document;
  private final List<Window> windows;

  NitroClaims(NitroDocument document, List<Window> windows) {
    this.document = document;
    this.windows = List.copyOf(windows);
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.NITRO;
  }

  /** AWS publishes no levels of its hypervisor. */
  @Override
  public VendorTcb tcb() {
    return VendorTcb.UNWORDED;
  }

  @Override
  public List<Window> windows() {
    return windows;
  }

  /** The EC2 instance: AWS names no physical machine. */
  @Override
  public String platformId() {
    return "nitro:" + document.moduleId().instance();
  }

  /** PCR0: the whole enclave image. */
  @Override
  public HexBytes measurement() {
    return pcr(IMAGE);
  }

  /** {@code user_data} as the enclave gave it (protocol §4.3); empty when it gave none. */
  @Override
  public HexBytes reportData() {
    return document.userData().orElse(HexBytes.EMPTY);
  }

  public NitroDocument document() {
    return document;
  }

  /**
   * In debug mode, where the host reads the console, image, kernel and application read as zero.
   */
  public boolean debug() {
    return IntStream.rangeClosed(IMAGE, APPLICATION).anyMatch(i -> pcr(i).equals(ZEROS));
  }

  @Override
  public Fields fields() {
    Fields.Builder out =
        Fields.builder()
            .text("moduleId", document.moduleId().toString())
            .text("timestamp", document.timestamp().toString())
            .number("timestampMs", document.timestamp().toEpochMilli())
            .text("digest", document.digest())
            .flag("debug", debug());
    document.pcrs().forEach((index, value) -> out.hex("pcr" + index, value));
    document.publicKey().ifPresent(v -> out.hex("publicKey", v));
    document.userData().ifPresent(v -> out.hex("userData", v));
    document.userData().filter(NitroClaims::isReportData).ifPresent(v -> out.hex("reportData", v));
    document.nonce().ifPresent(v -> out.hex("nonce", v));
    return out.text("platformId", platformId()).build();
  }

  private HexBytes pcr(int index) {
    HexBytes value = document.pcrs().get(index);
    if (value == null) {
      throw new IllegalStateException("a document without register " + index);
    }
    return value;
  }

  private static boolean isReportData(HexBytes userData) {
    return userData.hex().length() == 2 * ReportData.BYTES;
  }
}
