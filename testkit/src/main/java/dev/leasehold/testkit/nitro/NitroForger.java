package dev.leasehold.testkit.nitro;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.pki.Curve;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes attestation documents of one enclave that are right in everything but the flaw asked for.
 */
public final class NitroForger {
  static final String MODULE_ID = SimulatedAws.INSTANCE + "-enc0190aabbccddeeff";

  private static final byte[] ES384 = new HexBytes("a1013822").bytes();
  private static final byte[] ES256 = new HexBytes("a10126").bytes();
  private static final int REGISTERS = 16;
  private static final int REGISTER_BYTES = 48;

  private final Instant now;
  private final SimulatedAws aws;
  private final SimulatedAws foreign;

  /** A forger whose clock stands at {@code now}. */
  public NitroForger(Instant now) {
    this.now = now;
    this.aws = new SimulatedAws(now);
    this.foreign = new SimulatedAws(now);
  }

  /** Anchors that accept this simulation and nothing else. */
  public Anchors anchors() {
    return aws.anchors();
  }

  /** A signed document over an image with this PCR0. */
  public byte[] forge(NitroFlaw flaw, ReportData reportData, Nonce nonce, HexBytes pcr0) {
    SimulatedAws.Chain chain = (flaw == NitroFlaw.UNPINNED_ROOT ? foreign : aws).chain(flaw);
    byte[] header = flaw == NitroFlaw.ANOTHER_ALGORITHM ? ES256 : ES384;
    byte[] payload = payload(flaw, chain, reportData, nonce, pcr0.bytes());
    PrivateKey key =
        (flaw == NitroFlaw.SIGNED_BY_ANOTHER_KEY ? foreign.chain(flaw) : chain).key().getPrivate();
    byte[] signature =
        Curve.P384.sign(
            key, flaw == NitroFlaw.SIGNED_WITHOUT_CONTEXT ? payload : signed(header, payload));
    byte[] cose =
        Cbor.array(
            List.of(
                Cbor.bytes(header),
                unprotected(flaw),
                Cbor.bytes(payload),
                Cbor.bytes(signature(flaw, signature))));
    return outer(flaw, cose);
  }

  private byte[] payload(
      NitroFlaw flaw, SimulatedAws.Chain chain, ReportData reportData, Nonce nonce, byte[] pcr0) {
    List<byte[]> fields = new ArrayList<>();
    add(fields, "module_id", Cbor.text(moduleId(flaw)));
    if (flaw != NitroFlaw.FIELD_MISSING) {
      add(fields, "digest", Cbor.text(flaw == NitroFlaw.DIGEST ? "SHA512" : "SHA384"));
    }
    add(fields, "timestamp", Cbor.unsigned(timestamp(flaw)));
    add(fields, "pcrs", Cbor.map(registers(flaw, pcr0)));
    add(fields, "certificate", Cbor.bytes(certificate(flaw, chain.leaf())));
    add(
        fields,
        "cabundle",
        Cbor.array(chain.bundle().stream().map(c -> Cbor.bytes(Certificates.encoded(c))).toList()));
    if (flaw != NitroFlaw.PUBLIC_KEY_ABSENT) {
      add(fields, "public_key", Cbor.NULL);
    }
    if (flaw != NitroFlaw.NONCE_ABSENT) {
      byte[] other = new byte[Nonce.BYTES];
      add(fields, "nonce", Cbor.bytes(flaw == NitroFlaw.ANOTHER_NONCE ? other : nonce.bytes()));
    }
    add(fields, "user_data", userData(flaw, reportData.bytes()));
    switch (flaw) {
      case FIELD_TWICE -> add(fields, "digest", Cbor.text("SHA384"));
      case FIELD_UNKNOWN -> add(fields, "nitrotpm_pcrs", Cbor.NULL);
      default -> {}
    }
    return switch (flaw) {
      case INDEFINITE_MAP -> Cbor.indefiniteMap(fields);
      case TRAILING_BYTE_IN_PAYLOAD -> Cbor.joined(Cbor.map(fields), Cbor.NULL);
      case LENGTH_NOT_SHORTEST -> longForm(Cbor.map(fields));
      default -> Cbor.map(fields);
    };
  }

  private static String moduleId(NitroFlaw flaw) {
    return flaw == NitroFlaw.MODULE_ID_OF_ANOTHER_FORM ? SimulatedAws.INSTANCE : MODULE_ID;
  }

