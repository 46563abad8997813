package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known must be there and be right; what is not known is passed over. */
class IntelObjectTest {
  private static final String TDX =
      IntelText.tdx(
          IntelText.isvLevel(4, "UpToDate", "SA-1"), IntelText.level(3, 3, 11, "UpToDate", "SA-2"));
  private static final String QE = IntelText.qe("QE", IntelText.isvLevel(4, "UpToDate", "SA-1"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "info.id                    | \"id\":\"TDX\",                | ",
        "info.id                    | \"id\":\"TDX\"                 | \"id\":\"TDY\"",
        "info.version               | \"version\":3                  | \"version\":4",
        "info.version               | \"version\":3                  | \"version\":\"3\"",
        "info.version               | \"version\":3                  | \"version\":3.0",
        "info.version               | \"version\":3,                 | ",
        "info.id                    | \"version\":3                  | \"version\":2",
        "info.issueDate             | 2026-01-01T00:00:00Z           | 2026-01-01T00:00:00+01:00",
        "info.issueDate             | 2026-01-01T00:00:00Z           | 2026-02-30T00:00:00Z",
        "info.issueDate             | 2026-01-01T00:00:00Z           | 2026-01-01",
        "info.nextUpdate            | \"nextUpdate\"                 | \"nextupdate\"",
        "info.fmspc                 | 90C06F000000                   | 90C06F0000",
        "info.fmspc                 | 90C06F000000                   | 90C06F00000g",
        "info.pceId                 | \"pceId\":\"0000\"             | \"pceId\":0",
        "info.tcbType               | \"tcbType\":0                  | \"tcbType\":1",
        "info.tcbType               | \"tcbType\":0,                 | ",
        "info.tcbEvaluationDataNumber | \"tcbEvaluationDataNumber\":18 | \"tcbEvaluationDataNumber\":-1",
        "info.tcbEvaluationDataNumber | \"tcbEvaluationDataNumber\":18 | \"tcbEvaluationDataNumber\":1e1",
        "info.tdxModule             | \"tdxModule\":                 | \"tdxmodule\":",
        "info.tdxModule.attributes  | \"attributes\":\"0000000000000000\" | \"attributes\":\"00\"",
        "info.tdxModuleIdentities[0].id | TDX_01                     | TDX_1",
        "info.tdxModuleIdentities[0].tcbLevels | {\"tcb\":{\"isvsvn\":4},\"tcbDate\":\"2025-02-01T00:00:00Z\",\"tcbStatus\":\"UpToDate\",\"advisoryIDs\":[\"SA-1\"]} | ",
        "info.tdxModuleIdentities[0].tcbLevels[0].tcb.isvsvn | \"isvsvn\":4 | \"isvsvn\":256",
        "info.tdxModuleIdentities[0].tcbLevels[0].tcbStatus | UpToDate | SWHardeningNeeded",
        "info.tdxModuleIdentities[0].tcbLevels[0].advisoryIDs | [\"SA-1\"] | \"SA-1\"",
        "info.tdxModuleIdentities[0].tcbLevels[0].advisoryIDs[0] | [\"SA-1\"] | [1]",
        "info.tcbLevels[0].tcb.sgxtcbcomponents | \"sgxtcbcomponents\":[{\"svn\":3}, | \"sgxtcbcomponents\":[",
        "info.tcbLevels[0].tcb.sgxtcbcomponents | \"sgxtcbcomponents\":[ | \"sgxtcbcomponents\":[{\"svn\":3},",
        "info.tcbLevels[0].tcb.sgxtcbcomponents[0].svn | \"sgxtcbcomponents\":[{\"svn\":3} | \"sgxtcbcomponents\":[{\"svn\":256}",
        "info.tcbLevels[0].tcb.sgxtcbcomponents[0].svn | \"sgxtcbcomponents\":[{\"svn\":3} | \"sgxtcbcomponents\":[{\"svn\":null}",
        "info.tcbLevels[0].tcb.sgxtcbcomponents[0] | \"sgxtcbcomponents\":[{\"svn\":3} | \"sgxtcbcomponents\":[3",
        "info.tcbLevels[0].tcb.tdxtcbcomponents | \"tdxtcbcomponents\":[{\"svn\":3}, | \"tdxtcbcomponents\":[",
        "info.tcbLevels[0].tcb.tdxtcbcomponents | tdxtcbcomponents             | tdxTcbComponents",
        "info.tcbLevels[0].tcb.pcesvn | \"pcesvn\":11                | \"pcesvn\":65536",
        "info.tcbLevels[0].tcbStatus  | \"tcbStatus\":\"UpToDate\",\"advisoryIDs\":[\"SA-2\"] | \"tcbStatus\":\"TDRelaunchAdvised\"",
        "info                       | \"version\":3                  | \"version\":3,\"version\":3",
        "info                       | {\"isvsvn\":4}                 | {\"isvsvn\":4,\"isvsvn\":4}",
      })
  void aTcbInfoThatIsWrongInOneKnownKeyIsRefused(String field, String part, String other) {
    assertThat(TDX).contains(part);
    int at = TDX.indexOf(part);
    String wrong =
        TDX.substring(0, at) + (other == null ? "" : other) + TDX.substring(at + part.length());
    assertThatThrownBy(() -> IntelText.tcbInfo(wrong))
        .isInstanceOfSatisfying(Malformed.class, m -> assertThat(m.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "identity.id             | \"id\":\"QE\"         | \"id\":\"QVE\"",
        "identity.version        | \"version\":2         | \"version\":1",
        "identity.miscselect     | \"miscselect\"        | \"miscSelect\"",
        "identity.miscselectMask | FFFFFFFF              | FFFFFF",
        "identity.attributes     | 11000000000000000000000000000000 | 110000000000000000000000000000",
        "identity.attributesMask | \"attributesMask\"    | \"attributesmask\"",
        "identity.mrsigner       | DCDC                  | DC",
        "identity.isvprodid      | \"isvprodid\":2       | \"isvprodid\":65536",
        "identity.tcbLevels      | \"tcbLevels\":[       | \"tcbLevels\":[],\"levels\":[",
        "identity.tcbLevels[0].tcb.isvsvn | \"isvsvn\":4 | \"isvsvn\":65536",
        "identity.tcbLevels[0].tcbDate | \"tcbDate\"     | \"tcbdate\"",
        "identity.tcbLevels[0].tcbStatus | UpToDate      | uptodate",
      })
  void aQeIdentityThatIsWrongInOneKnownKeyIsRefused(String field, String part, String other) {
    assertThat(QE).contains(part);
    String wrong = QE.replaceFirst(Pattern.quote(part), other);
    assertThatThrownBy(() -> IntelText.qeIdentity(wrong))
        .isInstanceOfSatisfying(Malformed.class, m -> assertThat(m.field()).isEqualTo(field));
  }

  @Test
  void whatIntelAddsIsPassedOver() throws Malformed {
    String more =
        TDX.replace("\"version\":3", "\"version\":3,\"tcbFuture\":{\"a\":[null,1.5,-2]}")
            .replace("{\"svn\":3}", "{\"svn\":3,\"category\":\"BIOS\",\"type\":\"X\",\"y\":[]}")
            .replace("\"isvsvn\":4", "\"isvsvn\":4,\"note\":\"n\"");
    assertThat(IntelText.tcbInfo(more).levels()).isEqualTo(IntelText.tcbInfo(TDX).levels());
  }

  @Test
  void whatIntelLeavesOutImprovesNothing() throws Malformed {
    String none = TDX.replace("\"tdxModuleIdentities\"", "\"tdxModuleIdentity\"");
    assertThat(IntelText.tcbInfo(none).moduleIdentities()).isEmpty();
    assertThat(IntelText.tcbInfo(TDX.replace("advisoryIDs", "advisories")).levels().getFirst())
        .extracting(TcbLevel::advisories)
        .isEqualTo(List.of());
  }

  @Test
  void oneModuleTwiceIsRefused() {
    String identity =
        TDX.substring(
            TDX.indexOf("{\"id\":\"TDX_01\""), TDX.indexOf("],\"tcbLevels\":[{\"tcb\":{\"sgx"));
    assertThatThrownBy(() -> IntelText.tcbInfo(TDX.replace(identity, identity + "," + identity)))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("twice");
  }

  @Test
  void anIsvSvnOf255IsTheModulesLargest() throws Malformed {
    assertThat(IntelText.tcbInfo(TDX.replace("\"isvsvn\":4", "\"isvsvn\":255")).moduleIdentities())
        .hasSize(1);
  }

  @Test
  void sizesAreBounded() {
    String advisories = "\"SA-2\"" + ",\"SA-2\"".repeat(600);
    assertThatThrownBy(() -> IntelText.tcbInfo(TDX.replace("\"SA-2\"", advisories)))
        .hasMessageContaining("at most 500 items");
    assertThatThrownBy(() -> IntelText.tcbInfo(TDX.replace("SA-2", "S".repeat(101))))
        .hasMessageContaining("at most 100 characters");
    String levels = IntelText.level(3, 3, 11, "UpToDate");
    String many =
        IntelText.sgx((levels + ("," + levels).repeat(100)).split("(?<=}),(?=\\{\"tcb\")"));
    assertThatThrownBy(() -> IntelText.tcbInfo(many)).hasMessageContaining("at most 100 items");
    assertThatThrownBy(() -> IntelText.tcbInfo(TDX + " ".repeat(256 * 1024)))
        .hasMessageContaining("at most 262144 bytes");
  }

  @Test
  void aSignatureHas64Bytes() {
    for (int length : new int[] {0, 63, 65, 72}) {
      assertThatThrownBy(
              () -> TcbInfo.parse("info", IntelText.bytes(TDX), new byte[length], List.of()))
          .hasMessageContaining("64 bytes");
    }
  }
}
