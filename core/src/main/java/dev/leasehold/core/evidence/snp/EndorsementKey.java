package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.DerReader;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Optional;

/**
 * What an endorsement certificate says about the key that signs reports: its kind, the product, the
 * TCB the key is derived from and, for a chip's own key, the chip.
 *
 * @param hardwareId of a VCEK: 64 bytes, on Turin 8
 * @param cloud the service provider a VLEK is loaded for
 */
public record EndorsementKey(
    Kind kind,
    String product,
    Tcb tcb,
    Optional<HexBytes> hardwareId,
    Optional<String> cloud,
    PublicKey key) {

  private static final String AMD = "1.3.6.1.4.1.3704.1.";
  private static final List<String> SPARE_V0 = List.of("3.4", "3.5", "3.6", "3.7");
  private static final List<String> SPARE_V1 = List.of("3.5", "3.6", "3.7");

  /** Derived from the chip, or loaded for a cloud. */
  public enum Kind {
    VCEK(0, "SEV-VCEK"),
    VLEK(1, "SEV-VLEK");

    private final int signingKey;
    private final String commonName;

    Kind(int signingKey, String commonName) {
      this.signingKey = signingKey;
      this.commonName = commonName;
    }

    /** The value of SIGNING_KEY in a report signed by such a key. */
    int signingKey() {
      return signingKey;
    }
  }

  /** Reads the extensions of an endorsement certificate; that it is genuine is for its chain. */
  public static EndorsementKey parse(X509Certificate c) throws Malformed {
    Kind kind = kind(c);
    int structure = integer(c, "1");
    boolean chip = kind == Kind.VCEK;
    forbidden(c, chip ? "5" : "4");
    return new EndorsementKey(
        kind,
        ia5String("productName", extension(c, "2")),
        tcb(c, structure),
        chip ? Optional.of(hardwareId(c, structure)) : Optional.empty(),
        chip ? Optional.empty() : Optional.of(ia5String("cspId", extension(c, "5"))),
        p384(c));
  }

  /** The chip as CHIP_ID writes it: 64 bytes, zero-padded. */
  Optional<HexBytes> chipId() {
    return hardwareId.map(id -> new HexBytes(id.hex() + "0".repeat(128 - id.hex().length())));
  }

  private static Kind kind(X509Certificate c) throws Malformed {
    String subject = c.getSubjectX500Principal().getName();
    for (Kind kind : Kind.values()) {
      if (subject.startsWith("CN=" + kind.commonName + ",")) {
        return kind;
      }
    }
    throw new Malformed("endorsement certificate", "subject SEV-VCEK or SEV-VLEK", subject);
  }

  private static Tcb tcb(X509Certificate c, int structure) throws Malformed {
    if (structure > 1) {
      throw new Malformed("structVersion", "0 or 1", Integer.toString(structure));
    }
    for (String spare : structure == 0 ? SPARE_V0 : SPARE_V1) {
      int value = integer(c, spare);
      if (value != 0) {
        throw new Malformed("spare TCB component " + spare, "0", Integer.toString(value));
      }
    }
    int fmc = structure == 0 ? 0 : integer(c, "3.9");
    return new Tcb(fmc, integer(c, "3.1"), integer(c, "3.2"), integer(c, "3.3"), integer(c, "3.8"));
  }

  /** Raw octets, not a DER value inside the extension's octet string. */
  private static HexBytes hardwareId(X509Certificate c, int structure) throws Malformed {
    byte[] raw = extension(c, "4");
    int expected = structure == 0 ? 64 : 8;
    if (raw.length != expected) {
      throw new Malformed("HWID", expected + " bytes", raw.length + " bytes");
    }
    return HexBytes.of(raw);
  }

  private static PublicKey p384(X509Certificate c) throws Malformed {
    if (c.getPublicKey() instanceof ECPublicKey key
        && key.getParams().getOrder().bitLength() == 384) {
      return key;
    }
    throw new Malformed("endorsement key", "a P-384 key", c.getPublicKey().getAlgorithm());
  }

  private static int integer(X509Certificate c, String suffix) throws Malformed {
    DerReader r = new DerReader(AMD + suffix, extension(c, suffix));
    int value = r.integer("value", 255);
    r.end();
    return value;
  }

  private static String ia5String(String field, byte[] der) throws Malformed {
    DerReader r = new DerReader(field, der);
    String text = r.ia5String("text");
    r.end();
    return text;
  }

  private static byte[] extension(X509Certificate c, String suffix) throws Malformed {
    byte[] value = c.getExtensionValue(AMD + suffix);
    if (value == null) {
      throw new Malformed("endorsement certificate", "extension " + AMD + suffix, "none");
    }
    DerReader r = new DerReader(AMD + suffix, value);
    byte[] octets = r.octetString("value");
    r.end();
    return octets;
  }

  private static void forbidden(X509Certificate c, String suffix) throws Malformed {
    if (c.getExtensionValue(AMD + suffix) != null) {
      throw new Malformed(
          "endorsement certificate", "no extension " + AMD + suffix, "one: two kinds in one key");
    }
  }
}
