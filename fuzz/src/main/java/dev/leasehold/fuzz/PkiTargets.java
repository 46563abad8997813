package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.DerReader;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import dev.leasehold.testkit.pki.OcspFlaw;
import dev.leasehold.testkit.pki.OcspForger;
import dev.leasehold.testkit.snp.SimulatedAmd;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** DER, certificates, revocation lists, keys, and the files a vendor serves. */
final class PkiTargets {
  private static final Instant NOW = Instant.parse("2026-02-20T00:00:00Z");

  static final List<Target> ALL =
      List.of(
          new Target("der", PkiTargets::ders, PkiTargets::der),
          new Target("certificate", PkiTargets::certificates, PkiTargets::certificate),
          new Target("certificate-file", PkiTargets::pems, PkiTargets::certificateFile),
          new Target("revocation-list", PkiTargets::lists, PkiTargets::revocationList),
          new Target("ocsp-answer", PkiTargets::answers, PkiTargets::ocspAnswer),
          new Target("ecdsa-key", PkiTargets::points, PkiTargets::point),
          new Target("sent-certificates", PkiTargets::pems, PkiTargets::sentCertificates),
          new Target("collateral-file", PkiTargets::files, PkiTargets::collateralFile));

  private PkiTargets() {}

  /** Made on first use. */
  private static final class Issuer {
    static final EcAuthority AUTHORITY =
        EcAuthority.root(
            "CN=SIMULATED issuer",
            Curve.P384,
            NOW.minus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(1)),
            2);
  }

  private static List<byte[]> certificates() throws Exception {
    SimulatedAmd amd = SimulatedAmd.shared();
    List<byte[]> out = new ArrayList<>(Vectors.all("snp", ".vcek.der", ".vlek.der"));
    out.addAll(Vectors.all("tpm", ".der"));
    out.add(Certificates.encoded(amd.ark()));
    for (byte[] pem : pems()) {
      Certificates.parseAny("seed", pem).stream().map(Certificates::encoded).forEach(out::add);
    }
    return out;
  }

  private static List<byte[]> pems() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("snp", ".pem"));
    out.addAll(Vectors.all("nvidia", "-root.pem", "h100-550.chain.pem"));
    out.addAll(Vectors.all("nitro", ".pem"));
    out.add(Certificates.encoded(SimulatedAmd.shared().ask()));
    return out;
  }

  private static List<byte[]> lists() {
    SimulatedAmd amd = SimulatedAmd.shared();
    return List.of(
        amd.revocations(NOW).encoded(), amd.revocations(NOW, amd.ask(), amd.ark()).encoded());
  }

  private static List<byte[]> answers() throws Exception {
    List<byte[]> out = new ArrayList<>(Vectors.all("nvidia", ".der"));
    EcAuthority issuer = Issuer.AUTHORITY;
    for (OcspFlaw flaw : List.of(OcspFlaw.NONE, OcspFlaw.REVOKED)) {
      out.add(new OcspForger(issuer).der(flaw, issuer.certificate(), NOW));
    }
    return out;
  }

  private static List<byte[]> ders() throws Exception {
    List<byte[]> out = new ArrayList<>(lists());
    out.add(Certificates.encoded(SimulatedAmd.shared().ask()));
    return out;
  }

  /** The generator of each curve. */
  private static List<byte[]> points() {
    return List.of(
        HexFormat.of()
            .parseHex(
                "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                    + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
        HexFormat.of()
            .parseHex(
                "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
                    + "5502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29"
                    + "f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f"));
  }

  private static List<byte[]> files() throws Exception {
    List<byte[]> out = new ArrayList<>(lists());
    out.addAll(pems());
    return out;
  }

  private static void der(byte[] input) throws Malformed {
    descend(new DerReader("input", input));
  }

  private static void descend(DerReader in) throws Malformed {
    while (in.hasMore()) {
      if (in.at(DerReader.SEQUENCE) || in.at(DerReader.SET)) {
        descend(in.constructed("in", in.at(DerReader.SET) ? DerReader.SET : DerReader.SEQUENCE));
      } else if (in.at(DerReader.OBJECT_IDENTIFIER)) {
        in.oid("oid");
      } else if (in.at(DerReader.INTEGER)) {
        in.integer("integer");
      } else if (in.at(DerReader.BIT_STRING)) {
        in.bitString("bits");
      } else if (in.at(DerReader.ENUMERATED)) {
        in.enumerated("enumerated");
      } else if (in.at(DerReader.BOOLEAN)) {
        in.bool("bool");
      } else if (in.at(DerReader.IA5_STRING)) {
        in.ia5String("text");
      } else if (in.at(DerReader.OCTET_STRING)) {
        in.octetString("octets");
      } else {
        in.any("other");
      }
    }
  }

  private static void certificate(byte[] input) throws Malformed {
    X509Certificate c = Certificates.parse("input", input);
    Target.require(Arrays.equals(Certificates.encoded(c), input), "a certificate is its bytes");
    Target.require(!Window.of(c).what().isEmpty(), "a window says of what");
  }

  private static void certificateFile(byte[] input) throws Malformed {
    for (X509Certificate c : Certificates.parseAny("input", input)) {
      certificate(Certificates.encoded(c));
    }
  }

  private static void sentCertificates(byte[] input) throws Malformed {
    Target.require(
        !EvidenceFile.certificates("input", input).isEmpty(), "a file that is read holds some");
  }

  private static void revocationList(byte[] input) throws Malformed {
    RevocationList list = RevocationList.parse("input", input);
    Target.require(Arrays.equals(list.encoded(), input), "a list is its bytes");
    X509Certificate ark = SimulatedAmd.shared().ark();
    list.fault(Vendor.AMD, ark, List.of(SimulatedAmd.shared().ask()), NOW);
  }

  private static void ocspAnswer(byte[] input) throws Malformed {
    OcspAnswer answer = OcspAnswer.parse("input", input);
    Target.require(Arrays.equals(answer.encoded(), input), "an answer is its bytes");
    Target.require(!answer.responses().isEmpty(), "an answer says something");
    X509Certificate issuer = Issuer.AUTHORITY.certificate();
    answer.fault(Vendor.NVIDIA, issuer, issuer, NOW);
  }

  private static void point(byte[] input) throws Malformed {
    Ecdsa curve = input.length > 64 ? Ecdsa.P384_SHA384 : Ecdsa.P256_SHA256;
    PublicKey key = curve.key("input", input);
    Target.require(!curve.verifies(key, input, input), "no key signs itself");
  }

  private static void collateralFile(byte[] input) throws Malformed {
    Target.require(
        !CollateralFile.read("input", input).equals(Collateral.NONE),
        "a file that is read holds something");
  }
}
