package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.Tcb;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of items, and how each is asked for. */
class ItemTest {
  private static final HexBytes LONG = new HexBytes("ab".repeat(64));
  private static final HexBytes SHORT = new HexBytes("0123456789abcdef");

  private static final String PCS = "https://api.trustedservices.intel.com/";

  /** As the vendors document their services. */
  private static final Map<Item.Asked, String> ADDRESSES =
      Map.of(
          new IntelItem.TcbInfos(
              IntelItem.Technology.TDX, new HexBytes("90c06f000000"), IntelUpdate.STANDARD),
          PCS + "tdx/certification/v4/tcb?fmspc=90c06f000000&update=standard",
          new IntelItem.TcbInfos(
              IntelItem.Technology.SGX, new HexBytes("00606a000000"), new IntelUpdate("17")),
          PCS + "sgx/certification/v4/tcb?fmspc=00606a000000&tcbEvaluationDataNumber=17",
          new IntelItem.QuotingEnclave(IntelItem.Technology.SGX, new IntelUpdate("early")),
          PCS + "sgx/certification/v4/qe/identity?update=early",
          new IntelItem.PckRevocations(IntelItem.Authority.PROCESSOR),
          PCS + "sgx/certification/v4/pckcrl?ca=processor&encoding=der",
          new IntelItem.RootRevocations(),
          "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der",
          new AmdItem.Chain(Family.MILAN, EndorsementKey.Kind.VCEK),
          "https://kdsintf.amd.com/vcek/v1/Milan/cert_chain",
          new AmdItem.Chain(Family.GENOA, EndorsementKey.Kind.VLEK),
          "https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain",
          new AmdItem.Revocations(Family.TURIN),
          "https://kdsintf.amd.com/vcek/v1/Turin/crl",
          new AmdItem.Vcek(Family.MILAN, LONG, new Tcb(0, 4, 0, 24, 219)),
          "https://kdsintf.amd.com/vcek/v1/Milan/"
              + LONG
              + "?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219",
          new AmdItem.Vcek(Family.TURIN, SHORT, new Tcb(1, 2, 3, 4, 81)),
          "https://kdsintf.amd.com/vcek/v1/Turin/0123456789abcdef"
              + "?fmcSPL=1&blSPL=2&teeSPL=3&snpSPL=4&ucodeSPL=81");

  @Test
  void isAskedForAtItsAddress() {
    ADDRESSES.forEach(
        (item, address) -> assertThat(question(item).uri()).isEqualTo(URI.create(address)));
    assertThat(question(new NvidiaItem.ReferenceValues("NV_GPU_DRIVER_GH100_550.90.07")).uri())
        .hasToString("https://rim.attestation.nvidia.com/v1/rim/NV_GPU_DRIVER_GH100_550.90.07");
  }

  private static Question question(Item.Asked item) {
    try {
      return Sources.VENDORS.question(item, Optional.empty());
    } catch (Unproven e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvidia/rim/NV_GPU_DRIVER_GH100_550.90.07",
        "nvidia/rim/NV_GPU_VBIOS_1010_0200_882_96009F0001",
        "nvidia/ocsp/HASH",
        "nvidia/chain/HASH"
      })
  void ofNvidiasIsReadBackFromItsName(String id) throws Malformed {
    String fits = id.replace("HASH", "ab".repeat(32));
    assertThat(Item.parse(fits).id()).isEqualTo(fits);
  }

  @Test
  void aResponderIsAskedAboutACertificateThatIsProven() {
    Item.Asked status = new NvidiaItem.Status(new Hash("ab".repeat(32)));
    assertThatThrownBy(() -> Sources.VENDORS.question(status, Optional.empty()))
        .isInstanceOf(Unproven.class);
  }

  @Test
  void isReadBackFromItsName() throws Malformed {
    for (Item item : ADDRESSES.keySet()) {
      assertThat(Item.parse(item.id())).isEqualTo(item);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "amd",
        "amd/genoa",
        "amd/naples/crl",
        "amd/genoa/crl/",
        "amd/genoa/crl/..",
        "amd/genoa/../crl",
        "AMD/genoa/crl",
        "amd/turin/vcek/0123456789abcdef",
        "amd/turin/vcek/0123456789abcdef/1.2.3.4",
        "amd/turin/vcek/0123456789abcdef/1.2.3.4.05",
        "amd/turin/vcek/0123456789abcdef/1.2.3.4.+5",
        "amd/turin/vcek/0123456789ABCDEF/1.2.3.4.5",
        "amd/milan/vcek/0123456789abcdef/1.2.3.4.5",
        "intel/root-crl/x",
        "intel/pck-crl/root",
        "intel/sgx/tcb/00606A000000/standard",
        "intel/sgx/tcb/00606a000000/late",
        "intel/sgx/tcb/00606a000000/017",
        "intel/sev/qe/early",
        "nvidia",
        "nvidia/rim/NV_SWITCH_BIOS_5612_0002_890_96105E0001",
        "nvidia/rim/NV_GPU_DRIVER_GH100_550.90.07+x",
        "nvidia/rim/NV_GPU_DRIVER_GH100_550.90.07/..",
        "nvidia/rim/NV_GPU_DRIVER_?x=y",
        "nvidia/ocsp/ab",
        "nvidia/chain/AB",
        "vendor/other"
      })
  void isNothingUnderAnotherName(String id) {
    assertThatThrownBy(() -> Item.parse(id)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://kds.example", "ftp://127.0.0.1", "kds.example", "http://10.0.0.1"})
  void servicesAreAskedInPrivate(String uri) {
    URI https = URI.create("https://x.example");
    assertThatThrownBy(() -> new Sources(URI.create(uri), https, https, https, https, false))
        .hasMessageContaining("amdKds");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8081", "http://localhost:8081/", "http://[::1]:1"})
  void aServiceOfThisMachineMayBeAskedInTheClear(String uri) {
    URI here = URI.create(uri);
    assertThat(new Sources(here, here, here, here, here, false).amdKds()).isEqualTo(here);
  }
}
