package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Window;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Collateral as Intel serves it, in every container, and what makes it believed. */
class IntelCollateralTest {
  private static final Anchors ANCHORS = PinnedAnchors.ANCHORS;
  private static final String BUNDLE = "tdx/90c0-eval18-2026-02.coll.json";
  private static final Instant NOW = Instant.parse("2026-02-20T12:00:00Z");

  static List<String> bundles() {
    return IntelCollateral.BUNDLES;
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void aBundleIsBelievedWithinItsWindowAlone(String file) throws Malformed {
    Collateral c = IntelCollateral.read(file);
    assertThat(c.revocations()).hasSize(2);
    assertThat(c.certificates()).hasSize(2);
    for (IntelStatement s : List.of(c.tcbInfos().getFirst(), c.qeIdentities().getFirst())) {
      assertThat(s.fault(ANCHORS, c.revocations(), s.nextUpdate())).isEmpty();
      assertThat(s.fault(ANCHORS, c.revocations(), s.issueDate())).isEmpty();
      assertThat(s.fault(ANCHORS, c.revocations(), s.nextUpdate().plusSeconds(1)))
          .map(Fault::expected)
          .hasValueSatisfying(e -> assertThat(e).startsWith(s.name() + " for "));
      assertThat(s.fault(ANCHORS, c.revocations(), s.issueDate().minusSeconds(1))).isPresent();
      assertThat(s.windows(ANCHORS, s.issueDate())).hasSize(3).contains(s.window());
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void intelListsItsLevelsNewestFirst(String file) throws Malformed {
    TcbInfo info = IntelCollateral.read(file).tcbInfos().getFirst();
    String json = IntelCollateral.text(file, "tcb_info");
    int at = json.indexOf("\"tcbLevels\":[{\"tcb\":{\"sgx");
    for (TcbLevel level : info.levels()) {
      at = json.indexOf("\"pcesvn\":" + level.pceSvn() + ",", at + 1);
      if (info.id().equals("SGX")) {
        at = json.indexOf("\"tcbDate\":\"" + level.tcbDate(), at);
      }
      assertThat(at).isPositive();
    }
  }

  @Test
  void fieldsAreReadAsExpected() throws Malformed {
    Collateral c = IntelCollateral.read(BUNDLE);
    TcbInfo info = c.tcbInfos().getFirst();
    assertThat(info.id()).isEqualTo("TDX");
    assertThat(info.version()).isEqualTo(3);
    assertThat(info.fmspc()).hasToString("90c06f000000");
    assertThat(info.pceId()).hasToString("0000");
    assertThat(info.tcbEvaluationDataNumber()).isEqualTo(18);
    assertThat(info.module()).isPresent();
    assertThat(info.moduleIdentities())
        .extracting(TdxModuleIdentity::id)
        .containsExactly("TDX_03", "TDX_01");
    assertThat(info.moduleIdentity(1).orElseThrow().levels())
        .extracting(IsvSvnLevel::isvSvn)
        .containsExactly(6, 4, 2);
    assertThat(info.moduleIdentity(2)).isEmpty();
    assertThat(info.levels().getFirst().status()).isEqualTo(TcbStatus.UP_TO_DATE);
    QeIdentity qe = c.qeIdentities().getFirst();
    assertThat(qe.id()).isEqualTo("TD_QE");
    assertThat(qe.isvProdId()).isEqualTo(2);
    assertThat(qe.mrSigner().hex()).startsWith("dc9e2a7c6f948f17");
    assertThat(qe.attributes().hex()).isEqualTo("11000000000000000000000000000000");
    assertThat(qe.attributesMask().hex()).isEqualTo("fbffffffffffffff0000000000000000");
    assertThat(qe.miscSelectMask().hex()).isEqualTo("ffffffff");
  }

  @Test
  void theAnswersOfTheServiceAreReadAsTheyCome() throws Malformed {
    Collateral info = IntelCollateral.read("tdx/v5-90c0-gce.tcbinfo.json");
    Collateral bundle = IntelCollateral.read(BUNDLE);
    Collateral apart =
        info.and(served("enclaveIdentity", "qe_identity"))
            .and(read("chain", IntelCollateral.text(BUNDLE, "tcb_info_issuer_chain")))
            .and(read("crl", IntelCollateral.text(BUNDLE, "root_ca_crl").toUpperCase(Locale.ROOT)));
    assertThat(apart.tcbInfos().getFirst().fault(ANCHORS, apart.revocations(), NOW)).isEmpty();
    assertThat(apart.qeIdentities().getFirst().fault(ANCHORS, apart.revocations(), NOW)).isEmpty();
    assertThat(info.tcbInfos().getFirst().fault(ANCHORS, bundle.revocations(), NOW))
        .map(Fault::got)
        .hasValue("no issuer chain");
    assertThat(bundle.and(info).tcbInfos().get(1).fault(ANCHORS, bundle.revocations(), NOW))
        .as("the bundle's issuer chains are its statements' own")
        .isPresent();
  }

  @Test
  void theSampleOfVersion2IsReadButNotBelieved() throws Malformed {
    Collateral c =
        IntelCollateral.read("sgx/synth-intel-tcbInfo.json")
            .and(IntelCollateral.read("sgx/synth-intel-qeIdentity.json"))
            .and(IntelCollateral.read("sgx/synth-intel-tcbSignChain.pem"))
            .and(IntelCollateral.read("sgx/synth-intel-rootCaCrl.der"));
    TcbInfo info = c.tcbInfos().getFirst();
    assertThat(info.version()).isEqualTo(2);
    assertThat(info.id()).isEqualTo("SGX");
    assertThat(info.levels()).hasSize(6).allMatch(l -> l.advisories().isEmpty());
    Instant now = Instant.parse("2026-02-20T12:00:00Z");
    assertThat(info.fault(ANCHORS, c.revocations(), now)).isPresent();
    X509Certificate root =
        IntelCollateral.read("sgx/synth-intel-trustedRootCaCert.pem").certificates().getFirst();
    Anchors theirs =
        new Anchors(List.of(new Anchor(AnchorRole.INTEL_SGX_ROOT, Certificates.fingerprint(root))));
    assertThat(info.fault(theirs, c.revocations(), now)).isEmpty();
    assertThat(c.qeIdentities().getFirst().fault(theirs, c.revocations(), now)).isEmpty();
    Anchors wrongRole =
        new Anchors(
            List.of(new Anchor(AnchorRole.NVIDIA_DEVICE_ROOT, Certificates.fingerprint(root))));
    assertThat(info.fault(wrongRole, c.revocations(), now)).isPresent();
  }

  @Test
  void revocationListsAreReadInEveryArmour() throws Malformed {
    RevocationList root = IntelCollateral.read(BUNDLE).revocations().get(1);
    String pem =
        "-----BEGIN X509 CRL-----\n"
            + Base64.getMimeEncoder().encodeToString(root.encoded())
            + "\n-----END X509 CRL-----\n";
    String hex = IntelCollateral.text(BUNDLE, "root_ca_crl");
    for (Collateral c :
        List.of(
            read("pem", pem),
            read("hex", hex + "\n"),
            CollateralFile.read("der", root.encoded()),
            read("both", pem + IntelCollateral.text(BUNDLE, "tcb_info_issuer_chain")))) {
      assertThat(c.revocations()).extracting(RevocationList::sha256).containsExactly(root.sha256());
    }
  }

  @Test
  void withoutARootListNothingIsBelieved() throws Malformed {
    Collateral c = IntelCollateral.read(BUNDLE);
    List<RevocationList> others = List.of(c.revocations().getFirst());
    Optional<Fault> fault = c.tcbInfos().getFirst().fault(ANCHORS, others, NOW);
    assertThat(fault)
        .map(Fault::expected)
        .hasValueSatisfying(e -> assertThat(e).startsWith("a revocation list of"));
  }

  @Test
  void aFileWithAnUnknownKeyIsRefused() {
    assertThatThrownBy(() -> read("x", "{\"root_ca_crI\":\"30\"}")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> read("x", "{}")).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> read("x", "{\"pck_crl_issuer_chain\":\"\"}"))
        .hasMessageContaining("certificates in PEM");
    assertThatThrownBy(() -> read("x", "{\"tcb_info_signature\":\"00\"}"))
        .hasMessageContaining("x.tcb_info: expected a string");
    assertThatThrownBy(() -> read("x", "{\"tcbInfo\":[],\"signature\":\"\"}"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void windowsBelongToWhatWasAsked() throws Malformed {
    Collateral c = IntelCollateral.read(BUNDLE);
    assertThat(c.tcbInfos().getFirst().windows(ANCHORS, NOW))
        .extracting(Window::what)
        .anyMatch(w -> w.contains("TCB Signing"))
        .anyMatch(w -> w.contains("Root CA"))
        .contains("TCB info TDX 90c06f000000");
  }

  private static Collateral served(String member, String key) throws Malformed {
    return read(
        member,
        "{\""
            + member
            + "\":"
            + IntelCollateral.text(BUNDLE, key)
            + ",\"signature\":\""
            + IntelCollateral.text(BUNDLE, key + "_signature")
            + "\"}");
  }

  private static Collateral read(String name, String text) throws Malformed {
    return CollateralFile.read(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
