package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads request and answer front to back, field by field, in the order of DSP0274 1.1 §10.11. */
final class NvidiaReportReader {
  private static final String FORMAT = "NVIDIA report";
  private static final int SPDM_1_1 = 0x11;
  private static final int GET_MEASUREMENTS = 0xe0;
  private static final int MEASUREMENTS = 0x60;
  private static final int SIGNATURE_REQUESTED = 1;
  private static final int ALL_MEASUREMENTS = 0xff;
  private static final int MAX_SLOT = 7;
  private static final int DMTF_SPECIFICATION = 1;
  private static final int BLOCK_HEADER = 3;
  private static final int SIGNATURE_BYTES = 96;

  private final byte[] bytes;
  private final ByteReader in;

  NvidiaReportReader(byte[] bytes) {
    this.bytes = bytes.clone();
    this.in = ByteReader.littleEndian(FORMAT, this.bytes);
  }

  NvidiaReport read() throws Malformed {
    exactly("request.SPDMVersion", SPDM_1_1);
    exactly("request.RequestResponseCode", GET_MEASUREMENTS);
    exactly("request.Param1", SIGNATURE_REQUESTED);
    exactly("request.Param2", ALL_MEASUREMENTS);
    Nonce nonce = nonce("request.Nonce");
    int slot = in.u8("request.SlotIDParam");
    if (slot > MAX_SLOT) {
      throw unexpected("request.SlotIDParam", "0 to " + MAX_SLOT, slot);
    }
    exactly("SPDMVersion", SPDM_1_1);
    exactly("RequestResponseCode", MEASUREMENTS);
    exactly("Param1", 0);
    exactly("Param2 (slot)", slot);
    List<HexBytes> measurements = measurements();
    Nonce responseNonce = nonce("Nonce");
    int opaqueLength = in.u16("OpaqueLength");
    OpaqueData opaque = OpaqueData.parse(in.bytes("OpaqueData", opaqueLength));
    int signed = in.position();
    HexBytes signature = HexBytes.of(in.bytes("Signature", SIGNATURE_BYTES));
    in.end();
    return new NvidiaReport(
        nonce,
        measurements,
        responseNonce,
        opaque,
        Bytes.of(Arrays.copyOf(bytes, signed)),
        signature,
        Digests.sha256(bytes));
  }

  private List<HexBytes> measurements() throws Malformed {
    int count = in.u8("NumberOfBlocks");
    long length = in.u16("MeasurementRecordLength") | (long) in.u8("MeasurementRecordLength") << 16;
    ByteReader record =
        ByteReader.littleEndian(
            FORMAT + ".MeasurementRecord", in.bytes("MeasurementRecord", length));
    List<HexBytes> out = new ArrayList<>();
    for (int index = 1; index <= count; index++) {
      out.add(measurement(record, index));
    }
    record.end();
    return out;
  }

  /** One block. They stand in the order of their index, so that none can be there twice. */
  private static HexBytes measurement(ByteReader in, int index) throws Malformed {
    String block = "block " + index;
    int found = in.u8(block + ".Index");
    if (found != index) {
      throw unexpected(block + ".Index", Integer.toString(index), found);
    }
    int specification = in.u8(block + ".MeasurementSpecification");
    if (specification != DMTF_SPECIFICATION) {
      throw unexpected(block + ".MeasurementSpecification", "1 (DMTF)", specification);
    }
    int size = in.u16(block + ".MeasurementSize");
    in.u8(block + ".DMTFSpecMeasurementValueType");
    int valueSize = in.u16(block + ".DMTFSpecMeasurementValueSize");
    if (valueSize != size - BLOCK_HEADER) {
      throw unexpected(
          block + ".DMTFSpecMeasurementValueSize", "MeasurementSize - " + BLOCK_HEADER, valueSize);
    }
    return HexBytes.of(in.bytes(block + ".DMTFSpecMeasurementValue", valueSize));
  }

  private Nonce nonce(String field) throws Malformed {
    return Nonce.of(in.bytes(field, Nonce.BYTES));
  }

  private void exactly(String field, int expected) throws Malformed {
    int found = in.u8(field);
    if (found != expected) {
      throw unexpected(field, "0x" + Integer.toHexString(expected), found);
    }
  }

  private static Malformed unexpected(String field, String expected, int found) {
    return new Malformed(FORMAT + "." + field, expected, "0x" + Integer.toHexString(found));
  }
}
