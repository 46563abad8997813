package dev.leasehold.testkit.nvidia;

import dev.leasehold.testkit.pki.CertificateSpec;
import java.io.IOException;
import java.security.PublicKey;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The extensions by which a GPU's alias certificate names chip and firmware. */
final class AliasExtensions {
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final String DICE = "2.23.133.5.4.1";
  private static final ASN1ObjectIdentifier DMTF_DEVICE_INFO =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.412.274.1");

  private AliasExtensions() {}

  static CertificateSpec named(CertificateSpec spec, String manufacturer, String chip) {
    DERUTF8String text = new DERUTF8String(manufacturer + ":" + chip + ":48B02D0000000001");
    DERSequence other = sequence(DMTF_DEVICE_INFO, new DERTaggedObject(true, 0, text));
    return spec.withExtension(
        SUBJECT_ALTERNATIVE_NAME, der(sequence(new DERTaggedObject(false, 0, other))));
  }

  static CertificateSpec forFirmware(CertificateSpec spec, PublicKey device, byte[] fwid) {
    return spec.withExtension(
        DICE,
        der(
            sequence(
                new ASN1Integer(1),
                SubjectPublicKeyInfo.getInstance(device.getEncoded()),
                sequence(NISTObjectIdentifiers.id_sha384, new DEROctetString(fwid)))));
  }

  private static DERSequence sequence(ASN1Encodable... of) {
    return new DERSequence(of);
  }

  private static byte[] der(DERSequence value) {
    try {
      return value.getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
