package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.Tcb;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** What a chip's endorsement certificate (VCEK) is to say, and how it is to be signed. */
record VcekSpec(
    Family family,
    String product,
    Tcb tcb,
    HexBytes chipId,
    PublicKey key,
    Validity validity,
    Signing signing) {
  private static final String AMD = "1.3.6.1.4.1.3704.1.";
  private static final int TURIN_HWID_BYTES = 8;

  VcekSpec withProduct(String other) {
    return new VcekSpec(family, other, tcb, chipId, key, validity, signing);
  }

  VcekSpec withValidity(Validity other) {
    return new VcekSpec(family, product, tcb, chipId, key, other, signing);
  }

  VcekSpec withSigning(Signing other) {
    return new VcekSpec(family, product, tcb, chipId, key, validity, other);
  }

  X509Certificate issue(Authority issuer) {
    X509v3CertificateBuilder b =
        issuer.builder(Authority.amdName("SEV-VCEK"), key, BigInteger.ZERO, validity);
    boolean turin = family == Family.TURIN;
    try {
      integer(b, "1", turin ? 1 : 0);
      add(b, "2", new DERIA5String(product));
      if (turin) {
        integer(b, "3.9", tcb.fmc());
      } else {
        integer(b, "3.4", 0);
      }
      integer(b, "3.1", tcb.bootloader());
      integer(b, "3.2", tcb.tee());
      integer(b, "3.3", tcb.snp());
      integer(b, "3.5", 0);
      integer(b, "3.6", 0);
      integer(b, "3.7", 0);
      integer(b, "3.8", tcb.microcode());
      byte[] hwid = turin ? Arrays.copyOf(chipId.bytes(), TURIN_HWID_BYTES) : chipId.bytes();
      b.addExtension(new ASN1ObjectIdentifier(AMD + "4"), false, hwid);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return issuer.sign(b, signing);
  }

  private static void integer(X509v3CertificateBuilder b, String suffix, int value)
      throws IOException {
    add(b, suffix, new ASN1Integer(value));
  }

  private static void add(X509v3CertificateBuilder b, String suffix, ASN1Encodable value)
      throws IOException {
    b.addExtension(new ASN1ObjectIdentifier(AMD + suffix), false, value);
  }
}