  private long timestamp(NitroFlaw flaw) {
    return switch (flaw) {
      case TIMESTAMP_ZERO -> 0;
      case TIMESTAMP_BEFORE_THE_LEAF -> now.minusSeconds(3601).toEpochMilli();
      case TIMESTAMP_OF_THE_FUTURE -> now.plusSeconds(301).toEpochMilli();
      default -> now.minusSeconds(2).toEpochMilli();
    };
  }

  private static List<byte[]> registers(NitroFlaw flaw, byte[] pcr0) {
    List<byte[]> out = new ArrayList<>();
    for (int i = flaw == NitroFlaw.REGISTER_MISSING ? 1 : 0; i < REGISTERS; i++) {
      register(out, i, value(flaw, i, pcr0));
    }
    switch (flaw) {
      case REGISTER_TWICE -> register(out, 3, new byte[REGISTER_BYTES]);
      case REGISTER_32 -> register(out, 32, new byte[REGISTER_BYTES]);
      case REGISTER_OF_32_BYTES -> register(out, 16, new byte[32]);
      case MEASUREMENT -> out.get(1)[2] ^= 1;
      default -> {}
    }
    return out;
  }

  /** In debug mode PCR0 is zero as well: that is for the caller to ask for. */
  private static byte[] value(NitroFlaw flaw, int index, byte[] pcr0) {
    byte[] out = new byte[REGISTER_BYTES];
    if ((index == 1 || index == 2) && flaw != NitroFlaw.DEBUG) {
      Arrays.fill(out, (byte) (0x11 * index));
    }
    return index == 0 ? pcr0 : out;
  }

  private static void register(List<byte[]> out, int index, byte[] value) {
    out.add(Cbor.unsigned(index));
    out.add(Cbor.bytes(value));
  }

  private static byte[] certificate(NitroFlaw flaw, X509Certificate leaf) {
    byte[] der = Certificates.encoded(leaf);
    return flaw == NitroFlaw.CERTIFICATE_TOO_LONG ? Arrays.copyOf(der, der.length + 1) : der;
  }

  private static byte[] userData(NitroFlaw flaw, byte[] reportData) {
    return switch (flaw) {
      case USER_DATA_NULL -> Cbor.NULL;
      case USER_DATA_TOO_LONG -> Cbor.bytes(Arrays.copyOf(reportData, 513));
      case REPORT_DATA_CUT -> Cbor.bytes(Arrays.copyOf(reportData, 32));
      case REPORT_DATA -> {
        reportData[63] ^= 1;
        yield Cbor.bytes(reportData);
      }
      default -> Cbor.bytes(reportData);
    };
  }

  private static byte[] unprotected(NitroFlaw flaw) {
    return Cbor.map(
        flaw == NitroFlaw.UNPROTECTED_HEADER
            ? List.of(Cbor.unsigned(4), Cbor.bytes(new byte[32]))
            : List.of());
  }

  private static byte[] signature(NitroFlaw flaw, byte[] rs) {
    if (flaw == NitroFlaw.SIGNATURE_BROKEN) {
      rs[0] ^= 1;
    }
    return flaw == NitroFlaw.SIGNATURE_TOO_SHORT ? Arrays.copyOf(rs, rs.length - 1) : rs;
  }

  private static byte[] outer(NitroFlaw flaw, byte[] cose) {
    return switch (flaw) {
      case TAGGED -> Cbor.tagged(18, cose);
      case ANOTHER_TAG -> Cbor.tagged(17, cose);
      case CUT_SHORT -> Arrays.copyOf(cose, cose.length - 1);
      case TRAILING_BYTE -> Arrays.copyOf(cose, cose.length + 1);
      default -> cose;
    };
  }

  /** The same map with its length in two bytes instead of one. */
  private static byte[] longForm(byte[] map) {
    byte[] head = {(byte) 0xb8, (byte) (map[0] & 0x1f)};
    return Cbor.joined(head, Arrays.copyOfRange(map, 1, map.length));
  }

  private static byte[] signed(byte[] header, byte[] payload) {
    return Cbor.array(
        List.of(
            Cbor.text("Signature1"),
            Cbor.bytes(header),
            Cbor.bytes("".getBytes(StandardCharsets.US_ASCII)),
            Cbor.bytes(payload)));
  }

  private static void add(List<byte[]> fields, String name, byte[] value) {
    fields.add(Cbor.text(name));
    fields.add(value);
  }
}
