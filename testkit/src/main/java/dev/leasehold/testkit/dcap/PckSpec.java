package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.HexBytes;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/** What a PCK certificate is to say of its platform. */
record PckSpec(List<Integer> components, int pceSvn) {
  static final String SGX = "1.2.840.113741.1.13.1";
  static final HexBytes FMSPC = new HexBytes("00a51c000000");
  static final HexBytes PCE_ID = new HexBytes("0000");

  /** A platform that reaches the newest level. */
  static final PckSpec CURRENT = of(5);

  private static final HexBytes PPID = new HexBytes("51".repeat(16));

  static PckSpec of(int svn) {
    return new PckSpec(Collections.nCopies(16, svn), 13);
  }

  PckSpec withPceSvn(int other) {
    return new PckSpec(components, other);
  }

  PckSpec without(int count) {
    return new PckSpec(components.subList(0, components.size() - count), pceSvn);
  }

  /** The value of the SGX extension in DER. */
  byte[] extension() {
    ASN1EncodableVector tcb = new ASN1EncodableVector();
    for (int i = 0; i < components.size(); i++) {
      tcb.add(item("2." + (i + 1), new ASN1Integer(components.get(i))));
    }
    tcb.add(item("2.17", new ASN1Integer(pceSvn)));
    tcb.add(item("2.18", octets(new HexBytes("05".repeat(16)))));
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(item("1", octets(PPID)));
    all.add(item("2", new DERSequence(tcb)));
    all.add(item("3", octets(PCE_ID)));
    all.add(item("4", octets(FMSPC)));
    all.add(item("5", new ASN1Enumerated(1)));
    try {
      return new DERSequence(all).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DERSequence item(String suffix, ASN1Encodable value) {
    return new DERSequence(
        new ASN1Encodable[] {new ASN1ObjectIdentifier(SGX + "." + suffix), value});
  }

  private static DEROctetString octets(HexBytes value) {
    return new DEROctetString(value.bytes());
  }
}
