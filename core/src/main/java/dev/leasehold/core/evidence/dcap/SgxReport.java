package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import java.util.List;

/**
 * The report body of an SGX enclave: 384 bytes (Intel SDM vol. 3D, table "REPORT"). Quotes carry
 * one for the attested enclave and one for the Quoting Enclave.
 */
public record SgxReport(
    HexBytes cpuSvn,
    HexBytes miscSelect,
    HexBytes isvExtProdId,
    SgxAttributes attributes,
    HexBytes mrEnclave,
    HexBytes mrSigner,
    HexBytes configId,
    int isvProdId,
    int isvSvn,
    int configSvn,
    HexBytes isvFamilyId,
    ReportData reportData,
    List<String> reservedSet)
    implements QuoteBody {
  static final int BYTES = 384;

  public SgxReport {
    reservedSet = List.copyOf(reservedSet);
  }

  static SgxReport parse(String format, byte[] bytes) throws Malformed {
    FieldReader in = new FieldReader(format, bytes);
    HexBytes cpuSvn = in.hex("CPUSVN", 16);
    HexBytes miscSelect = in.hex("MISCSELECT", 4);
    in.reserved("RESERVED at 20", 12);
    HexBytes isvExtProdId = in.hex("ISVEXTPRODID", 16);
    SgxAttributes attributes = SgxAttributes.of(in.hex("ATTRIBUTES", 16));
    HexBytes mrEnclave = in.hex("MRENCLAVE", 32);
    in.reserved("RESERVED at 96", 32);
    HexBytes mrSigner = in.hex("MRSIGNER", 32);
    in.reserved("RESERVED at 160", 32);
    HexBytes configId = in.hex("CONFIGID", 64);
    int isvProdId = in.u16("ISVPRODID");
    int isvSvn = in.u16("ISVSVN");
    int configSvn = in.u16("CONFIGSVN");
    in.reserved("RESERVED at 262", 42);
    HexBytes isvFamilyId = in.hex("ISVFAMILYID", 16);
    ReportData reportData = in.reportData();
    in.end();
    return new SgxReport(
        cpuSvn,
        miscSelect,
        isvExtProdId,
        attributes,
        mrEnclave,
        mrSigner,
        configId,
        isvProdId,
        isvSvn,
        configSvn,
        isvFamilyId,
        reportData,
        in.reservedSet());
  }

  @Override
  public HexBytes measurement() {
    return mrEnclave;
  }
}
