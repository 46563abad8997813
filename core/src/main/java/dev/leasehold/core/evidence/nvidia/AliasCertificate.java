package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.DerReader;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the GPU's leaf certificate says of the key that signs reports: an alias key in the sense of
 * TCG DICE, derived for one chip and one firmware.
 *
 * @param chip {@code GH100}, say
 * @param serial of the chip, in hexadecimal as the certificate writes it
 * @param fwid digest of the firmware the key is for; absent in a certificate that is no alias's
 */
public record AliasCertificate(String chip, String serial, Optional<HexBytes> fwid, PublicKey key) {
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

  /** DMTF DSP0274 §10.6.1.4: manufacturer, product and serial number with colons between. */
  private static final String DMTF_DEVICE_INFO = "1.3.6.1.4.1.412.274.1";

  private static final String MANUFACTURER = "NVIDIA";

  /** TCG DICE: on Hopper it holds the older CompositeDeviceID under this number. */
  private static final String DICE_TCB_INFO = "2.23.133.5.4.1";

  private static final String DICE_TCB_INFO_BLACKWELL = "2.23.133.5.4.1.1";
  private static final int FWIDS = DerReader.context(6);
  private static final String SHA384 = "2.16.840.1.101.3.4.2.2";
  private static final int SHA384_BYTES = 48;

  public Architecture architecture() {
    return Architecture.ofChip(chip);
  }

  static AliasCertificate parse(X509Certificate c) throws Malformed {
    List<String> device = List.of(deviceInfo(c).split(":", -1));
    if (device.size() != 3 || !device.getFirst().equals(MANUFACTURER)) {
      throw new Malformed("device info", MANUFACTURER + ":chip:serial", device.toString());
    }
    return new AliasCertificate(device.get(1), device.get(2), fwid(c), c.getPublicKey());
  }

  private static String deviceInfo(X509Certificate c) throws Malformed {
    byte[] value = extension(c, SUBJECT_ALTERNATIVE_NAME);
    if (value == null) {
      throw new Malformed("GPU certificate", "a subject alternative name", "none");
    }
    DerReader names = whole("subject alternative name", value);
    DerReader other = names.constructed("otherName", DerReader.context(0));
    names.end();
    String type = other.oid("type");
    if (!type.equals(DMTF_DEVICE_INFO)) {
      throw new Malformed("subject alternative name", DMTF_DEVICE_INFO, type);
    }
    DerReader explicit = other.constructed("value", DerReader.context(0));
    other.end();
    String text = new String(explicit.value("text", DerReader.UTF8_STRING), StandardCharsets.UTF_8);
    explicit.end();
    return text;
  }

  private static Optional<HexBytes> fwid(X509Certificate c) throws Malformed {
    byte[] composite = extension(c, DICE_TCB_INFO);
    byte[] tcbInfo = extension(c, DICE_TCB_INFO_BLACKWELL);
    if (composite != null && tcbInfo != null) {
      throw new Malformed("GPU certificate", "one DICE extension", "two");
    }
    if (composite != null) {
      return Optional.of(ofCompositeDeviceId(composite));
    }
    return tcbInfo == null ? Optional.empty() : Optional.of(ofTcbInfo(tcbInfo));
  }

  /** {@code SEQUENCE { version 1, device key, FWID }}. */
  private static HexBytes ofCompositeDeviceId(byte[] der) throws Malformed {
    DerReader r = whole("CompositeDeviceID", der);
    int version = r.integer("version", 255);
    if (version != 1) {
      throw new Malformed("CompositeDeviceID.version", "1", Integer.toString(version));
    }
    r.sequence("deviceId");
    HexBytes fwid = fwid(r);
    r.end();
    return fwid;
  }

  /** The first of the layer's FWIDs; further ones are of firmware that is not there: zeros. */
  private static HexBytes ofTcbInfo(byte[] der) throws Malformed {
    DerReader r = whole("DiceTcbInfo", der);
    List<HexBytes> fwids = new ArrayList<>();
    while (r.hasMore()) {
      if (r.at(FWIDS)) {
        DerReader list = r.constructed("fwids", FWIDS);
        while (list.hasMore()) {
          fwids.add(fwid(list));
        }
      } else {
        r.any("field");
      }
    }
    if (fwids.isEmpty()) {
      throw new Malformed("DiceTcbInfo", "fwids", "none");
    }
    return fwids.getFirst();
  }

  private static HexBytes fwid(DerReader in) throws Malformed {
    DerReader r = in.sequence("FWID");
    String algorithm = r.oid("hashAlg");
    byte[] digest = r.octetString("digest");
    r.end();
    if (!algorithm.equals(SHA384) || digest.length != SHA384_BYTES) {
      throw new Malformed("FWID", "a SHA-384 digest", algorithm + ", " + digest.length + " bytes");
    }
    return HexBytes.of(digest);
  }

  private static DerReader whole(String field, byte[] der) throws Malformed {
    DerReader r = new DerReader(field, der);
    DerReader content = r.sequence("value");
    r.end();
    return content;
  }

  private static byte @Nullable [] extension(X509Certificate c, String oid) throws Malformed {
    byte[] value = c.getExtensionValue(oid);
    if (value == null) {
      return null;
    }
    DerReader r = new DerReader(oid, value);
    byte[] octets = r.octetString("value");
    r.end();
    return octets;
  }
}
