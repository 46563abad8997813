package dev.leasehold.testkit.nvidia;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.testkit.pki.Curve;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A report as it will be signed: request, blocks and opaque data, each open to change. */
final class GpuReportImage {
  static final int REQUEST_VERSION = 0;
  static final int REQUEST_PARAM1 = 2;
  static final int REQUEST_SLOT = 36;
  static final int RESPONSE_CODE = 38;

  /** First block: index, specification, size (two bytes). */
  static final int FIRST_BLOCK = 45;

  static final int DRIVER_VERSION = 3;
  static final int VBIOS_VERSION = 6;
  static final int NVDEC0_STATUS = 11;
  static final int CHIP_SKU = 15;
  static final int PROJECT = 17;
  static final int PROJECT_SKU = 18;
  static final int FWID = 20;

  private static final int MEASUREMENT_BYTES = 48;
  private static final int BLOCK_HEADER = 3;

  private final Nonce nonce;
  private final List<byte[]> measurements = new ArrayList<>();
  private final List<Opaque> opaque = new ArrayList<>();

  GpuReportImage(Nonce nonce) {
    this.nonce = nonce;
  }

  private record Opaque(int type, Bytes value) {}

  /** What a simulated GPU measures at an index of reference values. */
  static byte[] measurement(int index) {
    byte[] out = new byte[MEASUREMENT_BYTES];
    Arrays.fill(out, (byte) (index + 1));
    return out;
  }

  GpuReportImage measure(int count) {
    measurements.clear();
    for (int i = 0; i < count; i++) {
      measurements.add(measurement(i));
    }
    return this;
  }

  GpuReportImage measured(int index, byte[] value) {
    measurements.set(index, value.clone());
    return this;
  }

  GpuReportImage opaque(int type, byte... value) {
    remove(type);
    return opaqueAgain(type, value);
  }

  /** Even if there is one of this type already. */
  GpuReportImage opaqueAgain(int type, byte... value) {
    opaque.add(new Opaque(type, Bytes.of(value)));
    return this;
  }

  GpuReportImage text(int type, String text) {
    return opaque(type, (text + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  GpuReportImage remove(int type) {
    opaque.removeIf(o -> o.type() == type);
    return this;
  }

  /** Everything before the signature. */
  byte[] unsigned() {
    ByteWriter out = new ByteWriter().bytes(new byte[] {0x11, (byte) 0xe0, 1, (byte) 0xff});
    out.bytes(nonce.bytes()).u8(0);
    byte[] record = record();
    byte[] extra = opaqueData();
    out.bytes(new byte[] {0x11, 0x60, 0, 0}).u8(measurements.size());
    out.bytes(littleEndian(record.length, 3)).bytes(record);
    out.bytes(new byte[Nonce.BYTES]).bytes(littleEndian(extra.length, 2)).bytes(extra);
    return out.toByteArray();
  }

  static byte[] signed(byte[] unsigned, PrivateKey key) {
    return new ByteWriter().bytes(unsigned, Curve.P384.sign(key, unsigned)).toByteArray();
  }

  private byte[] record() {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < measurements.size(); i++) {
      byte[] value = measurements.get(i);
      out.u8(i + 1).u8(1).bytes(littleEndian(value.length + BLOCK_HEADER, 2));
      out.u8(1).bytes(littleEndian(value.length, 2)).bytes(value);
    }
    return out.toByteArray();
  }

  private byte[] opaqueData() {
    ByteWriter out = new ByteWriter();
    for (Opaque o : opaque) {
      byte[] value = o.value().toArray();
      out.bytes(littleEndian(o.type(), 2), littleEndian(value.length, 2), value);
    }
    return out.toByteArray();
  }

  private static byte[] littleEndian(int value, int width) {
    byte[] out = new byte[width];
    for (int i = 0; i < width; i++) {
      out[i] = (byte) (value >>> (8 * i));
    }
    return out;
  }
}
