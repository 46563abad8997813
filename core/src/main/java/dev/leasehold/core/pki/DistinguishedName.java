package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads names (RFC 5280 §4.1.2.4) from their DER, where nothing needs unescaping. */
final class DistinguishedName {
  private static final String COMMON_NAME = "2.5.4.3";

  private DistinguishedName() {}

  /** The only common name in it; empty when there is none or several. */
  static Optional<String> commonName(byte[] der) throws Malformed {
    List<String> found = new ArrayList<>();
    DerReader name = new DerReader("name", der).sequence("RDNSequence");
    while (name.hasMore()) {
      DerReader rdn = name.constructed("RelativeDistinguishedName", DerReader.SET);
      while (rdn.hasMore()) {
        DerReader attribute = rdn.sequence("AttributeTypeAndValue");
        if (attribute.oid("type").equals(COMMON_NAME)) {
          found.add(text(attribute));
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static String text(DerReader attribute) throws Malformed {
    int tag =
        attribute.at(DerReader.UTF8_STRING) ? DerReader.UTF8_STRING : DerReader.PRINTABLE_STRING;
    return new String(attribute.value("value", tag), StandardCharsets.UTF_8);
  }
}
