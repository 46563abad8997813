package dev.leasehold.core.evidence.dcap;

import static dev.leasehold.core.testing.Scale.NIGHTLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.testing.Fuzz;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte of the signed collateral under an accepted quote can change unnoticed. */
class DcapCollateralCorruptionTest {
  /** A signature in DER, with what stands before it. */
  private static final int TAIL = 80;

  static List<DcapVectors.Case> accepted() {
    return DcapVectors.accepted();
  }

  /** Rebuilds the collateral with one part of it replaced. */
  private interface Replacement {
    Collateral with(byte[] part) throws Malformed;
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyByteOfTheTcbInfoIsGuarded(DcapVectors.Case c) {
    TcbInfo info = c.collateral().tcbInfos().getFirst();
    IntelStatement.Signed s = info.signed();
    guarded(
        c,
        s.json().toArray(),
        0,
        json -> withTcbInfo(c, json, s.signature().toArray(), s.issuers()));
    guarded(
        c,
        s.signature().toArray(),
        TAIL,
        sig -> withTcbInfo(c, s.json().toArray(), sig, s.issuers()));
    guarded(
        c,
        signer(s),
        TAIL,
        der -> withTcbInfo(c, s.json().toArray(), s.signature().toArray(), replaced(s, der)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyByteOfTheQeIdentityIsGuarded(DcapVectors.Case c) {
    QeIdentity identity = c.collateral().qeIdentities().getFirst();
    IntelStatement.Signed s = identity.signed();
    guarded(
        c,
        s.json().toArray(),
        0,
        json -> withQeIdentity(c, json, s.signature().toArray(), s.issuers()));
    guarded(
        c,
        s.signature().toArray(),
        TAIL,
        sig -> withQeIdentity(c, s.json().toArray(), sig, s.issuers()));
    guarded(
        c,
        signer(s),
        TAIL,
        der -> withQeIdentity(c, s.json().toArray(), s.signature().toArray(), replaced(s, der)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void everyByteOfTheRevocationListsIsGuarded(DcapVectors.Case c) {
    List<RevocationList> lists = c.collateral().revocations();
    for (int i = 0; i < lists.size(); i++) {
      int index = i;
      guarded(
          c,
          lists.get(i).encoded(),
          TAIL,
          der -> {
            List<RevocationList> changed = new ArrayList<>(lists);
            changed.set(index, RevocationList.parse("list", der));
            return rest(c)
                .and(Collateral.ofRevocations(changed))
                .and(Collateral.ofTcbInfos(c.collateral().tcbInfos()))
                .and(Collateral.ofQeIdentities(c.collateral().qeIdentities()));
          });
    }
  }

  private static void guarded(DcapVectors.Case c, byte[] part, int tail, Replacement replacement) {
    assertThat(survives(c, part, replacement)).isTrue();
    assertThat(survives(c, Arrays.copyOf(part, part.length - 1), replacement)).isFalse();
    assertThat(survives(c, Arrays.copyOf(part, part.length + 1), replacement)).isFalse();
    int step = NIGHTLY ? 1 : 16;
    for (int i = 0; i < part.length; i += i < part.length - tail ? step : 1) {
      assertThat(survives(c, Fuzz.flipped(part, i), replacement)).as("byte %d", i).isFalse();
    }
  }

  private static boolean survives(DcapVectors.Case c, byte[] part, Replacement replacement) {
    try {
      return c.verify(c.quote(), replacement.with(part), c.inside()) instanceof Verdict.Genuine;
    } catch (Malformed e) {
      return false;
    }
  }

  private static Collateral withTcbInfo(
      DcapVectors.Case c, byte[] json, byte[] signature, List<X509Certificate> issuers)
      throws Malformed {
    return rest(c)
        .and(Collateral.ofRevocations(c.collateral().revocations()))
        .and(Collateral.ofTcbInfos(List.of(TcbInfo.parse("tcbInfo", json, signature, issuers))))
        .and(Collateral.ofQeIdentities(c.collateral().qeIdentities()));
  }

  private static Collateral withQeIdentity(
      DcapVectors.Case c, byte[] json, byte[] signature, List<X509Certificate> issuers)
      throws Malformed {
    QeIdentity identity = QeIdentity.parse("qeIdentity", json, signature, issuers);
    return rest(c)
        .and(Collateral.ofRevocations(c.collateral().revocations()))
        .and(Collateral.ofTcbInfos(c.collateral().tcbInfos()))
        .and(Collateral.ofQeIdentities(List.of(identity)));
  }

  private static Collateral rest(DcapVectors.Case c) {
    return Collateral.ofCertificates(c.collateral().certificates());
  }

  private static byte[] signer(IntelStatement.Signed s) {
    return Certificates.encoded(s.issuers().getFirst());
  }

  private static List<X509Certificate> replaced(IntelStatement.Signed s, byte[] signer)
      throws Malformed {
    List<X509Certificate> out = new ArrayList<>(s.issuers());
    out.set(0, Certificates.parse("signer", signer));
    return out;
  }
}
