package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import java.util.List;
import java.util.Optional;

/**
 * The report body of a trust domain: 584 bytes for TDX 1.0, 648 for TDX 1.5 (Intel TDX DCAP quote
 * format, "TD Quote Body").
 *
 * @param rtmr RTMR0 to RTMR3
 * @param teeTcbSvn2 TDX 1.5: the level after the module was updated under a running domain
 * @param mrServiceTd TDX 1.5: hash of the service domains bound to this one, zeros for none
 */
public record TdReport(
    HexBytes teeTcbSvn,
    HexBytes mrSeam,
    HexBytes mrSignerSeam,
    HexBytes seamAttributes,
    TdAttributes tdAttributes,
    HexBytes xfam,
    HexBytes mrTd,
    HexBytes mrConfigId,
    HexBytes mrOwner,
    HexBytes mrOwnerConfig,
    List<HexBytes> rtmr,
    ReportData reportData,
    Optional<HexBytes> teeTcbSvn2,
    Optional<HexBytes> mrServiceTd)
    implements QuoteBody {
  static final int BYTES_1_0 = 584;
  static final int BYTES_1_5 = 648;

  private static final int REGISTER = 48;

  public TdReport {
    rtmr = List.copyOf(rtmr);
  }

  static TdReport parse(byte[] bytes) throws Malformed {
    FieldReader in = new FieldReader("TD report", bytes);
    TdReport report =
        new TdReport(
            in.hex("TEE_TCB_SVN", 16),
            in.hex("MRSEAM", REGISTER),
            in.hex("MRSIGNERSEAM", REGISTER),
            in.hex("SEAMATTRIBUTES", 8),
            TdAttributes.of(in.hex("TDATTRIBUTES", 8)),
            in.hex("XFAM", 8),
            in.hex("MRTD", REGISTER),
            in.hex("MRCONFIGID", REGISTER),
            in.hex("MROWNER", REGISTER),
            in.hex("MROWNERCONFIG", REGISTER),
            List.of(
                in.hex("RTMR0", REGISTER),
                in.hex("RTMR1", REGISTER),
                in.hex("RTMR2", REGISTER),
                in.hex("RTMR3", REGISTER)),
            in.reportData(),
            bytes.length == BYTES_1_0 ? Optional.empty() : Optional.of(in.hex("TEE_TCB_SVN_2", 16)),
            bytes.length == BYTES_1_0
                ? Optional.empty()
                : Optional.of(in.hex("MRSERVICETD", REGISTER)));
    in.end();
    return report;
  }

  @Override
  public HexBytes measurement() {
    return mrTd;
  }

  /** The body has no reserved fields of its own; see {@link TdAttributes#reservedBitsAreSane}. */
  @Override
  public List<String> reservedSet() {
    return List.of();
  }
}
