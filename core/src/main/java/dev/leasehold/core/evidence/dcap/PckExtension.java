package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.dcap.PckCertificate.SgxType;
import dev.leasehold.core.pki.DerReader;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the SGX extension of a PCK certificate: a sequence of (identifier, value) in the order of
 * Intel's specification, each once.
 */
final class PckExtension {
  private static final String SGX = "1.2.840.113741.1.13.1";
  private static final int COMPONENTS = 16;

  private final DerReader in;

  private PckExtension(DerReader in) {
    this.in = in;
  }

  static PckCertificate read(X509Certificate certificate, PublicKey key) throws Malformed {
    byte[] value = certificate.getExtensionValue(SGX);
    if (value == null) {
      throw new Malformed("PCK certificate", "extension " + SGX, "none");
    }
    DerReader octets = new DerReader("SGX extension", value);
    DerReader content = new DerReader("SGX extension", octets.octetString("value"));
    octets.end();
    PckExtension items = new PckExtension(content.sequence("items"));
    content.end();
    return items.read(key);
  }

  private PckCertificate read(PublicKey key) throws Malformed {
    HexBytes ppid = octets("PPID", "1", 16);
    PckExtension tcb = new PckExtension(item("TCB", "2").sequence("items"));
    List<Integer> components = new ArrayList<>();
    for (int i = 1; i <= COMPONENTS; i++) {
      components.add(tcb.integer("component " + i, "2." + i, 0xff));
    }
    int pceSvn = tcb.integer("PCESVN", "2.17", 0xffff);
    HexBytes cpuSvn = tcb.octets("CPUSVN", "2.18", 16);
    tcb.in.end();
    HexBytes pceId = octets("PCE-ID", "3", 2);
    HexBytes fmspc = octets("FMSPC", "4", 6);
    SgxType type = sgxType();
    Optional<HexBytes> instance =
        in.hasMore() ? Optional.of(octets("platform instance", "6", 16)) : Optional.empty();
    if (in.hasMore()) {
      configuration();
    }
    in.end();
    return new PckCertificate(
        key, ppid, new PckTcb(components, pceSvn), cpuSvn, pceId, fmspc, type, instance);
  }

  private SgxType sgxType() throws Malformed {
    DerReader item = item("SGX type", "5");
    int number = item.enumerated("value");
    item.end();
    return Arrays.stream(SgxType.values())
        .filter(t -> t.number() == number)
        .findFirst()
        .orElseThrow(
            () -> new Malformed("SGX extension.SGX type", "0 to 2", Integer.toString(number)));
  }

  /** Flags of platforms of several packages; nothing depends on them. */
  private void configuration() throws Malformed {
    DerReader flags = item("configuration", "7").sequence("items");
    while (flags.hasMore()) {
      DerReader flag = flags.sequence("item");
      flag.oid("identifier");
      flag.bool("value");
      flag.end();
    }
  }

  private int integer(String name, String suffix, int max) throws Malformed {
    DerReader item = item(name, suffix);
    int value = item.integer("value", max);
    item.end();
    return value;
  }

  private HexBytes octets(String name, String suffix, int length) throws Malformed {
    DerReader item = item(name, suffix);
    byte[] value = item.octetString("value");
    item.end();
    if (value.length != length) {
      throw new Malformed("SGX extension." + name, length + " bytes", value.length + " bytes");
    }
    return HexBytes.of(value);
  }

  /** The value of the next item, which must be this one. */
  private DerReader item(String name, String suffix) throws Malformed {
    DerReader item = in.sequence(name);
    String found = item.oid("identifier");
    String expected = SGX + "." + suffix;
    if (!found.equals(expected)) {
      throw new Malformed("SGX extension." + name, expected, found);
    }
    return item;
  }
}
